// One request to resource manager and its answer, free of sockets.
import type { JsonObject, JsonValue } from './json.ts';

export interface Caller {
  readonly objectId: string;
  readonly appId: string;
}

export interface ArmCall {
  readonly method: string;
  /** As it came, percent signs decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly apiVersion: string;
  /** Scheme and host under which the client reached us; operation URLs begin with it. */
  readonly origin: string;
  readonly body: JsonObject;
  readonly caller: Caller;
  /** A request header, by its lower-case name; null where it was not sent. */
  header(name: string): string | null;
  /** An accepted long-running operation shall end like this. */
  readonly operationFault: { readonly code: string; readonly message: string } | null;
  /** A variable segment of the route; throws where the route has none of that name. */
  param(name: string): string;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: an empty body, without a content type unless one is given. */
  readonly body?: JsonValue;
  readonly contentType?: string;
  /** Sent as it is, instead of JSON. */
  readonly text?: string;
  /** Traffic Manager writes "\/" for "/". */
  readonly escapeSlashes?: boolean;
}

export type Handler = (call: ArmCall) => ArmAnswer | Promise<ArmAnswer>;

export interface Route {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE' | 'HEAD';
  /** e.g. /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Sql/servers/{server}; {*scope} takes any number of segments. */
  readonly template: string;
  /** What the caller must be allowed; null where every valid token will do. */
  readonly action: string | null;
  readonly handle: Handler;
}

export const ok = (body: JsonValue, headers: Readonly<Record<string, string>> = {}): ArmAnswer => ({
  status: 200,
  body,
  headers,
});

export const empty = (status: number): ArmAnswer => ({ status });
