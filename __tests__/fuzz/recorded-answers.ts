// Answers of Resource Manager as they came once, given again with one thing in them changed.
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { type SeenRequest, stubArm } from '../azure/stub-arm.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Path = readonly (string | number)[];

export interface Recording {
  /** The context, with every answer to a GET (or a POST that only reads) kept. */
  readonly context: ArmContext;
  readonly answers: ReadonlyMap<string, Json>;
}

const key = (method: string, path: string) => `${method} ${path.toLowerCase()}`;

export function record(context: ArmContext): Recording {
  const answers = new Map<string, Json>();
  const inner = createDefaultHttpClient();
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const response = await inner.sendRequest(request);
      const path = decodeURIComponent(new URL(request.url).pathname);
      if (response.status === 200 && response.bodyAsText)
        answers.set(key(request.method, path), JSON.parse(response.bodyAsText) as Json);
      return response;
    },
  };
  return { context: { ...context, httpClient }, answers };
}

/** Every request is answered as it was then; what was not asked then is not there. */
export function replay(
  { answers, context: { subscriptionId } }: Recording,
  changed: { readonly request: string; readonly answer: Json } | null,
): { context: ArmContext; answered: () => boolean } {
  let answered = false;
  const { context } = stubArm(({ method, path }: SeenRequest) => {
    const request = key(method, path);
    if (changed?.request === request) answered = true;
    const body = changed?.request === request ? changed.answer : answers.get(request);
    if (body === undefined)
      return { status: 404, body: { error: { code: 'ResourceNotFound', message: 'none' } } };
    return { status: 200, body };
  });
  return { context: { ...context, subscriptionId }, answered: () => answered };
}

/** Every property in it, outermost first; the elements of lists, which are never null, are gone into only. */
export function pathsOf(json: Json, path: Path = []): Path[] {
  const inner = entriesOf(json).flatMap(([name, value]) => pathsOf(value, [...path, name]));
  return typeof path.at(-1) === 'string' ? [path, ...inner] : inner;
}

function entriesOf(json: Json): (readonly [string | number, Json])[] {
  if (json === null || typeof json !== 'object') return [];
  return Array.isArray(json) ? json.map((value, at) => [at, value] as const) : Object.entries(json as object);
}

export type ChangeKind = 'drop' | 'null' | 'add';

/** What a later version of Azure may tell beside the rest. */
export const NEW = 'newInVersion2030';

/** Without what is at the path, or with null there, or with a property beside those that are there. */
export function changed(json: Json, [first, ...rest]: Path, change: ChangeKind): Json {
  if (first === undefined) return json;
  const replace = (value: Json): Json | undefined => {
    if (rest.length > 0) return changed(value, rest, change);
    if (change === 'drop') return undefined;
    if (change === 'null') return null;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value, [NEW]: { since: 'today' } }
      : value;
  };
  const entries = entriesOf(json).flatMap(([name, value]) => {
    const next = name === first ? replace(value) : value;
    return next === undefined ? [] : [[name, next] as const];
  });
  return Array.isArray(json) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
