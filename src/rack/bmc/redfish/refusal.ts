import type { JsonObject } from './json.ts';

export interface RefusalOptions {
  status: number;
  /** Key in the Base registry, such as `PropertyNotWritable` (DSP0268). */
  id: string;
  message: string;
  args?: readonly string[];
  /** Properties it is about. */
  properties?: readonly string[];
  headers?: Record<string, string>;
}

/** An answer that is an error (DSP0266 §9.5.12). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: JsonObject;

  constructor({ status, id, message, args = [], properties = [], headers = {} }: RefusalOptions) {
    super(message);
    this.status = status;
    this.headers = headers;
    const info = {
      '@odata.type': '#Message.v1_1_1.Message',
      MessageId: `Base.1.8.${id}`,
      Message: message,
      MessageArgs: args,
      RelatedProperties: properties.map((property) => `#/${property}`),
      Severity: 'Warning',
      Resolution: 'None.',
    };
    const code = 'Base.1.8.GeneralError';
    const general = 'A general error has occurred. See ExtendedInfo for more information.';
    this.body = { error: { code, message: general, '@Message.ExtendedInfo': [info] } };
  }
}

/** The refusals that more than one resource has. */
export const refuse = {
  missing: (path: string) =>
    new Refusal({ status: 404, id: 'ResourceMissingAtURI', message: `There is no resource at ${path}.`, args: [path] }),
  method: (allow: string) =>
    new Refusal({
      status: 405,
      id: 'OperationNotAllowed',
      message: 'The HTTP method is not allowed on this resource.',
      headers: { allow },
    }),
  login: () =>
    new Refusal({
      status: 401,
      id: 'NoValidSession',
      message: 'There is no valid session established with the implementation.',
      headers: { 'www-authenticate': 'Basic realm="Redfish"' },
    }),
  credentials: () =>
    new Refusal({ status: 401, id: 'ResourceAtUriUnauthorized', message: 'User name or password is wrong.' }),
  value: (property: string, value: unknown) =>
    new Refusal({
      status: 400,
      id: 'PropertyValueNotInList',
      message: `The value ${String(value)} for the property ${property} is not in the list of acceptable values.`,
      args: [String(value), property],
      properties: [property],
    }),
  readOnly: (property: string) =>
    new Refusal({
      status: 400,
      id: 'PropertyNotWritable',
      message: `The property ${property} is a read-only property and cannot be assigned a value.`,
      args: [property],
      properties: [property],
    }),
  unknownParameter: (property: string) =>
    new Refusal({
      status: 400,
      id: 'ActionParameterUnknown',
      message: `The action was submitted with the invalid parameter ${property}.`,
      args: ['InsertMedia', property],
      properties: [property],
    }),
  missingParameter: (property: string) =>
    new Refusal({
      status: 400,
      id: 'ActionParameterMissing',
      message: `The action requires the parameter ${property} to be present in the request body.`,
      args: ['InsertMedia', property],
      properties: [property],
    }),
  state: (what: string) =>
    new Refusal({ status: 409, id: 'ResourceInStandby', message: `The server is already powered ${what}.` }),
  etag: (status: 412 | 428) =>
    new Refusal({ status, id: 'PreconditionFailed', message: 'The ETag supplied did not match the ETag required.' }),
};
