import { Dice } from '../../src/rack/bmc/dice.ts';
import { FakeChassis } from '../../src/rack/bmc/fake-chassis.ts';
import { profiles } from '../../src/rack/bmc/redfish/profiles/all.ts';
import { RedfishService } from '../../src/rack/bmc/redfish/service.ts';
import { runCase } from './redfish-case.ts';
import { HastyClock } from './redfish-clock.ts';
import { decodeRandomDocument } from './redfish-decoders.ts';

export interface FuzzReport {
  cases: number;
  calls: number;
  /** Answers that went through the driver. */
  answers: number;
  /** Documents that went through the decoders alone. */
  documents: number;
  errors: Record<string, number>;
  slowestMs: number;
  slowestSeed: number;
}

export interface FuzzOptions {
  firstSeed: number;
  /** How many answers to put through the driver, and how many documents through the decoders. */
  answers: number;
  documents: number;
  /** Called after every tenth of the way. */
  progress?: (report: FuzzReport) => void;
}

/** Fuzzes driver and decoders. Everything random comes from the seeds. */
export async function fuzz({ firstSeed, answers, documents, progress }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { cases: 0, calls: 0, answers: 0, documents: 0, errors: {}, slowestMs: 0, slowestSeed: 0 };
  const samples = sampleDocuments();
  const dice = new Dice(firstSeed);
  let tenths = 1;
  while (report.answers < answers || report.documents < documents) {
    if (report.answers < answers) await oneCase(firstSeed + report.cases, report);
    // In step with the answers, so that both end at about the same time.
    const wanted = answers === 0 ? documents : (documents * Math.min(report.answers, answers)) / answers;
    for (; report.documents < wanted; report.documents++) decodeRandomDocument(dice, samples);
    if (report.answers + report.documents >= ((answers + documents) * tenths) / 10) {
      tenths += 1;
      progress?.(report);
    }
  }
  return report;
}

async function oneCase(seed: number, report: FuzzReport): Promise<void> {
  const started = performance.now();
  const { documents, calls, errors } = await runCase(seed);
  const tookMs = performance.now() - started;
  if (tookMs > report.slowestMs) Object.assign(report, { slowestMs: tookMs, slowestSeed: seed });
  report.cases += 1;
  report.calls += calls;
  report.answers += documents;
  for (const [kind, count] of Object.entries(errors)) report.errors[kind] = (report.errors[kind] ?? 0) + count;
}

/** What healthy BMCs of every make say: everything that links lead to. */
function sampleDocuments(): unknown[] {
  const clock = new HastyClock();
  return profiles.flatMap((profile) => {
    const chassis = profile.systemIds.map(() => new FakeChassis({ clock }));
    using service = new RedfishService({ chassis, users: [{ name: 'a', password: 'b' }], profile, clock });
    const headers = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    const seen = new Map<string, unknown>();
    const queue = ['/redfish/v1/'];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      const { json } = service.answer({ method: 'GET', path, headers, body: {} });
      seen.set(path, json);
      for (const match of JSON.stringify(json ?? {}).matchAll(/"@odata\.id":"([^"]+)"/g)) queue.push(match[1] ?? '/');
    }
    return [...seen.values()];
  });
}
