// From a request to an answer, in the order in which resource manager itself looks at one: token, request
// limits, api-version, subscription, route, rights, resource group, then the provider. Faults come before all of that.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, Faults } from '../../faults.ts';
import { namespaceOf, refusedVersion, typeOf } from './api-versions.ts';
import type { ArmAnswer, ArmCall, Caller } from './call.ts';
import type { ArmContext } from './context.ts';
import { ArmError, errorBody, refusedByGateway } from './errors.ts';
import { sameName } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { Outages } from './outage.ts';
import { type RequestLimits, remainingHeader } from './request-limits.ts';
import type { Router } from './router.ts';
import type { AnswerWriter } from './wire.ts';
import { readBody } from './wire.ts';

export interface Dispatcher {
  readonly context: ArmContext;
  readonly router: Router;
  readonly faults: Faults;
  readonly writer: AnswerWriter;
  readonly outages: Outages;
  readonly limits: RequestLimits;
  authenticate(request: IncomingMessage): Caller;
  requireGroup(name: string): void;
}

/** Answers one request, or, where a fault says so, does not. */
export async function dispatch(
  dispatcher: Dispatcher,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `https://${request.headers.host ?? 'localhost'}`);
  const name = `arm ${request.method} ${decoded(url.pathname)}`;
  const fault = dispatcher.faults.take(name);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'drop') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'delay') await dispatcher.context.clock.sleep(fault.ms);
  const answer =
    fault?.kind === 'error' ? faultAnswer(fault) : await answerOf(dispatcher, request, url, fault);
  if (fault?.kind === 'late-success') return fault.done?.();
  if (fault?.kind === 'drop-after' || fault?.kind === 'drop-midway') {
    request.socket.destroy();
    return;
  }
  dispatcher.writer.write(request, response, answer);
  dispatcher.faults.answered(name);
}

/** A path with percent signs that mean nothing is taken as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function faultAnswer(fault: Extract<Fault, { kind: 'error' }>): ArmAnswer {
  return {
    status: fault.status,
    headers: fault.headers ?? {},
    body: { error: { code: fault.code, message: fault.message } },
  };
}

async function answerOf(
  dispatcher: Dispatcher,
  request: IncomingMessage,
  url: URL,
  fault: Fault | null,
): Promise<ArmAnswer> {
  try {
    await dispatcher.context.clock.sleep(dispatcher.context.latency.of('arm-request'));
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    const caller = dispatcher.authenticate(request);
    const left = dispatcher.limits.take(caller, method);
    const answer = await answerCall(dispatcher, request, { method, url, body, caller }, fault).catch(refusal);
    return { ...answer, headers: { [remainingHeader(method)]: String(left), ...answer.headers } };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): ArmAnswer {
  const refused =
    error instanceof ArmError
      ? error
      : new ArmError(500, 'InternalServerError', error instanceof Error ? error.message : 'Unknown error.');
  return { status: refused.status, headers: refused.headers, body: errorBody(refused) };
}

interface Admitted {
  readonly method: string;
  readonly url: URL;
  readonly body: JsonObject;
  readonly caller: Caller;
}

async function answerCall(
  dispatcher: Dispatcher,
  request: IncomingMessage,
  { method, url, body, caller }: Admitted,
  fault: Fault | null,
): Promise<ArmAnswer> {
  const path = decoded(url.pathname);
  const apiVersion = url.searchParams.get('api-version');
  const refused = refusedVersion(path, apiVersion);
  if (refused !== null) throw refused;
  requireSubscription(dispatcher.context, path);
  const match = dispatcher.router.find(method, path);
  if (match === null) throw unknownType(path, apiVersion ?? '');
  if (match === 'method') throw methodNotAllowed(method);
  if (match.route.action !== null)
    dispatcher.context.authorization.require(caller, match.route.action, scopeOf(path));
  const group = match.params.get('group');
  if (group !== undefined) dispatcher.requireGroup(group);
  const call: ArmCall = {
    method,
    path: url.pathname,
    query: url.searchParams,
    apiVersion: apiVersion ?? '',
    origin: url.origin,
    body,
    caller,
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : null;
    },
    operationFault: fault?.kind === 'operation-fails' ? fault : null,
    param: (name) => {
      const value = match.params.get(name);
      if (value === undefined) throw new Error(`The route ${match.route.template} has no {${name}}.`);
      return value;
    },
  };
  dispatcher.outages.refuse(call);
  const answer = await match.route.handle(call);
  // Lost meanwhile: nobody is there to tell what became of it.
  dispatcher.outages.refuse(call);
  return answer;
}

function requireSubscription(context: ArmContext, path: string): void {
  const named = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (named === undefined || sameName(named, context.subscriptionId)) return;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named))
    throw refusedByGateway(404, 'SubscriptionNotFound', `The subscription '${named}' could not be found.`);
  throw refusedByGateway(
    400,
    'InvalidSubscriptionId',
    `The provided subscription identifier '${named}' is malformed or invalid.`,
  );
}

/** Rights are judged on the resource; an action's or a collection's own segment is not part of it. */
function scopeOf(path: string): string {
  const [above, below] = splitAtProvider(path.replace(/\/$/, ''));
  const segments = below.split('/');
  const named = below === '' ? [] : segments.slice(0, segments.length - (segments.length % 2));
  return `${above}${named.length > 0 ? `/${named.join('/')}` : ''}`;
}

function splitAtProvider(path: string): [string, string] {
  const at = /\/providers\/[^/]+/i.exec(path);
  if (at === null) return [path, ''];
  const end = at.index + at[0].length;
  return [path.slice(0, end), path.slice(end + 1)];
}

function unknownType(path: string, apiVersion: string): ArmError {
  return refusedByGateway(
    404,
    'InvalidResourceType',
    `The resource type '${typeOf(path)}' could not be found in the namespace '${namespaceOf(path) ?? 'Microsoft.Resources'}' for api version '${apiVersion}'.`,
  );
}

function methodNotAllowed(method: string): ArmError {
  return refusedByGateway(
    405,
    'HttpMethodNotAllowed',
    `The http method '${method}' is not supported for the resource.`,
  );
}
