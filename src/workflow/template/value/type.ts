/** The kinds of Go's package reflect that a template can meet. */
export type Kind =
  | 'bool'
  | 'int'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint32'
  | 'uint64'
  | 'float64'
  | 'complex128'
  | 'string'
  | 'slice'
  | 'map'
  | 'ptr'
  | 'struct'
  | 'interface';

/** A field of a struct. */
export interface GoField {
  readonly name: string;
  readonly type: GoType;
  /** Key in JSON. */
  readonly json: string;
  /** Left out of JSON when zero. */
  readonly omitEmpty: boolean;
}

/** What a type consists of, where it consists of something. */
export interface TypeParts {
  readonly elem?: GoType;
  readonly fields?: () => readonly GoField[];
  readonly text?: (value: bigint) => string;
}

/** A Go type. Two types are the same when they are the same object: make compound ones with `sliceOf` and the like. */
export class GoType {
  readonly kind: Kind;
  /** As `%T` prints it. */
  readonly name: string;
  /** Of slices, maps and pointers: the type of what is in them. */
  readonly elem: GoType | undefined;
  /** Of named integers such as `time.Month`: Go's `String()`. */
  readonly text: ((value: bigint) => string) | undefined;
  readonly #fields: () => readonly GoField[];
  #resolved: ReadonlyMap<string, GoField> | undefined;

  /** Fields are asked for when they are needed: types may refer to each other. */
  constructor(kind: Kind, name: string, parts: TypeParts = {}) {
    this.kind = kind;
    this.name = name;
    this.elem = parts.elem;
    this.text = parts.text;
    this.#fields = parts.fields ?? (() => []);
  }

  /** Of structs: the fields by name, in order. */
  get fields(): ReadonlyMap<string, GoField> {
    this.#resolved ??= new Map(this.#fields().map((field) => [field.name, field]));
    return this.#resolved;
  }

  get isInteger(): boolean {
    return this.isSigned || this.isUnsigned;
  }

  get isSigned(): boolean {
    return this.kind === 'int' || this.kind === 'int64' || this.kind === 'int32';
  }

  get isUnsigned(): boolean {
    return this.kind === 'uint64' || this.kind === 'uint32' || this.kind === 'uint8';
  }

  /** True when a value of the type can be nil. */
  get isNillable(): boolean {
    return this.kind === 'interface' || this.kind === 'map' || this.kind === 'slice' || this.kind === 'ptr';
  }
}

const basic = (kind: Kind) => new GoType(kind, kind);

/** The types without parts. */
export const types = {
  bool: basic('bool'),
  int: basic('int'),
  int32: basic('int32'),
  int64: basic('int64'),
  uint8: basic('uint8'),
  uint32: basic('uint32'),
  uint64: basic('uint64'),
  float64: basic('float64'),
  complex128: basic('complex128'),
  string: basic('string'),
  any: new GoType('interface', 'interface {}'),
} as const;

const slices = new WeakMap<GoType, GoType>();
const maps = new WeakMap<GoType, GoType>();
const pointers = new WeakMap<GoType, GoType>();

function derived(known: WeakMap<GoType, GoType>, elem: GoType, make: () => GoType): GoType {
  const type = known.get(elem) ?? make();
  known.set(elem, type);
  return type;
}

export function sliceOf(elem: GoType): GoType {
  return derived(slices, elem, () => new GoType('slice', `[]${elem.name}`, { elem }));
}

/** A map with string keys; templates meet no other. */
export function mapOf(elem: GoType): GoType {
  return derived(maps, elem, () => new GoType('map', `map[string]${elem.name}`, { elem }));
}

export function pointerTo(elem: GoType): GoType {
  return derived(pointers, elem, () => new GoType('ptr', `*${elem.name}`, { elem }));
}

/** The types that JSON decodes into. */
export const anyMap = mapOf(types.any);
export const anySlice = sliceOf(types.any);
export const stringMap = mapOf(types.string);
export const stringSlice = sliceOf(types.string);
export const intSlice = sliceOf(types.int);
