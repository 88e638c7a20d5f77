import type { AnnotatedSchema } from './annotated.ts';
import type { OpenApiSchema } from './open-api.ts';

/** Keywords that a CRD may use as they are. */
const kept = [
  'type',
  'format',
  'default',
  'enum',
  'nullable',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-map-type',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
] as const satisfies readonly (keyof OpenApiSchema)[];

/** Keywords that are dealt with one by one below. */
const handled = [
  'description',
  'minimum',
  'maximum',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'anyOf',
  'x-capt-writer',
  'x-capt-rules',
];

const understood = new Set<string>([...kept, ...handled]);

/**
 * The structural schema (as the API server insists on) of a JSON schema. Deterministic: the same input gives the same
 * output, properties and required fields in alphabetical order.
 *
 * Throws, naming the place, on what a structural schema cannot say: alternatives other than int-or-string, values without
 * a type, patterns with look-around (Go has none), keywords it does not know. Rules over several fields belong into CEL.
 */
export function structural(schema: AnnotatedSchema, path = '.'): OpenApiSchema {
  const refuse = (why: string): never => {
    throw new Error(`schema of ${path}: ${why}`);
  };
  for (const keyword of Object.keys(schema)) {
    if (!understood.has(keyword)) refuse(`${keyword} does not fit into a structural schema`);
  }
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const preserve = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.anyOf !== undefined && !intOrString) refuse('anyOf does not fit into a structural schema');
  if (schema.type === undefined && !intOrString && !preserve) refuse('no type');
  if (schema.pattern !== undefined && /\(\?[=!<]/.test(schema.pattern)) refuse('the API server knows no look-around');
  return {
    ...describe(schema),
    ...Object.fromEntries(kept.filter((keyword) => keyword in schema).map((keyword) => [keyword, schema[keyword]])),
    ...(intOrString ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {}),
    ...bounds(schema),
    ...children(schema, path),
  };
}

/** What `kubectl explain` shows: the meaning, the rules in words, and who writes the field where that changes. */
function describe(schema: AnnotatedSchema): OpenApiSchema {
  const sentences = [
    schema.description,
    ...(schema['x-capt-rules'] ?? []).map(sentence),
    schema['x-capt-writer'] === undefined ? undefined : `Written by: ${schema['x-capt-writer']}.`,
  ].filter((part) => part !== undefined && part !== '');
  return sentences.length === 0 ? {} : { description: sentences.join(' ') };
}

/** zod bounds every integer to what JavaScript holds exactly; the API does not. */
function bounds({ minimum, maximum }: AnnotatedSchema): OpenApiSchema {
  return {
    ...(minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}

function children({ properties, required, items, additionalProperties }: AnnotatedSchema, path: string): OpenApiSchema {
  const entries = Object.entries(properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(entries.length === 0
      ? {}
      : {
          properties: Object.fromEntries(entries.map(([name, child]) => [name, structural(child, join(path, name))])),
        }),
    ...(required === undefined || required.length === 0 ? {} : { required: [...required].sort() }),
    ...(items === undefined ? {} : { items: structural(items, `${path}[]`) }),
    // zod says `false` of every plain object; the API server prunes unknown fields without being told.
    ...(typeof additionalProperties !== 'object'
      ? {}
      : { additionalProperties: structural(additionalProperties, join(path, '<key>')) }),
  };
}

function join(path: string, name: string): string {
  return path === '.' ? `.${name}` : `${path}.${name}`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
