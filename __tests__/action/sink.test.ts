import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idTokenMint } from '../../src/action/id-token.ts';
import { createRunLog } from '../../src/action/log.ts';
import { outputFor } from '../../src/action/sink.ts';
import { runPiece } from './runner.ts';
import { report } from './sample-report.ts';

const SECRET = 'Zq81-very-secret';

const PIECE = `
const { outputFor } = await load('action/sink.ts');
const { createRunLog } = await load('action/log.ts');
const { sink, masking } = outputFor(process.env);
const log = createRunLog(sink);
masking.mask('${SECRET}');
log.debug('asked Azure');
log.line('the key is ${SECRET}');
log.runEnded({ headline: 'Refused.', next: [] }, { reason: 'input-invalid', message: '2 wrong:\\n  phase', advice: [], causes: [] });
`;

describe('outside a runner', () => {
  test('a person reads plain text: no command, no debug line, no secret', () => {
    const { stdout } = runPiece(PIECE);
    expect(stdout).toBe('the key is ***\nError: Refused. (input-invalid)\n2 wrong:\n  phase\n');
  });

  test('steps and warnings are plain too', () => {
    const lines: string[] = [];
    const { sink } = outputFor({}, (text) => lines.push(text));
    const log = createRunLog(sink);
    log.stepStarted({ id: 'freeze', title: 'Freeze production', article: '(3)' });
    log.warning('not knowable');
    log.rollbackStarted('the script failed');
    log.runEnded(report.verdict, null);
    expect(lines.slice(0, 3)).toEqual([
      '(3) Freeze production',
      'Warning: not knowable',
      'Rollback, because the script failed',
    ]);
    expect(lines.join('\n')).not.toMatch(/^::/m);
  });
});

test('inside a runner it is told what to mask, and what the error is', () => {
  const { stdout } = runPiece(PIECE, { environment: { GITHUB_ACTIONS: 'true' } });
  expect(stdout.split('\n')).toEqual([
    `::add-mask::${SECRET}`,
    '::debug::asked Azure',
    `the key is ${SECRET}`,
    '::error title=Refused. (input-invalid)::2 wrong:%0A  phase',
    '',
  ]);
});

describe('the job’s ID token', () => {
  let answer: { status: number; body: string };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.writeHead(answer.status).end(answer.body);
  });
  let environment: Record<string, string>;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-1',
    };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('is minted outside a runner for the audience, as GitHub wants to be asked', async () => {
    answer = { status: 200, body: '{"value":"eyJ.a.b"}' };
    expect(await idTokenMint(environment, 'api://A B')?.()).toBe('eyJ.a.b');
    expect(asked.at(-1)).toBe('Bearer bearer-1 /token?api-version=2&audience=api%3A%2F%2FA+B');
  });

  test.each([
    ['refused', { status: 403, body: 'no' }, /403/],
    ['without a token', { status: 200, body: '{}' }, /holds none/],
  ])('an answer that is %s is an error', async (_what, given, message) => {
    answer = given;
    await expect(idTokenMint(environment, 'a')?.()).rejects.toThrow(message);
  });

  test('cannot be minted where the job may not', () => expect(idTokenMint({}, 'a')).toBeNull());
});
