import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { KubeConnectionError, KubeError } from '../client/errors.ts';
import { errorFields } from './error-fields.ts';

const refused = (message: string) =>
  new KubeError('update hosts a', { kind: 'Status', code: 422, reason: 'Invalid', message });

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const malformed = thrownBy(() => JSON.parse('hunter2!'));

const secrets: [string, unknown][] = [
  ['a quoted value', refused('spec.password: Invalid value: "hunter2": too short')],
  ['a value with quotes in it', refused('spec.userData: Invalid value: "a \\"hunter2\\" b": no')],
  ['a value that is cut off', refused('spec.userData: Invalid value: "hunter2')],
  ['a bare value', refused('spec.pin: Invalid value: hunter2: must be a number')],
  ['an unsupported value', refused('spec.mode: Unsupported value: "hunter2": supported values: "a", "b"')],
  ['a duplicate value', refused('spec.users[1]: Duplicate value: "hunter2"')],
  ['a URL', new Error('cannot reach https://root:hunter2@bmc.example/redfish')],
  ['a header', new Error('refused: Authorization: Bearer hunter2.abc-d')],
  ['a body that is no JSON', malformed],
  ['an answer that is no JSON', new KubeConnectionError('get secrets a', malformed)],
];

describe('errorFields', () => {
  for (const [name, error] of secrets) {
    it(`leaves out ${name}`, () => {
      const fields = errorFields(error, { stack: true });
      assert.doesNotMatch(JSON.stringify(fields), /hunter2/);
      assert.ok(fields.message.length > 0);
    });
  }

  it('keeps which field is wrong and why', () => {
    const { type, code, reason, message } = errorFields(refused('spec.pin: Invalid value: "x": must be a number'));
    assert.deepEqual([type, code, reason], ['KubeError', 422, 'Invalid']);
    assert.equal(message, 'update hosts a: Invalid: spec.pin: Invalid value: must be a number');
  });

  it('keeps the code and the hint of the error table', () => {
    const { code, hint } = errorFields(new CaptError('CRD_MISSING', { server: 'https://a', crds: 'b' }));
    assert.equal(code, 'CRD_MISSING');
    assert.match(hint ?? '', /kubectl apply/);
  });

  it("keeps Node's code", () => {
    assert.equal(errorFields(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })).code, 'ECONNREFUSED');
  });

  it('has a stack only when asked, without the message', () => {
    const error = new Error('first line\nsecond line');
    assert.equal(errorFields(error).stack, undefined);
    const { stack = [] } = errorFields(error, { stack: true });
    assert.ok(stack.length > 0 && stack.every((line) => line.startsWith('at ')));
  });

  it('cuts what is too long, and takes anything that was thrown', () => {
    assert.equal(errorFields(new Error('x'.repeat(10_000))).message.length, 501);
    assert.deepEqual(errorFields('text'), { type: 'string', message: 'text' });
    assert.deepEqual(errorFields(undefined), { type: 'undefined', message: 'undefined' });
    assert.deepEqual(errorFields(null), { type: 'object', message: 'null' });
  });
});
