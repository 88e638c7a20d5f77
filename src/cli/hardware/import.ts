import { readFile } from 'node:fs/promises';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { importHardware, type Outcome } from '../../inventory/apply/import-hardware.ts';
import { clashes, vanished } from '../../inventory/apply/plan.ts';
import { targetsOf } from '../../inventory/apply/target.ts';
import { byLine, type CsvProblem, describeCsvProblem } from '../../inventory/csv/problem.ts';
import { type HardwareCsv, readHardwareCsv } from '../../inventory/csv/read-hardware-csv.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { type ClusterFlags, withCluster } from './context.ts';
import { manifests } from './manifests.ts';

export interface ImportFlags extends ClusterFlags {
  dryRun?: boolean;
  showSecrets?: boolean;
}

/** `capt hardware import`: results go to standard output, remarks to standard error. */
export async function importFile(path: string, flags: ImportFlags): Promise<void> {
  const csv = readHardwareCsv(await read(path));
  for (const remark of csv.remarks) note(`${path}: ${remark}`);
  refuse(path, csv.problems);
  if (flags.dryRun) return print(manifests(csv, flags.namespace ?? 'default', flags.showSecrets ?? false));
  await withCluster(flags, async ({ client, namespace, signal }) => {
    const hardware = await existingHardware(client, namespace, signal);
    refuse(path, clashes(hardware, csv.rows, namespace));
    const machines = csv.rows.map((row) => targetsOf(row, csv.columns, namespace));
    const outcomes = await importHardware(client, machines, { signal, report: tell });
    for (const { metadata } of vanished(hardware, csv.rows, namespace)) {
      note(
        `hardware.tinkerbell.org/${metadata.name} is not in ${path} any more and stays as it is; ` +
          `kubectl -n ${namespace} delete hardware ${metadata.name} removes it`,
      );
    }
    const failed = outcomes.filter(({ result }) => result === 'failed');
    if (failed.length === 0) return;
    const causes = failed.map(({ what, cause }) => `  ${what}: ${cause}`).join('\n');
    throw new CaptError('INVENTORY_INCOMPLETE', { path, count: counted(failed.length, 'object'), causes });
  });
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CaptError('INVENTORY_UNREADABLE', { path, cause: messageOf(error) }, { cause: error });
  }
}

function refuse(path: string, problems: HardwareCsv['problems']): void {
  if (problems.length === 0) return;
  const text = [...problems].sort(byLine).map((problem: CsvProblem) => `  ${describeCsvProblem(problem)}`);
  throw new CaptError('INVENTORY_INVALID', {
    path,
    count: counted(problems.length, 'problem'),
    problems: text.join('\n'),
  });
}

/** All of the cluster, since an address must be unique in it; who may not look there gets to see the own namespace. */
async function existingHardware(client: Client, namespace: string, signal: AbortSignal): Promise<Hardware[]> {
  try {
    return (await client.list(Hardware, { signal })).items;
  } catch (error) {
    if (!isReason(error, 'Forbidden')) throw error;
    note(`no right to list Hardware of all namespaces: addresses are compared within ${namespace} only`);
    return (await client.list(Hardware, { namespace, signal })).items;
  }
}

function tell({ what, result, held }: Outcome): void {
  if (result === 'failed') return;
  print(`${what} ${result}\n`);
  if (held.length === 0) return;
  note(`${what} belongs to a machine: ${held.join(', ')} differ from the file and stay until it is released`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function print(text: string): void {
  process.stdout.write(text);
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
