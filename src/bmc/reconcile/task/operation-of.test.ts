import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Action } from '../../../api/bmc/v1alpha1/action.ts';
import { defaultBmcSettings } from '../settings.ts';
import { decideBoot } from './boot-operation.ts';
import { decideMedia } from './media-operation.ts';
import { operationOf } from './operation-of.ts';

const whatOf = (action: Action) => operationOf(action, defaultBmcSettings).what;

describe('what an action asks for', () => {
  const rows: [Action, string][] = [
    [{ powerAction: 'on' }, 'switch the power on'],
    [{ powerAction: 'status' }, 'tell its power state'],
    [{ oneTimeBootDeviceAction: { device: ['PXE', 'disk'], efiBoot: true } }, 'boot from pxe by UEFI once'],
    [{ bootDevice: { device: 'disk', persistent: true } }, 'boot from disk by BIOS for good'],
    [{ virtualMediaAction: { kind: 'CD', mediaURL: '' } }, 'empty the virtual CD drive'],
    [
      { virtualMediaAction: { kind: 'CD', mediaURL: 'http://user:secret@host/a.iso?token=secret' } },
      'insert http://host/a.iso into the virtual CD drive',
    ],
  ];
  for (const [action, what] of rows) it(what, () => assert.equal(whatOf(action), what));

  const faults: [Action, RegExp][] = [
    [{}, /names nothing to do/],
    [{ oneTimeBootDeviceAction: { device: [] } }, /an empty list/],
    [{ bootDevice: {} }, /bootDevice\.device is missing/],
    [{ bootDevice: { device: 'tape' } }, /"tape" is not one of pxe/],
    [{ virtualMediaAction: { kind: '' } }, /kind is empty/],
  ];
  for (const [action, message] of faults) {
    it(`is nothing that can be done: ${message.source}`, () => assert.throws(() => whatOf(action), message));
  }
});

const attempt = { count: 1, at: '2026-01-01T00:00:00.000Z', before: 'none' };
const limits = { setAttempts: 3, readBackSeconds: 3 };

describe('what to do about the boot device', () => {
  const wanted = { device: 'pxe', efiBoot: true, persistent: false } as const;
  const verdict = (...[reading, made, sinceSeconds = 0]: [object | undefined, object?, number?]) =>
    decideBoot(wanted, { reading: reading as never, attempt: made && { ...attempt, ...made }, sinceSeconds }, limits)
      .type;
  const rows: [string, string, string][] = [
    ['sets it even where it reads right', verdict({ active: true, ...wanted }), 'send'],
    ['is done when it reads right', verdict({ active: true, ...wanted }, {}), 'done'],
    ['compares only what the BMC tells', verdict({ active: true, device: 'pxe' }, {}), 'done'],
    ['gives the BMC a moment', verdict({ active: false }, {}, 2), 'wait'],
    ['sets it again when it was forgotten', verdict({ active: false }, {}, 3), 'send'],
    ['names a BMC that always forgets it', verdict({ active: false }, { count: 3, taken: true }, 3), 'fail'],
    [
      'takes BIOS for what it is not',
      verdict({ active: true, ...wanted, efiBoot: false }, { count: 3, taken: true }, 3),
      'fail',
    ],
    ['is done where the BMC tells the device only', verdict({ active: false, device: 'pxe' }, { taken: true }), 'done'],
    ['is not where nobody knows whether it took it', verdict({ active: false, device: 'pxe' }, {}, 3), 'send'],
    ['is not where it tells another', verdict({ active: false, device: 'disk' }, { count: 3, taken: true }, 3), 'fail'],
    ['takes a BMC at its word that cannot tell', verdict(undefined, { taken: true }), 'done'],
    ['sets it again when nobody knows', verdict(undefined, {}), 'send'],
  ];
  for (const [name, got, expected] of rows) it(name, () => assert.equal(got, expected));
});

describe('what to do about a virtual drive', () => {
  const url = 'http://images.test/a.iso';
  const verdict = (want: string | undefined, inside: string | undefined, made?: object, sinceSeconds = 0) =>
    decideMedia(
      want === undefined ? { kind: 'CD' } : { kind: 'CD', url: want },
      {
        reading: [{ kind: 'cd', ...(inside === undefined ? {} : { url: inside }) }],
        attempt: made && { ...attempt, ...made },
        sinceSeconds,
      },
      limits,
    ).type;
  const rows: [string, string, string][] = [
    ['leaves alone what is in', verdict(url, url), 'done'],
    ['knows a URL without its login', verdict('http://a:b@images.test/a.iso', url), 'done'],
    ['replaces another image', verdict(url, 'http://images.test/b.iso'), 'send'],
    ['leaves alone what is empty', verdict(undefined, undefined), 'done'],
    ['ejects', verdict(undefined, url), 'send'],
    ['tries again', verdict(undefined, url, {}, 3), 'send'],
    ['names a BMC that does nothing', verdict(url, undefined, { count: 3, taken: true }, 3), 'fail'],
    ['does not blame it for requests that were lost', verdict(url, undefined, { count: 3 }, 3), 'send'],
  ];
  for (const [name, got, expected] of rows) it(name, () => assert.equal(got, expected));
});
