import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { runAgent } from '../../src/agent/run-agent.ts';
import { agentEvent } from '../../src/agent/telemetry.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { CertificateAuthority } from '../../src/kube/admission/certificate-authority.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { TestNamespace } from '../support/test-namespace.ts';

/** §9.5 of the original: TLS without an identity of the agent, and without a way to name an authority. */
describe('TLS between capt agent and the agent API (tink-agent transport/grpc: identity and CA option)', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let rig: AgentApiRig;
  let folder: string;
  let authority: CertificateAuthority;

  before(async () => {
    const shared = await TestNamespace.create('agent-tls-crds');
    await installCrds(shared.client, [Hardware, Workflow]);
    await shared[Symbol.asyncDispose]();
    authority = await CertificateAuthority.create({ name: 'rack' });
  });

  beforeEach(async () => {
    own = await TestNamespace.create('agent-tls');
    ({ client, name: namespace } = own);
    folder = mkdtempSync(join(tmpdir(), 'capt-agent-tls-'));
    await createRendered(client, {
      namespace,
      name: 'machine',
      agents: ['machine'],
      actions: [['PENDING']],
      action: { environment: { CMD_LINE: 'true' } },
    });
  });

  afterEach(async () => {
    await rig.stop();
    await own[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  async function serve({ hosts = ['127.0.0.1'], mutual = false } = {}): Promise<void> {
    const { cert, key } = await authority.issue({ hosts });
    rig = await AgentApiRig.start(client, namespace, {
      tls: { cert, key, ...(mutual ? { clientCa: authority.certificate } : {}) },
    });
  }

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const caFile = () => file('ca.pem', authority.certificate);

  async function identity(by: CertificateAuthority): Promise<string[]> {
    const { cert, key } = await by.issue({ hosts: ['machine'], usage: 'client' });
    return ['--grpc-cert-file', file('agent.crt', cert), '--grpc-key-file', file('agent.key', key)];
  }

  /** Runs the agent until the condition holds. @returns what it said */
  async function agent(flags: readonly string[], until: (said: string) => Promise<void> | void): Promise<void> {
    const said: string[] = [];
    const stopListening = agentEvent.subscribe((event) => said.push(JSON.stringify(event)));
    const controller = new AbortController();
    const args = ['--id', 'machine', '--grpc-server', rig.address, '--attribute-detection=false'];
    const all = [...args, '--backoff-max-interval', '50ms', '--state-file', join(folder, 'state', 'agent.json')];
    const run = runAgent([...all, ...flags], {}, controller.signal);
    run.catch(() => {});
    try {
      await eventually(() => until(said.join('\n')));
    } finally {
      controller.abort();
      await run;
      stopListening();
    }
  }

  const works = async () => {
    const { status } = await client.get(Workflow, { namespace, name: 'machine' });
    assert.equal(status?.state, 'POST');
  };
  const isRefused = (pattern: RegExp) => async (said: string) => {
    assert.match(said, pattern);
    const { status } = await client.get(Workflow, { namespace, name: 'machine' });
    assert.equal(status?.tasks?.[0]?.actions[0]?.state, 'PENDING');
  };

  it('trusts the authority of --grpc-ca-file, which alone turns TLS on', async () => {
    await serve();
    await agent(['--grpc-ca-file', caFile()], works);
  });

  it('does not trust a server that the authority does not know, nor one of another name', async () => {
    const other = file('other.pem', (await CertificateAuthority.create({ name: 'other' })).certificate);
    await serve();
    await agent(['--grpc-ca-file', other], isRefused(/certificate/));
    await agent(['--grpc-tls'], isRefused(/certificate/));
    await rig.stop();
    await serve({ hosts: ['elsewhere.example'] });
    await agent(['--grpc-ca-file', caFile()], isRefused(/altnames/));
  });

  it('takes any certificate with --grpc-insecure-tls', async () => {
    await serve({ hosts: ['elsewhere.example'] });
    await agent(['--grpc-tls', '--grpc-insecure-tls'], works);
  });

  it('speaks to no TLS server in the clear', async () => {
    await serve();
    await agent([], isRefused(/UNAVAILABLE/));
  });

  it('shows its certificate to a server that asks for it', async () => {
    await serve({ mutual: true });
    await agent(['--grpc-ca-file', caFile(), ...(await identity(authority))], works);
  });

  it('is not served without a certificate, or with one of another authority', async () => {
    await serve({ mutual: true });
    await agent(['--grpc-ca-file', caFile()], isRefused(/UNAVAILABLE/));
    const other = await CertificateAuthority.create({ name: 'other' });
    await agent(['--grpc-ca-file', caFile(), ...(await identity(other))], isRefused(/UNAVAILABLE/));
  });

  it('says which file it cannot read or use', async () => {
    await serve();
    const flags = ['--id', 'machine', '--grpc-server', rig.address, '--state-file', join(folder, 'agent.json')];
    const run = (...more: string[]) => runAgent([...flags, ...more], {}, AbortSignal.abort());
    await assert.rejects(run('--grpc-ca-file', join(folder, 'none.pem')), /ENOENT.*none\.pem/);
    await assert.rejects(run('--grpc-cert-file', caFile()), /--grpc-cert-file and --grpc-key-file belong together/);
  });
});
