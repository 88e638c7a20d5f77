import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { abandoned, networkName, ownerOf, parseNetworkName } from './owner.ts';

const here = 'pid:[4026531836]';
const identity = { pid: 4711, startedAt: '123456-9f1c' };
const owner = ownerOf(identity, here);

describe('the owner of a network namespace', () => {
  it('stands in its name', () => {
    const name = networkName(owner, '0a1b2c');
    assert.match(name, /^capt-rack-4026531836-4711-[0-9a-f]{12}-0a1b2c$/);
    assert.deepEqual(parseNetworkName(name), owner);
  });

  it('is nobody of ours where the name is not ours', () => {
    for (const name of [
      '',
      'blue',
      'capt-abc-node',
      'capt-rack-',
      'capt-rack-1-2-3-4',
      `${networkName(owner, '0a1b2c')}x`,
    ]) {
      assert.equal(parseNetworkName(name), undefined, name);
    }
  });

  it('has ended when nobody, or somebody else, has its pid', () => {
    const name = networkName(owner, '0a1b2c');
    assert.deepEqual(
      abandoned([name], here, () => identity),
      [],
    );
    assert.deepEqual(
      abandoned([name], here, () => undefined),
      [name],
    );
    assert.deepEqual(
      abandoned([name], here, () => ({ pid: 4711, startedAt: '123457-9f1c' })),
      [name],
    );
  });

  it('is left alone in other PID namespaces, and so are strangers', () => {
    const foreign = networkName({ ...owner, pidNamespace: '4026532000' }, '0a1b2c');
    assert.deepEqual(
      abandoned([foreign, 'blue', 'capt-1a2b3c-switch'], here, () => undefined),
      [],
    );
  });
});
