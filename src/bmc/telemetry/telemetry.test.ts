import assert from 'node:assert/strict';
import { Registry } from '@prometheus-io/client';
import { describe, it } from 'mocha';
import type { RuntimeLogger } from '../../kube/telemetry/logs.ts';
import { BmcError } from '../bmc-error.ts';
import { FakeTaskService } from '../reconcile/task/fake-service.ts';
import { logBmc } from './logs.ts';
import { measureBmc } from './metrics.ts';

describe('what the dealings with BMCs tell', () => {
  it('are commands, troubles and numbers, without a password', async () => {
    const lines: string[] = [];
    const write = (level: string) => (fields: unknown, text: string) => {
      lines.push(`${level} ${text} ${JSON.stringify(fields)}`);
    };
    const logger = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, write(level)]));
    const registry = new Registry();
    const stops = [logBmc(logger as unknown as RuntimeLogger), measureBmc(registry)];
    const service = new FakeTaskService({ powerAction: 'on' });
    const { password } = service.bmc.login;
    let opened = 0;
    service.onStep = (step) => {
      if (step === 'before open' && opened++ === 0) throw new BmcError('unreachable', `no route for ${password}`);
    };
    await service.live();
    for (const stop of stops) stop();
    assert.equal(service.outcome, 'Completed');
    assert.match(lines.join('\n'), /^warn BMC gives no answer .*"kind":"unreachable".*"failures":1/m);
    assert.match(lines.join('\n'), /^info BMC called .*"call":"power on".*"outcome":"ok"/m);
    assert.equal(lines.filter((line) => line.startsWith('info')).length, 1);
    assert.ok(!lines.join('\n').includes(password));
    const text = await registry.metrics();
    assert.match(text, /capt_bmc_calls_total\{provider="redfish",call="power on",outcome="ok"\} 1/);
    assert.match(text, /capt_bmc_calls_total\{provider="redfish",call="open a session",outcome="unreachable"\} 1/);
    assert.match(text, /capt_bmc_unanswered_total\{kind="unreachable"\} 1/);
  });
});
