import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import type { Runnable } from '../../kube/manager/runnable.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { addServeFlags, type ServeFlags } from './flags.ts';
import { addWebhooks } from './webhooks.ts';

function parse(...parameters: string[]): ServeFlags {
  const command = addServeFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(parameters, { from: 'user' }).opts<ServeFlags>();
}

describe('webhooks of capt serve', () => {
  let directory: string;
  let added: Runnable[];
  let warnings: unknown[];
  let unsubscribe: () => void;
  const add = (flags: ServeFlags) => addWebhooks({ addWebhooks: (runnable) => added.push(runnable) }, flags);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'capt-webhooks-'));
    added = [];
    warnings = [];
    unsubscribe = runtimeWarning.subscribe(({ error }) => warnings.push((error as CaptError).code));
  });
  afterEach(async () => {
    unsubscribe();
    await rm(directory, { recursive: true });
  });

  it('listen where CAPT listens', () => {
    const { webhookPort, webhookHost, webhookCertDir } = parse();
    assert.deepEqual([webhookPort, webhookHost, webhookCertDir], [9443, undefined, undefined]);
  });

  it('are off where nobody named a certificate directory and there is no certificate, and say so', () => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = directory;
    try {
      add(parse());
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    assert.deepEqual([added, warnings], [[], ['WEBHOOKS_OFF']]);
  });

  it('fail where a directory was named that holds no certificate', async () => {
    add(parse('--webhook-cert-dir', directory, '--webhook-port', '0', '--webhook-host', '127.0.0.1'));
    const [server] = added;
    await assert.rejects(
      async () => server?.run(new AbortController().signal, () => {}),
      (error: CaptError) => error.code === 'SERVING_CERTIFICATE_UNUSABLE',
    );
    assert.deepEqual(warnings, []);
  });
});
