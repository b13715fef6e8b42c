// Sends the requests of a recording to the embedded Azure and tells where its answers differ from the recorded
// ones: status, headers that clients act on, members of the body. Values are not compared.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { JsonValue } from '../../../../local-azure/arm/core/json.ts';
import { isObject } from '../../../../local-azure/arm/core/json.ts';
import type { RawAnswer } from '../support/raw-client.ts';
import type { TestArm } from '../support/test-arm.ts';
import { SUBSCRIPTION } from '../support/test-arm.ts';
import { sharedPath } from './shared.ts';

export interface Recorded {
  readonly method: string;
  /** Path and query, of our subscription. */
  readonly path: string;
  readonly body: JsonValue;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: JsonValue;
}

interface Interaction {
  readonly request: { readonly method: string; readonly uri: string; readonly body: string | null };
  readonly response: {
    readonly status: { readonly code: number };
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly body: { readonly string: string };
  };
}

const ACTED_UPON = ['azure-asyncoperation', 'location', 'etag', 'content-type'];
const OPERATION =
  /(AsyncOperation|OperationResults|operationresults|locations\/\w+\/operations)\/([0-9a-f-]{36})/i;

export function readRecording(file: string): Recorded[] {
  const text = readFileSync(sharedPath('recordings', 'azure-cli-2021-02', file), 'utf8');
  const { interactions } = parse(text) as { interactions: readonly Interaction[] };
  return interactions.map(({ request, response }) => ({
    method: request.method,
    path: ours(request.uri).replace(/^https:\/\/[^/]+/, ''),
    body: json(request.body),
    status: response.status.code,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, values]) => [name.toLowerCase(), values[0] ?? '']),
    ),
    answer: json(response.body.string),
  }));
}

/** Differences, one a line; polls that were still in progress are left out, time passes differently here. */
export async function replay(azure: TestArm, recording: readonly Recorded[]): Promise<string[]> {
  const operations = new Map<string, string>();
  const differences: string[] = [];
  for (const recorded of recording) {
    const operation = OPERATION.exec(recorded.path)?.[2];
    if (operation !== undefined && isInProgress(recorded)) continue;
    const path = operation === undefined ? recorded.path : (operations.get(operation) ?? recorded.path);
    const answer = await azure.call(recorded.method, path, {
      ...(isObject(recorded.body) && Object.keys(recorded.body).length > 0 ? { body: recorded.body } : {}),
    });
    remember(operations, recorded, answer);
    const name = `${recorded.method} ${recorded.path.replace(/^.*\/providers\//, '').replace(/\?.*$/, '')}`;
    differences.push(...differencesOf(recorded, answer).map((each) => `${name}: ${each}`));
  }
  return [...new Set(differences)];
}

/** The path that our own answer gave for the operation that the recording knows by another id. */
function remember(operations: Map<string, string>, recorded: Recorded, answer: RawAnswer): void {
  for (const header of ['azure-asyncoperation', 'location']) {
    const id = OPERATION.exec(recorded.headers[header] ?? '')?.[2];
    const given = answer.headers[header];
    if (id !== undefined && typeof given === 'string' && !operations.has(id)) operations.set(id, given);
  }
}

function isInProgress(recorded: Recorded): boolean {
  const status = isObject(recorded.answer) ? recorded.answer.status : undefined;
  return recorded.status === 202 || status === 'InProgress';
}

function differencesOf(recorded: Recorded, answer: RawAnswer): string[] {
  if (recorded.status !== answer.status)
    return [`status ${answer.status} (${answer.code ?? ''}), recorded ${recorded.status}`];
  const headers = ACTED_UPON.flatMap((name) => {
    const [here, there] = [answer.headers[name] !== undefined, recorded.headers[name] !== undefined];
    return here === there ? [] : [`header ${name} ${here ? 'is not recorded' : 'is missing'}`];
  });
  const [here, there] = [membersOf(answer.body), membersOf(recorded.answer)];
  return [
    ...headers,
    ...[...there].filter((member) => !here.has(member)).map((member) => `member ${member} is missing`),
    ...[...here].filter((member) => !there.has(member)).map((member) => `member ${member} is not recorded`),
  ];
}

/** Paths of all members; those of a list's items are taken together. Free-form maps count as one. */
function membersOf(value: JsonValue, path = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...membersOf(item, `${path}[]`)]));
  if (!isObject(value)) return new Set();
  return new Set(
    Object.entries(value).flatMap(([name, member]) => {
      const below = path === '' ? name : `${path}.${name}`;
      return name === 'tags' ? [below] : [below, ...membersOf(member, below)];
    }),
  );
}

function ours(uri: string): string {
  return uri.replace(/\/subscriptions\/[0-9a-f-]{36}/i, `/subscriptions/${SUBSCRIPTION}`);
}

function json(text: string | null): JsonValue {
  if (text === null || text.trim() === '' || text.trimStart().startsWith('<')) return {};
  return JSON.parse(ours(text).replaceAll('00000000-0000-0000-0000-000000000000', SUBSCRIPTION));
}
