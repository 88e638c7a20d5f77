import { GoError } from '../../value/error.ts';
import { fn } from '../../value/function.ts';
import { string } from '../../value/params.ts';

export const flow = {
  fail: fn([string], (_call, message) => {
    throw new GoError(message);
  }),
};
