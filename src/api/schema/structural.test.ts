import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as z from 'zod';
import { annotated } from './annotated.ts';
import { list, map } from './collection.ts';
import { object, required } from './object.ts';
import type { OpenApiSchema } from './open-api.ts';
import { choice, flag, int32, int64, integer, quantity, text, time, uri } from './scalar.ts';
import { structural } from './structural.ts';

const quantitySchema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
} satisfies OpenApiSchema;

describe('the structural schema', () => {
  const cases: { name: string; schema: z.ZodType; expected: OpenApiSchema }[] = [
    { name: 'a string', schema: text('A.'), expected: { type: 'string', description: 'A.' } },
    {
      name: 'a string with lengths',
      schema: text('A.', { minLength: 1, maxLength: 9 }),
      expected: { type: 'string', description: 'A.', minLength: 1, maxLength: 9 },
    },
    {
      name: 'a pattern, with its fix in words',
      schema: text('A.', { pattern: { source: '(?i)^a$', fix: 'write a' } }),
      expected: { type: 'string', description: 'A. Write a.', pattern: '(?i)^a$' },
    },
    {
      name: 'who writes a field',
      schema: flag('A.', { writer: 'us' }),
      expected: { type: 'boolean', description: 'A. Written by: us.' },
    },
    {
      name: 'a choice with a default',
      schema: choice('A.', ['on', 'off'], { default: 'on' }),
      expected: { type: 'string', description: 'A.', enum: ['on', 'off'], default: 'on' },
    },
    {
      name: 'a default that is false',
      schema: flag('A.', { default: false }),
      expected: { type: 'boolean', description: 'A.', default: false },
    },
    {
      name: 'a time without the pattern of zod',
      schema: time('A.'),
      expected: { type: 'string', description: 'A.', format: 'date-time' },
    },
    { name: 'a URI', schema: uri('A.'), expected: { type: 'string', description: 'A.', format: 'uri' } },
    {
      name: 'an int64 without bounds',
      schema: int64('A.'),
      expected: { type: 'integer', description: 'A.', format: 'int64' },
    },
    {
      name: 'an int32 with bounds',
      schema: int32('A.', { minimum: 0, maximum: 7 }),
      expected: { type: 'integer', description: 'A.', format: 'int32', minimum: 0, maximum: 7 },
    },
    { name: 'an integer', schema: integer('A.'), expected: { type: 'integer', description: 'A.' } },
    { name: 'the integer of zod without its bounds', schema: z.int(), expected: { type: 'integer' } },
    {
      name: 'a list of objects by key',
      schema: list('A.', object('B.', { k: required(text('C.')) }), { merge: { keys: ['k'] }, minItems: 1 }),
      expected: {
        type: 'array',
        description: 'A.',
        minItems: 1,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: {
          type: 'object',
          description: 'B.',
          properties: { k: { type: 'string', description: 'C.' } },
          required: ['k'],
        },
      },
    },
    {
      name: 'a map without propertyNames',
      schema: map('A.', text('B.')),
      expected: { type: 'object', description: 'A.', additionalProperties: { type: 'string', description: 'B.' } },
    },
    { name: 'an object without fields', schema: object('A.', {}), expected: { type: 'object', description: 'A.' } },
    {
      name: 'rules, counts and merging of an object; fields in alphabetical order',
      schema: object(
        'A.',
        { z: text('Z.'), a: required(text('A.')) },
        {
          atomic: true,
          minProperties: 1,
          maxProperties: 2,
          rules: [{ cel: 'has(self.z)', message: 'set z', holds: () => true }],
        },
      ),
      expected: {
        type: 'object',
        description: 'A.',
        minProperties: 1,
        maxProperties: 2,
        'x-kubernetes-map-type': 'atomic',
        'x-kubernetes-validations': [{ rule: 'has(self.z)', message: 'set z' }],
        properties: { a: { type: 'string', description: 'A.' }, z: { type: 'string', description: 'Z.' } },
        required: ['a'],
      },
    },
  ];
  for (const { name, schema, expected } of cases) {
    it(`says ${name}`, () => assert.deepEqual(structural(annotated(schema)), expected));
  }

  it('says a quantity as int-or-string', () => {
    const { pattern, description, ...rest } = structural(annotated(quantity('A.')));
    assert.deepEqual(rest, quantitySchema);
    assert.ok(pattern?.startsWith('^(\\+|-)?'));
    assert.ok(description?.startsWith('A. Write a quantity'));
  });

  const refusals: { name: string; schema: z.ZodType; message: string }[] = [
    {
      name: 'alternatives',
      schema: object('', { a: z.union([z.string(), z.boolean()]) }),
      message: 'schema of .a: anyOf',
    },
    { name: 'a value of any type', schema: object('', { a: z.unknown() }), message: 'schema of .a: no type' },
    { name: 'a map to anything', schema: map('', z.unknown()), message: 'schema of .<key>: no type' },
    { name: 'look-around', schema: list('', z.string().regex(/^(?!x)/)), message: 'look-around' },
    { name: 'keywords it does not know', schema: z.number().multipleOf(2), message: 'multipleOf does not fit' },
  ];
  for (const { name, schema, message } of refusals) {
    it(`refuses ${name} and says where`, () => {
      assert.throws(
        () => structural(annotated(schema)),
        (error: Error) => error.message.includes(message),
      );
    });
  }
});
