import type { AnnotatedSchema } from '../schema/annotated.ts';

/** One field in the tables of `docs/api.md`. */
export interface FieldRow {
  path: string;
  type: string;
  default: string;
  rules: string[];
  meaning: string;
  /** Empty: who writes the field above it. */
  writer: string;
}

/** A row for `path` and each field below it, in the order of the source. */
export function rowsOf(schema: AnnotatedSchema, path: string, required = false): FieldRow[] {
  const row: FieldRow = {
    path,
    type: typeOf(schema),
    default: schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``,
    rules: [...(required ? ['required'] : []), ...rulesOf(schema)],
    meaning: schema.description ?? '',
    writer: schema['x-capt-writer'] ?? '',
  };
  return [row, ...below(schema, path)];
}

function below(schema: AnnotatedSchema, path: string): FieldRow[] {
  // The entry of a list of strings says nothing that the list does not.
  const entries = (child: AnnotatedSchema, childPath: string) =>
    child.properties === undefined && child.items === undefined && rulesOf(child).length === 0
      ? []
      : rowsOf(child, childPath);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
      rowsOf(child, `${path}.${name}`, schema.required?.includes(name)),
    ),
    ...(schema.items === undefined ? [] : entries(schema.items, `${path}[]`)),
    ...(typeof schema.additionalProperties === 'object' ? entries(schema.additionalProperties, `${path}.<key>`) : []),
  ];
}

function typeOf(schema: AnnotatedSchema): string {
  if (schema['x-kubernetes-int-or-string']) return 'quantity';
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'values' : typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties)}`;
  if (schema.format === 'date-time') return 'time';
  if (schema.format === 'uri') return 'URI';
  return schema.format ?? schema.type ?? 'any';
}

function rulesOf(schema: AnnotatedSchema): string[] {
  const rules: string[] = [];
  if (schema.enum !== undefined) rules.push(`one of ${schema.enum.map((value) => `\`${value}\``).join(', ')}`);
  rules.push(...range('characters', schema.minLength, schema.maxLength));
  rules.push(...range('', schema.minimum, schema.maximum));
  rules.push(...range('entries', schema.minItems, schema.maxItems));
  rules.push(...range('fields', schema.minProperties, schema.maxProperties));
  if (schema.pattern !== undefined) rules.push(`\`${schema.pattern}\``);
  rules.push(...(schema['x-capt-rules'] ?? []));
  rules.push(...(schema['x-kubernetes-validations'] ?? []).map(({ message, rule }) => message ?? `\`${rule}\``));
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys !== undefined) rules.push(`\`${keys.join('`, `')}\` is the key`);
  return rules;
}

function range(unit: string, minimum?: number, maximum?: number): string[] {
  if (minimum === undefined && maximum === undefined) return [];
  const noun = unit === '' ? '' : ` ${unit}`;
  if (maximum === undefined) return [`${minimum} or more${noun}`];
  if (minimum === undefined) return [`at most ${maximum}${noun}`];
  return [`${minimum} to ${maximum}${noun}`];
}
