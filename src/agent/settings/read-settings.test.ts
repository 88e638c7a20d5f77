import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { parseKernelArguments } from './kernel-arguments.ts';
import { readSettings, type SettingsSource, settingsHelp } from './read-settings.ts';
import { durationSeconds } from './settings.ts';

const enough = ['--id', 'flag', '--grpc-server', 'flag:1'];
const read = (source: Partial<SettingsSource>) => readSettings({ args: [], env: {}, kernelArguments: '', ...source });

function problemsOf(source: Partial<SettingsSource>): string {
  try {
    read(source);
  } catch (error) {
    assert.ok(error instanceof CaptError && error.code === 'AGENT_SETTINGS_INVALID');
    return error.message;
  }
  assert.fail('nothing was thrown');
}

describe('settings of the agent', () => {
  it('takes older variables before flags before variables before kernel arguments before defaults', () => {
    const kernelArguments = 'worker_id=kernel grpc_authority=kernel:1 tinkerbell_tls=true';
    const variables = { AGENT_ID: 'variable', AGENT_GRPC_SERVER: 'variable:1' };
    const older = { ID: 'older', WORKER_ID: 'oldest', TINKERBELL_GRPC_AUTHORITY: 'older:1' };
    const of = (source: Partial<SettingsSource>) => {
      const { id, server, tls } = read(source);
      return [id, server, tls];
    };
    assert.deepEqual(of({ kernelArguments }), ['kernel', 'kernel:1', true]);
    assert.deepEqual(of({ kernelArguments, env: variables }), ['variable', 'variable:1', true]);
    assert.deepEqual(of({ kernelArguments, env: variables, args: enough }), ['flag', 'flag:1', true]);
    assert.deepEqual(of({ kernelArguments, env: { ...variables, ...older }, args: enough }), [
      'oldest',
      'older:1',
      true,
    ]);
  });

  it('has the defaults of the original', () => {
    assert.deepEqual(read({ args: enough }), {
      id: 'flag',
      server: 'flag:1',
      tls: false,
      insecureTls: false,
      attributes: true,
      backoffMaxSeconds: 5,
      stateFile: '/run/capt/agent.json',
      logLevel: 'info',
      registry: { name: '', user: '', password: '' },
      ignored: [],
    });
  });

  it('takes the hardware address of the machine when it has no other identity', () => {
    const kernelArguments = 'hw_addr=02:00:00:00:00:01 grpc_authority=10.0.0.1:42113';
    assert.equal(read({ kernelArguments }).id, '02:00:00:00:00:01');
    assert.equal(read({ kernelArguments: `${kernelArguments} worker_id=w` }).id, 'w');
  });

  it('reads flags with one dash as Go does, and older names of them', () => {
    const args = [
      '-id=a',
      '-tinkerbell-grpc-authority',
      'b:1',
      '-grpc-tls',
      '-tinkerbell-insecure-tls=true',
      '-runtime',
      'containerd',
    ];
    const { id, server, tls, insecureTls, ignored } = read({ args });
    assert.deepEqual([id, server, tls, insecureTls, ignored], ['a', 'b:1', true, true, ['--runtime']]);
  });

  it('ignores older variables that are no boolean, as the original does', () => {
    assert.equal(read({ args: enough, env: { TINKERBELL_TLS: 'maybe' } }).tls, false);
    assert.match(
      problemsOf({ args: enough, env: { AGENT_GRPC_TLS: 'maybe' } }),
      /AGENT_GRPC_TLS is "maybe", but must be true or false/,
    );
  });

  it('§9.5 grpc.go:152: takes a certificate authority and an identity, and means TLS then', () => {
    const args = [...enough, '--grpc-ca-file', '/ca', '--grpc-cert-file', '/crt', '--grpc-key-file', '/key'];
    const { tls, caFile, certificateFile, keyFile } = read({ args });
    assert.deepEqual([tls, caFile, certificateFile, keyFile], [true, '/ca', '/crt', '/key']);
    assert.match(problemsOf({ args: [...enough, '--grpc-cert-file', '/crt'] }), /belong together/);
  });

  it('§6.1: takes the name of a transport in any case, and refuses those it has not', () => {
    assert.ok(read({ args: [...enough, '--transport', 'GRPC'] }));
    assert.match(problemsOf({ args: [...enough, '--transport', 'NATS'] }), /--transport is "NATS", but must be grpc/);
  });

  it('tells all problems at once', () => {
    const message = problemsOf({
      args: ['--nonsense', 'word', '--backoff-max-interval', '5 parsecs', '--state-file', 'x', '--log-level'],
    });
    for (const part of [
      'no flag --nonsense',
      'no flag "word"',
      '5 parsecs',
      '--state-file',
      '--log-level needs',
      '--id is',
      '--grpc-server is',
    ]) {
      assert.ok(message.includes(part), part);
    }
  });

  it('reads kernel arguments as the kernel does: quotes, the last of a name, no value', () => {
    const values = parseKernelArguments('quiet a=1 b="x y" "c=1 2" a=2 worker_id= d=e=f \n');
    assert.deepEqual(Object.fromEntries(values), { quiet: '', a: '2', b: 'x y', c: '1 2', worker_id: '', d: 'e=f' });
    assert.deepEqual([...parseKernelArguments('"')], [['', '']]);
  });

  it('appendix A: a known kernel argument without = is as good as absent', () => {
    assert.match(problemsOf({ kernelArguments: 'worker_id grpc_authority' }), /--id is missing/);
  });

  it('reads times as Go writes them', () => {
    assert.deepEqual(['5s', '1m30s', '500ms', '0.5s', '2h'].map(durationSeconds), [5, 90, 0.5, 0.5, 7200]);
    for (const text of ['', '5', 's', '-5s', '5s ', '1e9s']) assert.equal(durationSeconds(text), undefined, text);
  });

  it('lists everything in its help, but no secret', () => {
    assert.match(
      settingsHelp(),
      /--grpc-server <host:port> .*\n +also AGENT_GRPC_SERVER, TINKERBELL_GRPC_AUTHORITY, grpc_authority/,
    );
  });
});
