import type * as z from 'zod';
import type { PrinterColumn } from '../apiextensions/custom-resource-definition.ts';
import type { KubeObject } from './object.ts';
import type { Resource } from './resource.ts';

/**
 * Everything there is to know about one of our own kinds: how it is addressed, what its objects look like and how its CRD
 * presents it. The type of the object has the same name: value `Hardware` is the kind, type `Hardware` the object.
 */
export interface Kind<T extends KubeObject = KubeObject> extends Resource<T> {
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Labels of the CRD; clusterctl and Cluster API core look at them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the kind is for, in a sentence or two. */
  readonly description: string;
  /** Columns of `kubectl get` besides the name. None: the server shows the age. */
  readonly columns: readonly PrinterColumn[];
  readonly spec: z.ZodType;
  /** Present when the kind has a status; it is then a subresource of its own. */
  readonly status?: z.ZodType;
  /** Defaults that hang on other fields and so cannot stand in the schema; changes the object. Idempotent. */
  completeDefaults?(object: T): void;
}

/** The object type of a kind: `ObjectOf<typeof Hardware>`. */
export type ObjectOf<R> = R extends Resource<infer T> ? T : never;

type Flat<T> = { [K in keyof T]: T[K] };

/** An object as the API server may hand it over: it does not insist on a spec. */
export type KindObject<Spec extends z.ZodType, Status extends z.ZodType> = Flat<
  KubeObject & { spec?: z.infer<Spec> } & (z.ZodType extends Status ? unknown : { status?: z.infer<Status> })
>;

export interface KindDefinition<Spec extends z.ZodType, Status extends z.ZodType> {
  group: string;
  version: string;
  kind: string;
  plural: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  description: string;
  columns?: readonly PrinterColumn[];
  spec: Spec;
  status?: Status;
  completeDefaults?(object: KindObject<Spec, Status>): void;
}

/** Describes a kind once; the CRD, the validation, the defaults and `docs/api.md` are made from it. */
export function defineKind<Spec extends z.ZodType, Status extends z.ZodType = z.ZodType>(
  definition: KindDefinition<Spec, Status>,
): Kind<KindObject<Spec, Status>> {
  return Object.freeze({
    shortNames: [],
    categories: [],
    labels: {},
    columns: [],
    ...definition,
    namespaced: true,
    singular: definition.kind.toLowerCase(),
    listKind: `${definition.kind}List`,
  });
}
