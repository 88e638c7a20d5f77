import fc from 'fast-check';
import * as z from 'zod';
import type { Kind } from '../../src/api/meta/kind.ts';
import type { UnstructuredObject } from '../../src/api/meta/object.ts';
import { apiVersionOf } from '../../src/api/meta/resource.ts';
import { type FieldMeta, fieldMeta } from '../../src/api/schema/field-meta.ts';
import { toRegExp } from '../../src/api/schema/pattern.ts';

/** Valid objects of a kind, drawn from its zod schemas; without metadata, which the test gives. */
export function arbitraryObject(kind: Kind): fc.Arbitrary<UnstructuredObject> {
  return fc.record(
    {
      apiVersion: fc.constant(apiVersionOf(kind)),
      kind: fc.constant(kind.kind),
      metadata: fc.constant({}),
      spec: arbitrary(kind.spec),
      ...(kind.status === undefined ? {} : { status: arbitrary(kind.status) }),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  ) as unknown as fc.Arbitrary<UnstructuredObject>;
}

/** Values that a schema accepts. */
export function arbitrary(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const meta = fieldMeta.get(schema as z.ZodType) ?? {};
  const values = unfiltered(schema, meta);
  const rules = ['minProperties', 'maxProperties', 'x-kubernetes-validations', 'x-kubernetes-list-map-keys'] as const;
  return rules.some((rule) => rule in meta) ? values.filter((value) => z.safeParse(schema, value).success) : values;
}

function unfiltered(schema: z.core.$ZodType, meta: FieldMeta): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) return arbitraryFields(schema, meta);
  if (schema instanceof z.ZodArray) {
    return fc.array(arbitrary(schema.element), { minLength: meta.minItems ?? 0, maxLength: (meta.minItems ?? 0) + 2 });
  }
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(key, arbitrary(schema.valueType), { maxKeys: 3, noNullPrototype: true });
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodNumber) return integers(meta);
  if (schema instanceof z.ZodString) return strings(meta);
  if (schema instanceof z.ZodUnion) return fc.oneof(integers({}), quantities);
  throw new Error(`no values for a ${schema._zod.def.type}`);
}

function arbitraryFields(schema: z.ZodObject, meta: FieldMeta): fc.Arbitrary<unknown> {
  const shape: Record<string, z.core.$ZodType> = schema.shape;
  const optional = Object.keys(shape).filter((name) => shape[name] instanceof z.ZodExactOptional);
  const requiredKeys = Object.keys(shape).filter((name) => !optional.includes(name));
  const values = Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [
      name,
      arbitrary(field instanceof z.ZodExactOptional ? field.unwrap() : field),
    ]),
  );
  // Filtering alone would take for ever to find objects with just one of many fields.
  if (meta.maxProperties === 1) {
    return fc.oneof(fc.constant({}), ...Object.entries(values).map(([name, value]) => fc.record({ [name]: value })));
  }
  return fc.record(values, { requiredKeys, noNullPrototype: true });
}

const key = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '__proto__');

const quantities = fc.constantFrom('0', '4', '500m', '1.5Gi', '2e3', '-1', '.5', '64Gi', '100k');

function integers({ minimum, maximum, format }: FieldMeta): fc.Arbitrary<number> {
  const bits = format === 'int32' ? 31 : 53;
  const min = minimum ?? -(2 ** bits) + 1;
  const max = maximum ?? 2 ** bits - 1;
  return fc.oneof(
    fc.maxSafeInteger().map((value) => min + (Math.abs(value) % (max - min + 1))),
    fc.integer({ min: Math.max(min, -10), max: Math.min(max, 100) }),
  );
}

function strings({ pattern, format, minLength = 0, maxLength = 512 }: FieldMeta): fc.Arbitrary<string> {
  if (pattern !== undefined) {
    // fast-check draws nothing for the flag i; lower and upper case are drawn by hand.
    const { source, flags } = toRegExp(pattern);
    const texts = fc.stringMatching(new RegExp(source), { size: 'xsmall' });
    const drawn = flags.includes('i')
      ? fc.oneof(
          texts,
          texts.map((text) => text.toUpperCase()),
        )
      : texts;
    return drawn.filter((text) => text.length >= minLength && text.length <= maxLength);
  }
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`);
  }
  if (format === 'uri') return fc.webUrl();
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 20) });
}
