import { encodeJsonString } from '../json/string.ts';
import { fn, type GoFunction } from '../value/function.ts';
import { int } from '../value/make.ts';
import { instance } from '../value/params.ts';
import { GoType, types } from '../value/type.ts';
import { type Any, GoInteger, GoObject, GoPointer, GoStruct, type Methods, type Operand } from '../value/value.ts';
import { compareVersions, formatVersion, type Version } from './version.ts';

/** What `semver` gives. */
export const versionPointer = new GoType('ptr', '*semver.Version');
/** What the methods of a version that make another one give. */
export const versionStruct = new GoType('struct', 'semver.Version');

function fieldsOf({ major, minor, patch, prerelease, metadata, original }: Version): ReadonlyMap<string, Any> {
  const number = (value: bigint) => new GoInteger(value, types.uint64);
  const numbers = { major: number(major), minor: number(minor), patch: number(patch) };
  return new Map<string, Any>(Object.entries({ ...numbers, pre: prerelease, metadata, original }));
}

const methods: Methods<Version> = {
  text: formatVersion,
  json: (version) => encodeJsonString(formatVersion(version), true),
  inside: (version, type) => {
    const struct = new GoStruct(versionStruct, fieldsOf(version));
    return type === versionPointer ? new GoPointer(versionPointer, struct) : struct;
  },
  equal: (a, b) => a.original === b.original && compareVersions(a, b) === 0 && a.metadata === b.metadata,
};

export function versionValue(version: Version, type = versionPointer): GoObject<Version> {
  return new GoObject(type, version, methods);
}

function isVersion(value: unknown): value is GoObject<Version> {
  return value instanceof GoObject && (value.type === versionPointer || value.type === versionStruct);
}

const self = instance(versionPointer, isVersion);

const getter = (body: (version: Version) => Operand): GoFunction => fn([self], (_call, { native }) => body(native));
const number = (key: 'major' | 'minor' | 'patch') => getter((version) => new GoInteger(version[key], types.uint64));
const compare = (body: (order: number) => Operand): GoFunction =>
  fn([self, self], (_call, a, b) => body(compareVersions(a.native, b.native)));

function next(version: Version, numbers: Pick<Version, 'major' | 'minor' | 'patch'>): GoObject<Version> {
  const made = { ...numbers, prerelease: '', metadata: '', original: '' };
  const prefix = version.original.startsWith('v') ? 'v' : '';
  return versionValue({ ...made, original: prefix + formatVersion(made) }, versionStruct);
}

const common = {
  String: getter(formatVersion),
  Major: number('major'),
  Minor: number('minor'),
  Patch: number('patch'),
  Prerelease: getter(({ prerelease }) => prerelease),
  Metadata: getter(({ metadata }) => metadata),
  // After a prerelease comes the release of the same number.
  IncPatch: getter((version) =>
    next(version, { ...version, patch: version.prerelease === '' ? version.patch + 1n : version.patch }),
  ),
  IncMinor: getter((version) => next(version, { ...version, minor: version.minor + 1n, patch: 0n })),
  IncMajor: getter((version) => next(version, { major: version.major + 1n, minor: 0n, patch: 0n })),
};

/** Methods of a version by value. */
export const versionStructMethods: ReadonlyMap<string, GoFunction> = new Map(Object.entries(common));

/** Methods of what `semver` gives. */
export const versionMethods: ReadonlyMap<string, GoFunction> = new Map(
  Object.entries({
    ...common,
    Original: getter(({ original }) => original),
    Compare: compare((order) => int(order)),
    Equal: compare((order) => order === 0),
    LessThan: compare((order) => order < 0),
    LessThanEqual: compare((order) => order <= 0),
    GreaterThan: compare((order) => order > 0),
    GreaterThanEqual: compare((order) => order >= 0),
  }),
);
