import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { renderWorkflow } from './render-workflow.ts';

const password = 's3cr3t\n": x';
const references = { login: { data: { password, encoded: Buffer.from(password).toString('base64'), n: 3n } } };

function errorOf(text: string, more: Record<string, unknown> = references): string {
  const outcome = renderWorkflow(text, { hardware: {}, references: more });
  return 'error' in outcome ? outcome.error : assert.fail(JSON.stringify(outcome));
}

describe('§9.4 M reconciler.go:326: an error of a template that had references', () => {
  for (const text of [
    '{{ atoi .references.login.data.password }}{{ fail .references.login.data.password }}',
    '{{ .references.login.data.encoded | b64dec | fail }}',
    '{{ netmaskToPrefixLength .references.login.data.password }}',
    '{{ mustToDate "2006" (.references.login.data.encoded | b64dec) }}',
    '{{ range $k, $v := . }}{{ fail (toJson $v) }}{{ end }}',
    '{{ fromYaml (print "a: [" .references.login.data.password) }}',
    '{{ include .references.login.data.password }}{{ fail "at <x>: y" }}',
    'tasks: [{name: {{ toJson .references.login.data.password }}, actions: [{name: {{ toJson .references.login.data.password }}, image: {{ toJson .references.login.data.password }}}]}]',
    'a: *{{ .references.login.data.password }}',
    '{{ .references.login.data.password }}',
    'tasks: [{name: a, worker: w, environment: { {{ toJson .references.login.data.password }}: [1] }, actions: []}]',
  ]) {
    it(`has no value of one: ${text.slice(0, 60)}`, () => {
      assert.doesNotMatch(errorOf(text), /s3cr3t|czNjcjN0/);
    });
  }

  it('still tells the place, and what the template itself shows to be wrong', () => {
    assert.match(
      errorOf('{{ fail .references.login.data.password }}'),
      /^template: workflow-template:1:3: executing "workflow-template" at <fail .*>: what exactly is not said here/,
    );
    assert.match(errorOf('{{ .references.other.x }}'), /: map has no entry for key "other"$/);
    assert.match(errorOf('{{ .Hardware.Metadata.Instance.ID }}'), /: nil pointer evaluating \*?[\w.]+$/);
    assert.match(errorOf('{{ nosuch }}'), /function "nosuch" not defined$/);
    assert.match(errorOf('name: a'), /tasks/);
  });

  it('says everything when there was none', () => {
    assert.match(errorOf('{{ fail "the reason" }}', {}), /the reason$/);
  });

  it('has no value in it whatever the value and the function', () => {
    const functions = [
      'fail',
      'atoi | fail',
      'b64dec | fail',
      'netmaskToPrefixLength',
      'fromYaml',
      'mustFromJson',
      'semver',
      'mustRegexMatch "["',
      'urlParse',
      'mustToDate "2006"',
    ];
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...functions), (noise, name) => {
        const value = `${noise}WITHHELD${noise}`;
        const outcome = renderWorkflow(`{{ .references.a.b | ${name} }}`, {
          hardware: {},
          references: { a: { b: value } },
        });
        if ('error' in outcome) assert.ok(!outcome.error.includes('WITHHELD'), outcome.error);
      }),
    );
  });
});

describe('whole numbers of references', () => {
  it('are int64 with all their digits, and floats stay floats', () => {
    const shown = renderWorkflow(
      `name: '{{ printf "%T-%v-%T" .references.a.n .references.a.n .references.a.f }}'
version: "0.1"
global_timeout: {{ .references.a.t }}
tasks: [{name: t, worker: w, actions: [{name: '{{ printf "%T-%v-%T" .references.a.n .references.a.n .references.a.f }}', image: i, timeout: 1}]}]`,
      {
        hardware: {},
        references: { a: { n: 9007199254740993n, f: 1, t: 60n } },
      },
    );
    assert.ok('rendered' in shown, JSON.stringify(shown));
    assert.equal(shown.rendered.tasks[0]?.actions[0]?.name, 'int64-9007199254740993-float64');
    assert.equal(shown.rendered.globalTimeoutSeconds, 60);
  });
});
