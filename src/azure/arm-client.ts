// What all clients of Azure Resource Manager share: where it is, who asks, how refusals and long-running
// operations are dealt with.
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import { correlationIdOf, errorOfResponse, isRead, toAzureError } from './arm-errors.ts';
import { createPacing, type Pacing, pacingPolicy } from './arm-pacing.ts';
import { answerTimeoutPolicy, armRetryPolicy, type Log, type RenewableRequest } from './arm-retry.ts';
import { type AzureEnvironment, scopeOf } from './environment.ts';
import { AzureError } from './errors.ts';
import { lazy } from './lazy.ts';
import type { BeforeSending, OnProgress } from './ports.ts';

export interface ArmContext {
  readonly credential: TokenCredential;
  readonly environment: AzureEnvironment;
  readonly subscriptionId: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Shared by all clients of this identity; of its own for each where absent. */
  readonly pacing?: Pacing;
  /** The SDK's own where absent. */
  readonly httpClient?: HttpClient;
}

/** Azure says itself how long to wait (Retry-After); this holds only where it does not. Milliseconds. */
export const POLL_INTERVAL_MS = 1_000;

/** Options that every SDK client takes, whatever its generation. */
export function clientOptions(context: ArmContext) {
  const scope = scopeOf(context.environment.resourceManagerAudience);
  return {
    endpoint: context.environment.resourceManager,
    credentialScopes: scope,
    credentials: { scopes: [scope] },
    userAgentOptions: { userAgentPrefix: context.userAgent },
    ...(context.httpClient === undefined ? {} : { httpClient: context.httpClient }),
  };
}

/** Puts this product's rules for retries, time-outs and refusals into an SDK's pipeline. */
export function equip<Client extends { readonly pipeline: Pipeline }>(
  client: Client,
  context: ArmContext,
): Client {
  client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  // No request is a form, and the question loads all of Node's fetch.
  client.pipeline.removePolicy({ name: 'formDataPolicy' });
  client.pipeline.addPolicy(refusalPolicy, { afterPhase: 'Deserialize' });
  client.pipeline.addPolicy(armRetryPolicy(context.clock, context.log), { phase: 'Retry' });
  const { pacing = createPacing(context.clock) } = context;
  client.pipeline.addPolicy(answerTimeoutPolicy(), { afterPhase: 'Retry' });
  client.pipeline.addPolicy(pacingPolicy(pacing), {
    afterPhase: 'Retry',
    beforePolicies: ['answerTimeoutPolicy'],
  });
  return client;
}

/**
 * A client of its own whose requests that change something are each asked for just before they are sent, also where Azure has made
 * them wait: the SDKs have no other place for that. Where it throws nothing is sent.
 */
export function askingFirst<Client extends { readonly pipeline: Pipeline }>(
  client: Client,
  beforeSending: BeforeSending,
): Client {
  const policy: PipelinePolicy = {
    name: 'askingFirstPolicy',
    sendRequest: async (request, next) => {
      if (!isRead(request)) await beforeSending();
      return next(request);
    },
  };
  client.pipeline.addPolicy(policy, { afterPhase: 'Retry', beforePolicies: ['answerTimeoutPolicy'] });
  return client;
}

/** Runs one request of an SDK. Throws AzureError (or UpgradeError, for credentials). */
export async function request<Result>(send: () => Promise<Result>): Promise<Result> {
  try {
    return await send();
  } catch (error) {
    throw toAzureError(error);
  }
}

/** As `request`, with null for "there is no such thing" (404). */
export async function requestOrNull<Result>(send: () => Promise<Result>): Promise<Result | null> {
  try {
    return await request(send);
  } catch (error) {
    if (error instanceof AzureError && error.status === 404) return null;
    throw error;
  }
}

export interface Poller<Result> {
  onProgress(callback: (state: { readonly status?: string }) => void): unknown;
  pollUntilDone(options?: { readonly abortSignal?: AbortSignal }): Promise<Result>;
}

export interface Operation<Result> {
  /** For messages: "Creation of the geo-secondary contoso-sql-green/contoso". */
  readonly what: string;
  /** Boxed: the newer SDKs' pollers are thenable, and an async function would wait for them to the end. */
  readonly begin: (options: BeginOptions) => Promise<{ readonly poller: Poller<Result> }>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface BeginOptions {
  readonly updateIntervalInMs: number;
  readonly onResponse: (response: Pick<PipelineResponse, 'status' | 'headers'>) => void;
}

/**
 * Runs a long-running operation to its end. Throws AzureError; its `outcomeUnknown` is true where Azure had accepted
 * the operation and its end was not seen. Aborting the signal stops the waiting, not the operation.
 */
export async function longRunning<Result>(operation: Operation<Result>): Promise<Result> {
  let accepted: { what: string; correlationId: string | null } | undefined;
  const onResponse: BeginOptions['onResponse'] = (response) => {
    if (response.status >= 400) return;
    accepted ??= { what: operation.what, correlationId: correlationIdOf(response) };
  };
  try {
    const { poller } = await operation.begin({ updateIntervalInMs: POLL_INTERVAL_MS, onResponse });
    poller.onProgress((state) => operation.onProgress?.(state.status ?? 'running'));
    return await poller.pollUntilDone(
      operation.signal === undefined ? {} : { abortSignal: operation.signal },
    );
  } catch (error) {
    throw toAzureError(error, accepted);
  }
}

/** All items of a paged list. */
export function all<Item>(pages: () => AsyncIterable<Item>): Promise<Item[]> {
  return request(async () => {
    const items: Item[] = [];
    for await (const item of pages()) items.push(item);
    return items;
  });
}

export interface RawArm {
  /** `path` begins at /subscriptions; null where there is no such thing. */
  get(path: string, apiVersion: string): Promise<unknown>;
  /** @param renew makes the body anew where Azure makes the request wait; where it throws the request is not sent again. */
  put(path: string, apiVersion: string, body: unknown, renew?: () => Promise<unknown>): Promise<unknown>;
  /** Follows `nextLink`; `path` may have a query. */
  list(path: string, apiVersion: string): Promise<unknown[]>;
}

/** `url` is absolute. Throws AzureError for a refusal, or what the pipeline throws. */
export type SendArm = (
  method: 'GET' | 'PUT' | 'PATCH',
  url: string,
  options?: SendOptions,
) => Promise<PipelineResponse>;

interface SendOptions {
  readonly body?: unknown;
  /** The body for sending it once more; the same one where absent. */
  readonly renew?: (() => Promise<unknown>) | undefined;
  readonly signal?: PipelineRequest['abortSignal'];
}

/** Single requests through the pipeline that the SDKs use here. */
export function armSender(context: ArmContext): SendArm {
  const client = lazy(async () => {
    const { ServiceClient } = await import('@azure/core-client');
    return equip(new ServiceClient({ credential: context.credential, ...clientOptions(context) }), context);
  });
  return async (method, url, { body, renew, signal } = {}) => {
    const arm = await client();
    const request: RenewableRequest = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    if (renew) request.renew = async () => JSON.stringify(await renew());
    const response = await arm.sendRequest(request);
    if (response.status >= 400) throw errorOfResponse(response.request, response);
    return response;
  };
}

/** @param path begins at /subscriptions, and may have a query. */
export function armUrl({ environment }: ArmContext, path: string, apiVersion: string): string {
  return `${environment.resourceManager}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
}

/** JSON as Azure sends it, for what the SDKs have no method for or would cut down. */
export function rawArm(context: ArmContext): RawArm {
  const sender = armSender(context);

  async function send(method: 'GET' | 'PUT', url: string, options?: SendOptions): Promise<unknown> {
    const { bodyAsText } = await sender(method, url, options);
    return bodyAsText ? JSON.parse(bodyAsText) : null;
  }

  const urlOf = (path: string, apiVersion: string) => armUrl(context, path, apiVersion);

  return {
    get: (path, apiVersion) => requestOrNull(() => send('GET', urlOf(path, apiVersion))),
    put: (path, apiVersion, body, renew) =>
      request(() => send('PUT', urlOf(path, apiVersion), { body, renew })),
    list: async (path, apiVersion) => {
      const items: unknown[] = [];
      let url: string | null = urlOf(path, apiVersion);
      while (url !== null) {
        const page = await request(() => send('GET', url ?? ''));
        const { value, nextLink } = (page ?? {}) as { value?: unknown[]; nextLink?: string | null };
        items.push(...(value ?? []));
        url = nextLink || null;
      }
      return items;
    },
  };
}

/**
 * Turns refusals into AzureErrors before an SDK's own reading of them loses code or text. 401 stays: the bearer
 * policy outside answers its challenges.
 */
const refusalPolicy: PipelinePolicy = {
  name: 'refusalPolicy',
  sendRequest: async (request, next) => {
    const response = await next(request);
    if (response.status >= 400 && response.status !== 401) throw errorOfResponse(request, response);
    return response;
  },
};
