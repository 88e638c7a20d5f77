import type { Random } from '../faults/random.ts';

const paths = [
  '/2009-04-04',
  '/2009-04-04/',
  '/2009-04-04/user-data',
  '/2009-04-04/user-data/',
  '/2009-04-04/vendor-data',
  '/2009-04-04/meta-data/hostname',
  '/2009-04-04/meta-data/public-keys',
  '/2009-04-04/meta-data/operating-system/',
  '/metadata',
  '/nocloud/meta-data',
  '/nocloud/user-data',
  '/nocloud/network-config',
  '/ignition',
  '/latest/user-data',
] as const;

const methods = ['GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE'] as const;
const headers = [
  'X-Forwarded-For',
  'X-Real-IP',
  'Forwarded',
  'X-Client-IP',
  'True-Client-IP',
  'X-Forwarded-Host',
] as const;

/** One request in its bytes, mostly well-formed, from a machine that wants what is of others. */
export function randomRequest(random: Random, machine: number, address: (machine: number) => string): string {
  if (random.chance(0.01)) return noise(random);
  const other = random.below(40);
  const lines = [`${random.pick(methods)} ${pathOf(random, machine, other)} HTTP/1.1`, 'Host: metadata'];
  while (random.chance(0.4)) {
    const lie = random.pick([address(other), `${address(other)}, 192.0.2.1`, `for=${address(other)}`, '', ',', 'x']);
    lines.push(`${random.pick(headers)}: ${lie}`);
  }
  const text = `${lines.join('\r\n')}\r\n\r\n`;
  return random.chance(0.01) ? broken(random, text) : text;
}

function pathOf(random: Random, machine: number, other: number): string {
  const path = random.pick(paths);
  switch (random.below(8)) {
    // The secrets of others by their instance id; what is no secret there may be seen, and so is not asked for.
    case 0:
      return `/tootles/instanceID/id-${other}/2009-04-04/${random.pick(['user-data', 'vendor-data', 'user-data/'])}`;
    case 1:
      return `/tootles/instanceID/id-${machine}/2009-04-04/user-data`;
    case 2:
      return `${path}?address=127.0.9.${other + 1}`;
    case 3:
      return path.replaceAll('a', '%61');
    case 4:
      return `${path}/../../${other}`;
    default:
      return path;
  }
}

function broken(random: Random, text: string): string {
  const position = random.below(text.length);
  switch (random.below(3)) {
    case 0:
      return text.slice(0, position);
    case 1:
      return `${text.slice(0, position)}${String.fromCharCode(random.below(256))}${text.slice(position + 1)}`;
    default:
      return text.slice(0, position) + text.slice(position).repeat(1 + random.below(3));
  }
}

function noise(random: Random): string {
  return Array.from({ length: 1 + random.below(200) }, () => String.fromCharCode(random.below(256))).join('');
}
