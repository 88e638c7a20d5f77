import { satisfies } from '../../semver/constraint.ts';
import { parseVersion } from '../../semver/version.ts';
import { versionValue } from '../../semver/version-value.ts';
import { fn } from '../../value/function.ts';
import { string } from '../../value/params.ts';

export const semvers = {
  semver: fn([string], (_call, text) => versionValue(parseVersion(text))),
  semverCompare: fn([string, string], (_call, constraint, version) =>
    satisfies(constraint, () => parseVersion(version)),
  ),
};
