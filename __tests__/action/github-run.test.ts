// What GitHub tells about this run, asked of a GitHub of our own: getOctokit goes where GITHUB_API_URL points.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

interface Job {
  readonly status: string;
  readonly runner_name: string | null;
  readonly started_at: string | null;
}

const JOBS: readonly Job[] = [
  { status: 'completed', runner_name: 'GitHub Actions 7', started_at: '2026-11-21T06:00:00Z' },
  { status: 'in_progress', runner_name: 'GitHub Actions 8', started_at: '2026-11-21T09:00:00Z' },
  { status: 'in_progress', runner_name: 'GitHub Actions 7', started_at: '2026-11-21T10:00:00Z' },
  { status: 'queued', runner_name: null, started_at: null },
];

const ENVIRONMENT = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'contoso/orders',
  GITHUB_RUN_ID: '4711',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'GitHub Actions 7',
};

let server: Server;
let run: typeof import('../../src/action/github-run.ts');
let answer: { status: number; body: unknown };
let asked: { url: string; authorization: string }[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Read by the toolkit when it is loaded, as in a real job.
  process.env.GITHUB_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  run = await import('../../src/action/github-run.ts');
});

afterAll(() => {
  delete process.env.GITHUB_API_URL;
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  answer = { status: 200, body: { total_count: JOBS.length, jobs: JOBS } };
  asked = [];
});

describe('the end of the job', () => {
  test('is six hours after this runner began the job it is at', async () => {
    expect(await run.jobEndsAt(ENVIRONMENT, 'secret')).toEqual(new Date('2026-11-21T16:00:00Z'));
    expect(asked).toEqual([
      {
        url: expect.stringMatching(/^\/repos\/contoso\/orders\/actions\/runs\/4711\/jobs\b/),
        authorization: 'token secret',
      },
    ]);
  });

  test.each([
    ['no token', ENVIRONMENT, null],
    [
      'a runner of one’s own, which has no such limit',
      { ...ENVIRONMENT, RUNNER_ENVIRONMENT: 'self-hosted' },
      's',
    ],
    ['no run: another shell', {}, 's'],
    ['a run without a number', { ...ENVIRONMENT, GITHUB_RUN_ID: '' }, 's'],
  ])('is not known with %s, and nobody is asked', async (_, environment, token) => {
    expect(await run.jobEndsAt(environment, token)).toBeNull();
    expect(asked).toEqual([]);
  });

  test.each([
    ['a token without actions: read', 403, { message: 'Resource not accessible by integration' }],
    ['a run that is not there', 404, { message: 'Not Found' }],
    ['a GitHub that fails', 502, {}],
    ['an answer that is none', 200, {}],
    ['no job on this runner', 200, { total_count: 1, jobs: [JOBS[1]] }],
    ['a job that has not started', 200, { jobs: [{ ...JOBS[2], started_at: null }] }],
  ])('is not known with %s', async (_, status, body) => {
    answer = { status, body };
    expect(await run.jobEndsAt(ENVIRONMENT, 'secret')).toBeNull();
    expect(asked).toHaveLength(1);
  });
});

describe('the link to the run', () => {
  test('leads to it', () => {
    expect(run.runUrl(ENVIRONMENT)).toBe('https://github.com/contoso/orders/actions/runs/4711');
  });

  test.each(['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('is none without %s', (name) => {
    expect(run.runUrl({ ...ENVIRONMENT, [name]: undefined })).toBeNull();
  });
});
