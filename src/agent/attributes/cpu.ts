import { readFile } from 'node:fs/promises';
import type { CPU, Processor } from '../../api/agent-protocol/workflow.generated.ts';
import { line, names } from './files.ts';

/** Processors by package; what sysfs does not say (small ARM boards) is one package. */
export async function readProcessors(sys: string, proc: string): Promise<CPU> {
  const about = parseCpuinfo(await readFile(`${proc}/cpuinfo`, 'utf8'));
  const folder = `${sys}/devices/system/cpu`;
  const threads = (await names(folder)).filter((name) => /^cpu\d+$/.test(name));
  const packages = new Map<number, { cores: Set<string>; threads: number; first: string }>();
  for (const name of threads) {
    const topology = `${folder}/${name}/topology`;
    const id = Number((await line(`${topology}/physical_package_id`)) || 0);
    const core = (await line(`${topology}/core_id`)) || name;
    const known = packages.get(Math.max(0, id)) ?? { cores: new Set<string>(), threads: 0, first: name.slice(3) };
    known.cores.add(core);
    packages.set(Math.max(0, id), { ...known, threads: known.threads + 1 });
  }
  const processors = [...packages].map(([id, { cores, threads: count, first }]): Processor => {
    const text = about.get(first) ?? [...about.values()][0] ?? new Map<string, string>();
    return {
      id,
      cores: cores.size,
      threads: count,
      vendor: text.get('vendor_id') ?? text.get('CPU implementer') ?? '',
      model: text.get('model name') ?? text.get('Model') ?? '',
      capabilities: (text.get('flags') ?? text.get('Features') ?? '').split(/\s+/).filter((word) => word !== ''),
    };
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    totalCores: sum([...packages.values()].map(({ cores }) => cores.size)),
    totalThreads: sum([...packages.values()].map((one) => one.threads)),
    processors,
  };
}

/** Fields by the number of the thread. */
function parseCpuinfo(text: string): Map<string, Map<string, string>> {
  const result = new Map<string, Map<string, string>>();
  for (const block of text.split(/\n\s*\n/)) {
    const fields = new Map(
      block.split('\n').flatMap((row): [string, string][] => {
        const at = row.indexOf(':');
        return at < 0 ? [] : [[row.slice(0, at).trim(), row.slice(at + 1).trim()]];
      }),
    );
    const number = fields.get('processor');
    if (number !== undefined) result.set(number, fields);
  }
  return result;
}
