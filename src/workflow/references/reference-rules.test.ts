import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { type Reference, referenceOf } from './reference.ts';
import { type ReferenceEvent, referenceRules, refusalOf } from './reference-rules.ts';
import { splitRules } from './rule-flags.ts';

interface Rules {
  allow?: readonly object[];
  deny?: readonly object[];
}

const text = (rules: readonly object[] = []) => rules.map((rule) => JSON.stringify(rule));
const rulesOf = ({ allow, deny }: Rules) => referenceRules({ allow: text(allow), deny: text(deny) });

function refusal(rules: Rules, reference: Partial<Reference> = {}): string | undefined {
  const written = { namespace: 'site', name: 'dns', version: 'v1', resource: 'configmaps', ...reference };
  return refusalOf(rulesOf(rules), {
    source: { namespace: 'site', name: 'hw' },
    reference: referenceOf(written),
  });
}

const everyName = { reference: { name: [{ wildcard: '*' }] } };
const configMaps = { reference: { resource: ['configmaps'] } };
const secret: Partial<Reference> = { resource: 'secrets' };

describe('rules about references', () => {
  it('open nothing by themselves', () => {
    assert.equal(refusal({}), 'no rule of --tink-controller-reference-allow-list-rules allows it');
  });

  it('open what an allow rule matches, and what they see is all of the reference and of the Hardware', () => {
    assert.equal(refusal({ allow: [configMaps] }), undefined);
    assert.equal(refusal({ allow: [everyName] }), undefined);
    const source = { source: { namespace: ['site'], name: [{ prefix: 'h' }] } };
    assert.equal(refusal({ allow: [source] }), undefined);
    const all = { reference: { group: [''], version: ['v1'], name: ['dns'], namespace: ['site'] } };
    assert.equal(refusal({ allow: [{ source: { name: ['other'] } }, all] }), undefined);
    assert.match(refusal({ allow: [configMaps] }, { resource: 'pods' }) ?? '', /no rule .* allows it/);
  });

  it('§9.4 M controller.go:118: a deny rule takes away, and opens nothing', () => {
    const deny = [{ reference: { resource: ['secrets'] } }];
    assert.match(refusal({ deny }) ?? '', /no rule of .*allow-list-rules allows it/);
    const open = { reference: { resource: [{ wildcard: '*' }] } };
    assert.equal(refusal({ allow: [open], deny }), undefined);
    assert.equal(
      refusal({ allow: [open], deny }, secret),
      'rule 1 of --tink-controller-reference-deny-list-rules forbids it',
    );
  });

  for (const deny of [
    everyName,
    { reference: { name: [{ shellstyle: '*' }] } },
    { reference: { resource: ['x', { prefix: '' }], name: [{ exists: true }] } },
  ]) {
    it(`take the original's default beside allow rules for what it is: ${JSON.stringify(deny)}`, () => {
      assert.equal(refusal({ allow: [configMaps], deny: [deny] }), undefined);
      assert.match(refusal({ deny: [deny] }) ?? '', /no rule/);
    });
  }

  it('§9.4 M reconciler.go:326: a rule that does not speak of namespaces opens that of the Hardware only', () => {
    const other = { namespace: 'kube-system' };
    const need = 'the rules of --tink-controller-reference-allow-list-rules that allow it say nothing of ';
    assert.equal(refusal({ allow: [configMaps] }, other), `${need}reference.namespace`);
    assert.equal(refusal({ allow: [configMaps] }, { namespace: '' }), `${need}reference.namespace`);
    assert.equal(refusal({ allow: [{ reference: { namespace: ['kube-system'] } }] }, other), undefined);
    assert.equal(refusal({ allow: [{ reference: { namespace: [''] } }] }, { namespace: '' }), undefined);
    assert.equal(refusal({ allow: [{ reference: { namespace: [{ wildcard: 'kube-*' }] } }] }, other), undefined);
  });

  it('§9.4 M reconciler.go:326: a rule that does not speak of resources opens no Secrets', () => {
    const need = 'the rules of --tink-controller-reference-allow-list-rules that allow it say nothing of ';
    assert.equal(refusal({ allow: [everyName] }, secret), `${need}reference.resource`);
    const both = { ...secret, namespace: 'other' };
    assert.equal(refusal({ allow: [everyName] }, both), `${need}reference.namespace and reference.resource`);
    // One rule has to speak of both.
    const namespaces = { reference: { namespace: ['other'] } };
    const secrets = { reference: { resource: ['secrets'] } };
    assert.match(refusal({ allow: [namespaces, secrets] }, both) ?? '', /say nothing of/);
    assert.equal(refusal({ allow: [secrets] }, secret), undefined);
    assert.equal(
      refusal({ allow: [{ reference: { ...namespaces.reference, ...secrets.reference } }] }, both),
      undefined,
    );
    // Secrets of another group are not Secrets.
    assert.equal(refusal({ allow: [everyName] }, { ...secret, group: 'example.org' }), undefined);
  });

  it('never let more through than the original does with the same rules', () => {
    const values = fc.constantFrom('', 'site', 'other', 'secrets', 'configmaps', 'dns');
    const leaf = fc.array(
      fc.oneof(
        values,
        values.map((prefix) => ({ prefix })),
        fc.constant({ wildcard: '*' }),
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    );
    const field = fc.constantFrom('namespace', 'name', 'group', 'resource');
    const rule = fc.dictionary(field, leaf, { minKeys: 1, maxKeys: 2 }).map((reference) => ({ reference }));
    const rules = fc.array(rule, { maxLength: 3 });
    const reference = fc.record({ namespace: values, name: values, group: values, version: values, resource: values });
    fc.assert(
      fc.property(rules, rules, reference, (allow, deny, wanted) => {
        const event: ReferenceEvent = { source: { namespace: 'site', name: 'hw' }, reference: wanted };
        if (refusalOf(rulesOf({ allow, deny }), event) !== undefined) return;
        // The original: refused when a deny rule matches, by default the one for all, and no allow rule does.
        const matches = (each: object) =>
          refusalOf(
            rulesOf({
              allow: [{ reference: { namespace: [{ wildcard: '*' }], resource: [{ wildcard: '*' }] } }],
              deny: [each],
            }),
            event,
          ) !== undefined;
        const allowed = allow.some((each) => refusalOf(rulesOf({ allow: [each] }), event) === undefined);
        assert.ok(allowed || (deny.length > 0 && !deny.some(matches)));
      }),
      { numRuns: 300 },
    );
  });

  it('are refused at the start, with flag, number and everything that is wrong', () => {
    const good = JSON.stringify(configMaps);
    assert.throws(
      () => referenceRules({ allow: [good, '{"reference":{"name":"dns","resource":[{"glob":"*"}]}}'] }),
      (error) => {
        assert.ok(error instanceof CaptError && error.code === 'REFERENCE_RULE_INVALID');
        assert.match(error.message, /^cannot use rule 2 of --tink-controller-reference-allow-list-rules: /);
        assert.match(error.message, /reference\.name has to be a list of values.*; reference\.resource\[0\] has to be/);
        return true;
      },
    );
    assert.throws(
      () => referenceRules({ deny: ['{'] }),
      /rule 1 of .*deny-list-rules: it is no JSON: line 1, column 2/,
    );
  });

  it('that cannot be decided in time count against the reader', () => {
    const slow = { reference: { name: [{ regexp: '.*a.{500}b' }] } };
    const name = 'a'.repeat(100_000);
    assert.match(refusal({ allow: [slow] }, { name }) ?? '', /no rule/);
    assert.match(refusal({ allow: [configMaps], deny: [slow] }, { name }) ?? '', /rule 1 of .*deny/);
  });
});

describe('a text with several rules', () => {
  it('is what was joined, whatever is in the rules', () => {
    const rules = fc.array(
      fc.json().filter((json) => json.trim() !== ''),
      { minLength: 1 },
    );
    fc.assert(fc.property(rules, (each) => assert.deepEqual(splitRules(each.join('|')), each)));
  });
});
