import type { Kind } from '../meta/kind.ts';
import { apiVersionOf, resourceName } from '../meta/resource.ts';
import { annotated } from '../schema/annotated.ts';
import { type FieldRow, rowsOf } from './docs-table.ts';

const introduction = `<!-- Generated from src/api by \`npm run generate\`. Do not edit. -->
# API reference

The kinds this project defines, field by field. The same text is in \`kubectl explain\`.

- Fields may be left out unless their rule says *required*. Unknown fields, and fields that are null, are dropped by the API server.
- A default is filled in by the API server when the field is absent and its parent is there.
- Times are RFC 3339. Names of files and devices are those the installer sees.
- *Writer* is who writes the field; empty means the writer of the field it belongs to.
`;

/** \`docs/api.md\`. */
export function docsOf(kinds: readonly Kind[]): string {
  const contents = kinds.map((kind) => `- [${titleOf(kind)}](#${anchorOf(kind)})`).join('\n');
  return [introduction, `${contents}\n`, ...kinds.map(sectionOf)].join('\n');
}

function sectionOf(kind: Kind): string {
  const names = [
    `\`${resourceName(kind)}\``,
    ...(kind.shortNames.length > 0 ? [`short \`${kind.shortNames.join('`, `')}\``] : []),
    ...(kind.categories.length > 0 ? [`in \`kubectl get ${kind.categories.join('`, `kubectl get ')}\``] : []),
  ];
  const rows = [
    ...rowsOf(annotated(kind.spec), 'spec'),
    ...(kind.status === undefined ? [] : rowsOf(annotated(kind.status), 'status')),
  ];
  return [
    `## ${titleOf(kind)}\n`,
    `${kind.description}\n`,
    `${names.join(' · ')}\n`,
    ...(kind.columns.length === 0 ? [] : [`Columns: ${columnsOf(kind)}.\n`]),
    '| Field | Type | Default | Rule | Meaning | Writer |',
    '|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
  ].join('\n');
}

function titleOf(kind: Kind): string {
  return `${kind.kind} (${apiVersionOf(kind)})`;
}

/** As GitHub and most renderers derive it from the title. */
function anchorOf(kind: Kind): string {
  return titleOf(kind)
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function columnsOf({ columns }: Kind): string {
  return columns.map(({ name, priority }) => (priority ? `${name} (wide)` : name)).join(', ');
}

function lineOf(row: FieldRow): string {
  const cells = [`\`${row.path}\``, row.type, row.default, row.rules.join('; '), row.meaning, row.writer];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
