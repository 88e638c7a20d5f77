import assert from 'node:assert/strict';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { kinds } from '../../src/api/kinds.ts';
import type { Kind } from '../../src/api/meta/kind.ts';
import type { UnstructuredObject } from '../../src/api/meta/object.ts';
import { structuralSchema } from '../../src/api/meta/object-schema.ts';
import { apiVersionOf } from '../../src/api/meta/resource.ts';
import type { OpenApiSchema } from '../../src/api/schema/open-api.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { applySchemaDefaults } from '../../src/api/validation/defaults.ts';
import { describeProblem, type Problem } from '../../src/api/validation/problem.ts';
import { validate } from '../../src/api/validation/validate.ts';
import { arbitraryObject } from '../support/api-arbitrary.ts';
import { collectionPath, installCrds } from '../support/api-crds.ts';
import { times, uris } from '../support/api-formats.ts';
import { mutated } from '../support/api-mutation.ts';
import { rejects } from '../support/api-rejects.ts';
import { samples } from '../support/api-samples.ts';
import { type ApiAnswer, ApiServer, messageOf } from '../support/api-server.ts';
import { testControlPlane } from '../support/control-plane.ts';

/** Objects of each kind that the properties draw. */
const runs = 25;

describe('objects of our kinds on a real API server', function () {
  this.timeout(60_000);
  let server: ApiServer;
  let namespace: string;
  let made = 0;

  before(async () => {
    server = new ApiServer(testControlPlane().adminCredentials);
    await installCrds(server);
    namespace = await server.makeNamespace('api-objects');
  });
  after(async () => server[Symbol.asyncDispose]());

  const nextName = () => `object-${++made}`;

  const create = (kind: Kind, fields: object, query = ''): Promise<ApiAnswer> => {
    const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: nextName() }, ...fields };
    return server.send('POST', `${collectionPath(kind, namespace)}${query}`, object);
  };

  const writeStatus = (kind: Kind, object: UnstructuredObject, status: unknown, query = ''): Promise<ApiAnswer> =>
    server.send('PUT', `${collectionPath(kind, namespace)}/${object.metadata.name}/status${query}`, {
      ...object,
      status,
    });

  const created = async (kind: Kind, spec: unknown): Promise<UnstructuredObject> => {
    const answer = await create(kind, spec === undefined ? {} : { spec });
    assert.equal(answer.status, 201, messageOf(answer));
    return answer.body as UnstructuredObject;
  };

  describe('are refused with the field and the rule', () => {
    for (const { kind, spec, status, path, rule, serverPath = `${path}: `, server: words } of rejects) {
      it(`${kind.kind} ${path}: ${rule}`, async () => {
        const answer =
          status === undefined
            ? await create(kind, { spec }, '?dryRun=All')
            : await writeStatus(kind, await created(kind, spec), status);
        assert.equal(answer.status, 422);
        const message = messageOf(answer);
        assert.ok(message.includes(serverPath), message);
        assert.ok(message.includes(words), message);
      });
    }
  });

  describe('are accepted as users have them, and come back without loss', () => {
    for (const sample of samples()) {
      it(`${sample.kind} ${sample.metadata.name}`, async () => {
        const kind = kinds.find(
          (candidate) => candidate.kind === sample.kind && sample.apiVersion.startsWith(candidate.group),
        );
        assert.ok(kind !== undefined);
        const path = collectionPath(kind, namespace);
        await server.expect('POST', path, sample);
        const read = await server.expect<UnstructuredObject>('GET', `${path}/${sample.metadata.name}`);
        assert.deepEqual(fieldsOf(read), fieldsOf(defaulted(kind, sample)));
        assert.deepEqual(read.metadata.labels, sample.metadata.labels);
        assert.deepEqual(read.metadata.annotations, sample.metadata.annotations);
      });
    }
  });

  describe('that the schema can describe come back as they were, but for defaults', () => {
    for (const kind of kinds) {
      it(`${kind.kind} of ${kind.group}`, async () => {
        await fc.assert(
          fc.asyncProperty(arbitraryObject(kind), async (object) => {
            const made = await created(kind, object['spec']);
            const path = `${collectionPath(kind, namespace)}/${made.metadata.name}`;
            if (object['status'] !== undefined) {
              const answer = await writeStatus(kind, made, object['status']);
              assert.equal(answer.status, 200, messageOf(answer));
            }
            const read = await server.expect<UnstructuredObject>('GET', path);
            assert.deepEqual(fieldsOf(read), fieldsOf(defaulted(kind, object)));
          }),
          { numRuns: runs },
        );
      });
    }
  });

  describe('with one value spoilt are judged by the server as by our validation', () => {
    for (const kind of kinds) {
      it(`${kind.kind} of ${kind.group}`, async () => {
        const spoilt = arbitraryObject(kind).chain((object) =>
          fc.record({ spec: mutated(object['spec'] ?? {}), status: mutated(object['status'] ?? {}) }),
        );
        const base = kind.status === undefined ? undefined : await created(kind, undefined);
        await fc.assert(
          fc.asyncProperty(spoilt, async ({ spec, status }) => {
            sameVerdict(kind, { spec }, await create(kind, { spec }, '?dryRun=All'));
            if (base !== undefined) sameVerdict(kind, { status }, await writeStatus(kind, base, status, '?dryRun=All'));
          }),
          { numRuns: runs },
        );
      });
    }
  });

  it('carry the formats as the server understands them', async () => {
    for (const [text, expected] of uris) {
      const { status } = await create(
        Hardware,
        { spec: { interfaces: [{ isoboot: { sourceISO: text } }] } },
        '?dryRun=All',
      );
      assert.equal(status === 201, expected, `URI ${JSON.stringify(text)}`);
    }
    const base = await created(Machine, undefined);
    for (const [text, expected] of times) {
      const conditions = [{ type: 'Contactable', status: 'True', lastUpdateTime: text }];
      const { status } = await writeStatus(Machine, base, { conditions }, '?dryRun=All');
      assert.equal(status === 200, expected, `time ${JSON.stringify(text)}`);
    }
  });

  it('lose fields that the schema does not know, as with the original', async () => {
    const spec = { agentID: 'a', brandNew: true, interfaces: [{ dhcp: { brandNew: 1 } }] };
    const object = await created(Hardware, spec);
    assert.deepEqual(object['spec'], { agentID: 'a', interfaces: [{ disableDhcp: false, dhcp: {} }] });
  });
});

function sameVerdict(kind: Kind, fields: object, answer: ApiAnswer): void {
  const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: 'a' }, ...fields };
  const accepted = answer.status < 300;
  const problems = validate(kind, object).filter((problem) => !(accepted && isGapOfTheServer(kind, problem)));
  assert.equal(
    problems.length === 0,
    accepted,
    `${JSON.stringify(fields)}\nserver: ${accepted ? 'accepted' : messageOf(answer)}\nwe: ${problems.map(describeProblem).join('; ') || 'accepted'}`,
  );
}

/** The server lets a list pass for a string that has a format. Whoever reads the object would stumble, so we do not. */
function isGapOfTheServer(kind: Kind, { path, rule, found }: Problem): boolean {
  const field = path.split('.').at(-1) ?? '';
  return (
    rule === 'must be a string' && found?.startsWith('a list') === true && formatted(structuralSchema(kind)).has(field)
  );
}

/** Names of the string fields with a format. */
function formatted(schema: OpenApiSchema, name = ''): Set<string> {
  const own = schema.type === 'string' && schema.format !== undefined ? [name] : [];
  const items = schema.items === undefined ? [] : formatted(schema.items);
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [...formatted(child, key)]);
  return new Set([...own, ...items, ...properties]);
}

function defaulted(kind: Kind, object: UnstructuredObject): UnstructuredObject {
  return applySchemaDefaults(kind as Kind<UnstructuredObject>, object);
}

/** What of an object the user wrote, apart from metadata. By way of JSON, which has neither undefined nor prototypes. */
function fieldsOf({ spec, status }: UnstructuredObject): unknown {
  return JSON.parse(JSON.stringify({ spec, status }));
}
