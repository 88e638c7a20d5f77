import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { differences, overrideOf } from './override.ts';

const boot = (Enabled: unknown, Target: unknown, Mode?: unknown) => ({
  BootSourceOverrideEnabled: Enabled,
  BootSourceOverrideTarget: Target,
  ...(Mode === undefined ? {} : { BootSourceOverrideMode: Mode }),
});

describe('a boot override', () => {
  it('is read as far as it goes', () => {
    const table: [unknown, unknown][] = [
      [boot('Once', 'Pxe', 'UEFI'), { active: true, persistent: false, device: 'pxe', efiBoot: true }],
      [boot('Continuous', 'Hdd', 'Legacy'), { active: true, persistent: true, device: 'disk', efiBoot: false }],
      [boot('Once', 'Diags'), { active: true, persistent: false }],
      [boot('Disabled', 'Pxe', 'UEFI'), { active: false }],
      [boot('Once', 'None', 'UEFI'), { active: false }],
      [boot(null, 7), { active: false }],
      [undefined, { active: false }],
    ];
    for (const [given, state] of table) assert.deepEqual(overrideOf(given), state);
  });

  it('is compared with what was written, property by property', () => {
    const written = {
      BootSourceOverrideTarget: 'Pxe',
      BootSourceOverrideEnabled: 'Once',
      BootSourceOverrideMode: 'UEFI',
    } as const;
    assert.deepEqual(differences(boot('Once', 'Pxe', 'UEFI'), written), []);
    assert.deepEqual(differences(boot('Disabled', 'Pxe', 'Legacy'), written), [
      'BootSourceOverrideEnabled is Disabled, not Once',
      'BootSourceOverrideMode is Legacy, not UEFI',
    ]);
    assert.deepEqual(differences({}, { BootSourceOverrideTarget: 'Pxe', BootSourceOverrideEnabled: 'Once' }), [
      'BootSourceOverrideTarget is absent, not Pxe',
      'BootSourceOverrideEnabled is absent, not Once',
    ]);
  });
});
