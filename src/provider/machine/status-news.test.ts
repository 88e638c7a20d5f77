import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { TinkerbellMachineStatus } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { StatusNews } from './status-news.ts';

function status(reason: string, message = '', more: Partial<TinkerbellMachineStatus> = {}): TinkerbellMachineStatus {
  const value = reason === 'Ready' ? 'True' : 'False';
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  return { conditions: [{ type: 'Ready', status: value, reason, message, lastTransitionTime }], ...more };
}

const paused = { type: 'Paused', status: 'True', reason: 'Paused', message: '', lastTransitionTime: '' } as const;

describe('what is told about a machine', () => {
  let news: StatusNews;
  const wait = (
    seconds: number,
    before: TinkerbellMachineStatus | undefined,
    now: TinkerbellMachineStatus,
    key = 'ns/m',
  ) => news.heldBackSeconds(key, before, now, seconds * 1000);

  beforeEach(() => {
    news = new StatusNews({ settleSeconds: 5, quietSeconds: 20, progressSeconds: 30 });
  });

  it('is told at once: Ready or not any more, pausing, a failure for good', () => {
    assert.equal(wait(0, status('Provisioning'), status('Ready')), 0);
    assert.equal(wait(0, status('Ready'), status('HardwareLost')), 0);
    assert.equal(wait(0, undefined, { conditions: [paused] }), 0);
    assert.equal(wait(0, status('Provisioning'), status('ProvisioningFailed', '', { errorReason: 'CreateError' })), 0);
  });

  it('waits a moment with another reason to wait, counted from the first that was not told', () => {
    assert.equal(wait(10, undefined, status('WaitingForMachine')), 20);
    assert.equal(wait(12, undefined, status('WaitingForHardware')), 3);
    assert.equal(wait(13, undefined, status('Provisioning')), 17);
    news.told('ns/m', 15_000);
    assert.equal(wait(16, status('Provisioning'), status('HardwareLost')), 5);
    assert.equal(wait(17, status('Provisioning'), status('Provisioning', 'x')), 28);
    assert.equal(wait(60, status('Provisioning'), status('HardwareLost')), 5);
  });

  it('is told how far it is now and then, the seldomer the more machines are on their way', () => {
    const [before, now] = [status('Provisioning', 'one'), status('Provisioning', 'two')];
    assert.equal(wait(0, before, now), 0);
    news.told('ns/m', 0);
    assert.equal(wait(10, before, now), 20);
    for (let index = 0; index < 499; index += 1) wait(10, undefined, now, `ns/m${index}`);
    assert.equal(wait(10, before, now), 90);
    for (let index = 0; index < 499; index += 1) wait(10, undefined, status('Ready'), `ns/m${index}`);
    assert.equal(wait(10, before, now), 20);
    news.forget('ns/m');
    assert.equal(wait(10, before, now), 0);
  });
});
