import { type CsvProblem, shown } from './problem.ts';
import type { RowKeys } from './row.ts';

interface Holder {
  line: number;
  column: string;
}

type Entry = readonly [value: string | undefined, holder: Holder];

/** What two machines must not have in common. Every second holder of a value is a problem that names the first. */
export function duplicateProblems(rows: readonly RowKeys[]): CsvProblem[] {
  return [
    ...repeated(rows.map(({ line, hostname }) => [hostname, { line, column: 'hostname' }])),
    ...repeated(rows.map(({ line, mac }) => [mac, { line, column: 'mac' }])),
    // Machines and BMCs may share a network, so an address has one holder among both.
    ...repeated(
      rows.flatMap(({ line, ipAddress, bmcIp }): Entry[] => [
        [ipAddress, { line, column: 'ip_address' }],
        [bmcIp, { line, column: 'bmc_ip' }],
      ]),
    ),
    ...gatewayProblems(rows),
  ];
}

function repeated(entries: readonly Entry[]): CsvProblem[] {
  const first = new Map<string, Holder>();
  const problems: CsvProblem[] = [];
  for (const [value, { line, column }] of entries) {
    if (value === undefined) continue;
    const holder = first.get(value);
    if (holder === undefined) {
      first.set(value, { line, column });
      continue;
    }
    const where = holder.line === line ? `column ${holder.column}` : `line ${holder.line}, ${holder.column}`;
    const rule = `must differ from ${where}`;
    problems.push({ line, column, rule, found: shown(value), fix: 'give each machine its own, or remove the row' });
  }
  return problems;
}

function gatewayProblems(rows: readonly RowKeys[]): CsvProblem[] {
  const gateways = new Map(rows.map(({ gateway, line }) => [gateway, line] as const));
  return rows.flatMap(({ line, ipAddress }) => {
    const other = ipAddress === undefined ? undefined : gateways.get(ipAddress);
    if (ipAddress === undefined || other === undefined || other === line) return [];
    const rule = `must not be the gateway that line ${other} names`;
    return [{ line, column: 'ip_address', rule, found: shown(ipAddress), fix: 'choose another address' }];
  });
}
