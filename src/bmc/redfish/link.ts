import { at, listAt, textAt } from './json.ts';

/**
 * The path that a link, a `Location` or an action's target names on this BMC. BMCs give absolute URLs with names of
 * theirs that need not resolve here, so the host is not looked at: nothing is ever sent anywhere else.
 * (DSP0266 §6: `@odata.id`)
 */
export function pathOf(link: string | undefined): string | undefined {
  if (link === undefined || link.length > longestLink) return undefined;
  const url = URL.parse(link, 'http://bmc.invalid/');
  if (url === null || !url.protocol.startsWith('http')) return undefined;
  return url.pathname + url.search;
}

const longestLink = 2048;

/** Where the link at `keys` leads: `{"@odata.id": "/redfish/v1/…"}`. */
export function linkAt(value: unknown, ...keys: readonly string[]): string | undefined {
  return pathOf(textAt(at(value, ...keys), '@odata.id'));
}

/** Where the links in the list at `keys` lead, each place once. */
export function linksAt(value: unknown, ...keys: readonly string[]): string[] {
  const paths = listAt(value, ...keys).map((item) => pathOf(textAt(item, '@odata.id')));
  return [...new Set(paths.filter((path) => path !== undefined))];
}
