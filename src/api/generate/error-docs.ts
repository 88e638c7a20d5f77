import type { ErrorEntry } from '../errors/entry.ts';
import { errorTable } from '../errors/table.ts';

const introduction = `<!-- Generated from src/api/errors by \`npm run generate\`. Do not edit. -->
# Errors

Every failure that a user can meet has a code that never changes. Words in braces are filled in. *Retry*: whether the same
command may work later without anybody changing anything.

| code | message | what to do | retry |
|---|---|---|---|
`;

/** `docs/errors.md`: every row of the error table. */
export function errorDocs(): string {
  const rows = Object.entries<ErrorEntry>(errorTable)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { message, hint, retryable }]) =>
        `| \`${code}\` | ${cell(message)} | ${cell(hint)} | ${retryable ? 'yes' : 'no'} |`,
    );
  return `${introduction}${rows.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
