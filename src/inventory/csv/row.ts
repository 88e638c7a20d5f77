import * as cells from './cells.ts';
import type { ColumnName } from './columns.ts';
import { contains, ipv4Number, isReserved, prefixLength, subnetOf } from './network.ts';
import { type CsvProblem, shown } from './problem.ts';

/** One machine of the file. */
export interface HardwareRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly hostname: string;
  readonly ipAddress: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly nameservers: readonly string[];
  /** Lower case, with colons. */
  readonly mac: string;
  readonly disk: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bmc?: { readonly ip: string; readonly username: string; readonly password: string };
  readonly vlanId?: string;
}

/** The text of a cell; '' when it is empty or the file has no such column. */
export type CellReader = (column: ColumnName) => string;

/** What must differ between machines: all of it that a row tells rightly, whatever else is wrong in the row. */
export interface RowKeys {
  readonly line: number;
  readonly hostname?: string | undefined;
  readonly mac?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly gateway?: string | undefined;
  readonly bmcIp?: string | undefined;
}

export interface ReadRow {
  readonly keys: RowKeys;
  /** Everything that is wrong with it. */
  readonly problems: readonly CsvProblem[];
  /** Absent when there are problems. */
  readonly row?: HardwareRow;
}

/** What one row says. */
export function readRow(line: number, cell: CellReader): ReadRow {
  const problems: CsvProblem[] = [];
  const complain = (column: ColumnName, rule: string, fix: string, found?: string) =>
    problems.push({ line, column, rule, fix, ...(found === undefined ? {} : { found: shown(found) }) });
  function read<T>(column: ColumnName, check: (text: string) => cells.Checked<T>): T | undefined {
    const text = cell(column);
    const checked = check(text);
    if ('value' in checked) return checked.value;
    complain(column, checked.complaint.rule, checked.complaint.fix, text);
    return undefined;
  }
  function need<T>(column: ColumnName, check: (text: string) => cells.Checked<T>): T | undefined {
    if (cell(column) !== '') return read(column, check);
    complain(column, 'must not be empty', 'fill it in');
    return undefined;
  }
  const row = {
    hostname: need('hostname', cells.hostname),
    ipAddress: need('ip_address', cells.machineAddress),
    netmask: need('netmask', cells.netmask),
    gateway: need('gateway', cells.machineAddress),
    nameservers: need('nameservers', cells.nameservers),
    mac: need('mac', cells.mac),
    disk: need('disk', cells.disk),
    labels: read('labels', cells.labels),
  };
  problems.push(...subnetProblems(line, row));
  const bmcColumns = ['bmc_ip', 'bmc_username', 'bmc_password'] as const;
  const hasBmc = bmcColumns.some((column) => cell(column) !== '');
  for (const column of hasBmc ? bmcColumns : []) {
    if (cell(column) === '') {
      complain(column, 'must not be empty when another bmc column is filled in', 'fill in all three, or none');
    }
  }
  const bmcIp = cell('bmc_ip') === '' ? undefined : read('bmc_ip', cells.ipAddress);
  const vlanId = cell('vlan_id') === '' ? undefined : read('vlan_id', cells.vlanId);
  const { hostname, mac, ipAddress, gateway } = row;
  const keys = { line, hostname, mac, ipAddress, gateway, bmcIp };
  if (problems.length > 0 || !isComplete(row)) return { keys, problems };
  const bmc =
    bmcIp === undefined ? {} : { bmc: { ip: bmcIp, username: cell('bmc_username'), password: cell('bmc_password') } };
  return { keys, problems, row: { line, ...row, ...bmc, ...(vlanId === undefined ? {} : { vlanId }) } };
}

type Complete<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

function isComplete<T extends object>(row: T): row is T & Complete<T> {
  return Object.values(row).every((value) => value !== undefined);
}

interface Addresses {
  ipAddress?: string | undefined;
  netmask?: string | undefined;
  gateway?: string | undefined;
}

/** How address, netmask and gateway go together; what one of them lacks was told before. */
function subnetProblems(line: number, row: Addresses): CsvProblem[] {
  const address = ipv4Number(row.ipAddress ?? '');
  const prefix = prefixLength(row.netmask ?? '');
  if (address === undefined || prefix === undefined) return [];
  const subnet = subnetOf(address, prefix);
  const problems: CsvProblem[] = [];
  if (isReserved(subnet, address)) {
    const rule = `must not be the network or broadcast address of ${subnet.text}`;
    problems.push({
      line,
      column: 'ip_address',
      rule,
      found: shown(row.ipAddress ?? ''),
      fix: 'choose another address',
    });
  }
  const gateway = ipv4Number(row.gateway ?? '');
  if (gateway === undefined) return problems;
  const where = { line, column: 'gateway', found: shown(row.gateway ?? '') };
  if (!contains(subnet, gateway) || isReserved(subnet, gateway)) {
    const rule = `must be an address in ${subnet.text}, the subnet of ip_address and netmask`;
    problems.push({ ...where, rule, fix: 'correct whichever of the three is wrong' });
  } else if (gateway === address) {
    problems.push({ ...where, rule: 'must not be the address of the machine', fix: 'write the address of the router' });
  }
  return problems;
}
