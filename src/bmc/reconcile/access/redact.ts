import type { BmcCredentials } from '../../port.ts';

/** Shorter ones are not taken out of texts: the gaps would tell what was there. */
const shortestRedacted = 4;

/**
 * Takes a password out of a text in every form in which a driver, a library or a BMC may quote it. Drivers must not put
 * it there in the first place; this is for the one that does.
 */
export function redact(text: string, { username, password }: BmcCredentials): string {
  if (password.length < shortestRedacted) return text;
  const forms = [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(password).toString('base64'),
    Buffer.from(`${username}:${password}`).toString('base64'),
    Buffer.from(password).toString('hex'),
  ];
  return forms.reduce((clean, form) => clean.replaceAll(form, '…'), text);
}
