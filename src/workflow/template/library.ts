import { builtins } from './functions/builtin/builtins.ts';
import { sprigFunctions } from './functions/sprig/sprig.ts';
import { tinkerbellFunctions } from './functions/tinkerbell/functions.ts';
import type { Library } from './run/library.ts';
import { versionMethods, versionPointer, versionStruct, versionStructMethods } from './semver/version-value.ts';
import { timeType } from './time/go-time.ts';
import { timeMethods } from './time/methods.ts';

/** Everything a workflow template can call. */
export const workflowLibrary: Library = {
  builtins,
  functions: new Map(Object.entries({ ...sprigFunctions, ...tinkerbellFunctions })),
  methods: new Map([
    [timeType, timeMethods],
    [versionPointer, versionMethods],
    [versionStruct, versionStructMethods],
  ]),
};
