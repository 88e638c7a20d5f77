import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { chooseSystem } from './system-choice.ts';

const system = (Id: string, Name: string, UUID: string) => ({
  path: `/redfish/v1/Systems/${Id}`,
  json: { Id, Name, UUID },
  etag: undefined,
});

describe('the choice of a system', () => {
  const a = system('Blade1', 'worker', '0000-A');
  const b = system('Blade2', 'worker', '0000-B');
  const c = system('Blade3', 'store', '0000-C');

  it('is the only one where there is one', () => assert.equal(chooseSystem([a], undefined), a));

  for (const [wanted, found] of [
    ['Blade2', b],
    ['blade2', b],
    [' 0000-b ', b],
    ['store', c],
  ] as const) {
    it(`finds ${JSON.stringify(wanted)}`, () => assert.equal(chooseSystem([a, b, c], wanted), found));
  }

  it('prefers an Id to the name of another', () => {
    const confusing = system('worker', 'x', '0000-D');
    assert.equal(chooseSystem([a, confusing], 'worker'), confusing);
  });

  it('says which there are when there is a doubt', () => {
    assert.equal(
      chooseSystem([a, b], undefined),
      'it serves Blade1 (worker, 0000-A), Blade2 (worker, 0000-B); say which one is meant (systemName)',
    );
    assert.match(String(chooseSystem([a, b], 'worker')), /more than one of them is called worker/);
    assert.match(String(chooseSystem([a], 'Blade9')), /none of them is called Blade9/);
    assert.equal(chooseSystem([], undefined), 'it serves no system');
  });
});
