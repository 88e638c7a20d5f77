/** A text in double quotes as package time writes it in errors: control bytes and those beyond ASCII as `\xNN`. */
export function quoteAscii(bytes: string): string {
  const escaped = bytes.replace(/["\\]|[^ -\x7f]/g, (char) => {
    return char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
