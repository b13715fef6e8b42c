// What resource manager refuses, and in which of its several envelopes: the gateway and most providers wrap
// {"error":{…}}, Microsoft.Sql at 2014-04-01 answers bare members, Microsoft.Web writes them with capitals.
import type { JsonObject } from './json.ts';

export type Envelope = 'error' | 'bare' | 'capitals';

export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly code: string;
  readonly envelope: Envelope;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { envelope?: Envelope; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.envelope = options.envelope ?? 'error';
    this.headers = options.headers ?? {};
  }

  withHeaders(headers: Readonly<Record<string, string>>): ArmError {
    const { status, code, message, envelope } = this;
    return new ArmError(status, code, message, { envelope, headers: { ...this.headers, ...headers } });
  }
}

/** Refused by resource manager itself, before any provider saw the request. */
export function refusedByGateway(status: number, code: string, message: string): ArmError {
  return new ArmError(status, code, message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}

/** Refused by Microsoft.Web, in its own envelope. */
export function refusedByWeb(status: number, code: string, message: string): ArmError {
  return new ArmError(status, code, message, { envelope: 'capitals' });
}

export function resourceNotFound(typeAndName: string, resourceGroup: string): ArmError {
  return refusedByGateway(
    404,
    'ResourceNotFound',
    `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function parentNotFound(parent: string): ArmError {
  return refusedByGateway(
    404,
    'ParentResourceNotFound',
    `Can not perform requested operation on nested resource. Parent resource '${parent}' not found.`,
  );
}

export function errorBody(error: ArmError): JsonObject {
  const { code, message } = error;
  if (error.envelope === 'bare') return { code, message, target: null, details: [], innererror: [] };
  if (error.envelope === 'error') return { error: { code, message } };
  return {
    Code: code,
    Message: message,
    Target: null,
    Details: [{ Message: message }, { Code: code }, { ErrorEntity: { Code: code, Message: message } }],
    Innererror: null,
  };
}
