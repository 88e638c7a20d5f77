import assert from 'node:assert/strict';
import { Command } from 'commander';
import { afterEach, describe, it } from 'mocha';
import { addServeFlags, type ServeFlags } from './flags.ts';

function parse(...parameters: string[]): [allow: string[], deny: string[]] {
  const flags = addServeFlags(new Command()).parse(parameters, { from: 'user' }).opts<ServeFlags>();
  return [flags.tinkControllerReferenceAllowListRules, flags.tinkControllerReferenceDenyListRules];
}

const allow = '--tink-controller-reference-allow-list-rules';
const deny = '--tink-controller-reference-deny-list-rules';
const variable = 'TINKERBELL_TINK_CONTROLLER_REFERENCE_ALLOW_LIST_RULES';

describe('the flags of references', () => {
  afterEach(() => {
    delete process.env[variable];
  });

  it('open nothing by default', () => {
    assert.deepEqual(parse(), [[], []]);
  });

  it('hold several rules, in one text and in several', () => {
    assert.deepEqual(parse(allow, '{"a":["x|y\\"|"]}|{"b":[1]} | ', allow, '{"c":[2]}', deny, '{"d":[3]}'), [
      ['{"a":["x|y\\"|"]}', '{"b":[1]}', '{"c":[2]}'],
      ['{"d":[3]}'],
    ]);
  });

  it('are read from the environment as the original reads it, unless the command line says something else', () => {
    process.env[variable] = '{"a":[1]}|{"b":[2]}';
    assert.deepEqual(parse(), [['{"a":[1]}', '{"b":[2]}'], []]);
    assert.deepEqual(parse(allow, '{"c":[3]}'), [['{"c":[3]}'], []]);
  });
});
