import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { networkCommands } from './plan.ts';

describe('the plan of the network of a rack', () => {
  const commands = networkCommands({ name: 'ns', address: '192.0.2.1/24', taps: ['tap0', 'tap1'] }).map((words) =>
    words.join(' '),
  );

  it('makes nothing outside the namespace', () => {
    assert.equal(commands[0], 'netns add ns');
    for (const command of commands.slice(1)) assert.match(command, /^-n ns /);
  });

  it('can be for the network that a process has', () => {
    const [first] = networkCommands({ name: 'ns', address: '192.0.2.1/24', taps: [], of: 4711 });
    assert.deepEqual(first, ['netns', 'attach', 'ns', '4711']);
  });

  it('has room for the addresses of BMCs', () => {
    const more = networkCommands({ name: 'ns', address: '192.0.2.1/24', taps: [], addresses: ['192.0.2.9'] });
    assert.ok(more.some((words) => words.join(' ') === '-n ns address add 192.0.2.9/32 dev rack0'));
  });

  it('plugs every tap into the bridge, which has the address', () => {
    assert.ok(commands.includes('-n ns address add 192.0.2.1/24 dev rack0'));
    for (const tap of ['tap0', 'tap1']) {
      const own = commands.filter((command) => command.includes(tap));
      assert.deepEqual(own, [
        `-n ns tuntap add dev ${tap} mode tap`,
        `-n ns link set ${tap} master rack0`,
        `-n ns link set ${tap} up`,
      ]);
    }
  });
});
