/** Whether two URLs mean the same image: BMCs leave the password out of what they show, or write the path otherwise. */
export function sameImage(a: string | undefined, b: string): boolean {
  return a !== undefined && bare(a) === bare(b);
}

/** A URL for a message: nothing that may be secret, which names, passwords and queries are. */
export function printableUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'the image' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function bare(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** What may not be read in a URL: its password, as written and as meant. */
export function secretsIn(url: string): string[] {
  const password = URL.parse(url)?.password ?? '';
  return [...new Set([password, decoded(password)])];
}

/** Percent-decoded; as it is where it is no such code. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
