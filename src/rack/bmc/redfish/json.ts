/** What a virtual BMC sends. */
export type JsonObject = Record<string, unknown>;

export function link(path: string): { '@odata.id': string } {
  return { '@odata.id': path };
}

/** A resource with what every resource has (DSP0266 §9.6). `type` is such as `Chassis.v1_10_0.Chassis`. */
export function resource(path: string, type: string, id: string, name: string, properties: JsonObject): JsonObject {
  return { '@odata.id': path, '@odata.type': `#${type}`, Id: id, Name: name, ...properties };
}

export function collection(path: string, type: string, members: readonly string[]): JsonObject {
  return {
    '@odata.id': path,
    '@odata.type': `#${type}Collection.${type}Collection`,
    Name: `${type} Collection`,
    'Members@odata.count': members.length,
    Members: members.map(link),
  };
}
