const dateTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])t(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i;

/** True for a point in time the API server accepts: RFC 3339, with or without fractions of a second. */
export function isDateTime(text: string): boolean {
  return dateTime.test(text);
}

const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const authority = /^(?:[^\s@/]*@)?(?:\[[0-9A-Fa-f:.%]+\]|[^\s<>"[\]^`{|}\\:/?#]*)(?::\d*)?$/;
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** True for what Go's `url.ParseRequestURI` takes, which is how the API server checks `format: uri`. */
export function isRequestUri(text: string): boolean {
  if (text === '' || hasControlCharacter(text)) return false;
  if (text.startsWith('/')) return !brokenEscape.test(pathOf(text));
  const match = scheme.exec(text);
  if (match === null) return text === '*';
  const rest = text.slice(match[0].length);
  if (!rest.startsWith('/')) return rest !== '' || text.length > 0;
  if (!rest.startsWith('//')) return !brokenEscape.test(pathOf(rest));
  const end = rest.slice(2).search(/[/?]/);
  const host = end < 0 ? rest.slice(2) : rest.slice(2, 2 + end);
  const path = end < 0 ? '' : pathOf(rest.slice(2 + end));
  return authority.test(host) && !brokenEscape.test(host) && !brokenEscape.test(path);
}

/** Go checks the escapes of the path only; the query is kept as it is. */
function pathOf(text: string): string {
  return text.split('?', 1)[0] ?? '';
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
