import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { powerStateOf } from './power-state.ts';

describe('the power state', () => {
  for (const [text, state] of [
    ['On', 'on'],
    ['on', 'on'],
    ['Paused', 'on'],
    ['Off', 'off'],
    ['PoweringOn', 'unknown'],
    ['PoweringOff', 'unknown'],
    ['Reset', 'unknown'],
    [null, 'unknown'],
    [1, 'unknown'],
  ]) {
    it(`is ${state} for ${text}`, () => assert.equal(powerStateOf({ PowerState: text }), state));
  }
});
