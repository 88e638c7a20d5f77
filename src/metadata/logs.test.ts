import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../api/time/fake-clock.ts';
import { logMetadata } from './logs.ts';
import { publishAnswer } from './telemetry.ts';

describe('the log of metadata', () => {
  it('9.2 H identity is the source IP: tells who got nothing, each once a minute, and keeps no list of them', async () => {
    const clock = new FakeClock();
    const lines: unknown[] = [];
    const keep = (fields: object) => lines.push(fields);
    const stop = logMetadata({ trace: keep, debug: keep, info: keep, warn: keep, error: keep }, clock);
    for (let time = 0; time < 3; time++) publishAnswer({ client: '192.0.2.9', status: 404 });
    publishAnswer({ client: 'instance id-1', status: 403 });
    await clock.advance(61_000);
    publishAnswer({ client: '192.0.2.9', status: 404 });
    for (let client = 0; client < 5000; client++) publishAnswer({ client: `client ${client}`, status: 404 });
    publishAnswer({ client: 'client 0', status: 404 });
    stop();
    publishAnswer({ client: 'late', status: 404 });
    assert.deepEqual(lines.slice(0, 3), [
      { client: '192.0.2.9', status: 404 },
      { client: 'instance id-1', status: 403 },
      { client: '192.0.2.9', status: 404, repeated: 2 },
    ]);
    assert.equal(lines.length, 3 + 5000 + 1);
  });
});
