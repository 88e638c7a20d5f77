import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'mocha';
import { identifyProcess, isAlive, ownIdentity, parseStartTicks, signalProcess } from './identity.ts';

describe('the identity of a process', () => {
  it('is read from /proc even when its name holds blanks and parentheses', () => {
    const rest = Array.from({ length: 18 }, (_, index) => index).join(' ');
    assert.equal(parseStartTicks(`42 (a) b (c) S ${rest} 777 0 0\n`), '777');
    assert.equal(parseStartTicks(`42 (dead) Z ${rest} 777 0 0\n`), undefined);
    assert.equal(parseStartTicks(''), undefined);
  });

  it('holds for this process and not for another with its pid', () => {
    const own = ownIdentity();
    assert.equal(own.pid, process.pid);
    assert.ok(isAlive(own));
    assert.ok(!isAlive({ ...own, startedAt: '1-another-boot' }));
  });

  it('ends with the process, and no signal goes to whoever has the pid by then', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identifyProcess(child.pid ?? 0);
    assert.ok(identity !== undefined);
    assert.equal(signalProcess({ ...identity, startedAt: 'a stranger' }, 'SIGKILL'), false);
    assert.ok(isAlive(identity));
    assert.equal(signalProcess(identity, 'SIGKILL'), true);
    await once(child, 'exit');
    assert.ok(!isAlive(identity));
    assert.equal(signalProcess(identity, 'SIGKILL'), false);
  });
});
