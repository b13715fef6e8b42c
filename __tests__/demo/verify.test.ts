// The demo must not call verified what went otherwise than its story.
import { expect, test } from '@jest/globals';
import type { LinkSeen } from '../../demo/databases/picture.ts';
import { STORIES } from '../../demo/story.ts';
import { differences } from '../../demo/verify.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { SWITCHED } from '../summary/sample-reports.ts';

const server = SWITCHED.after.find(({ role }) => role === 'production')?.databases[0]?.server ?? '';
const LINKS: LinkSeen[] = [{ from: 'a', to: 'b', state: 'caught up' }];
const EXPECTED = {
  result: SWITCHED.result,
  productionSlot: SWITCHED.productionSlot ?? '',
  writableOn: server,
  links: ['a → b'],
};

test('a run as the story says has no differences', () => {
  expect(differences(EXPECTED, SWITCHED, 0, LINKS)).toEqual([]);
});

const readOnly: RunReport = {
  ...SWITCHED,
  after: SWITCHED.after.map((view) => ({
    ...view,
    databases: view.databases.map((database) => ({ ...database, access: 'read-only' as const })),
  })),
};

test.each([
  ['another result', { ...SWITCHED, result: 'rolled-back' as const }, 0, LINKS, /result rolled-back/],
  ['a red job', SWITCHED, 1, LINKS, /exit code 1/],
  ['users on another slot', { ...SWITCHED, productionSlot: 'other' }, 0, LINKS, /users are on other/],
  ['users who cannot write', readOnly, 0, LINKS, /can write on no server/],
  ['a link too few', SWITCHED, 0, [], /links are none, not a → b/],
  [
    'a link turned round',
    SWITCHED,
    0,
    [{ from: 'b', to: 'a', state: 'caught up' as const }],
    /links are b → a/,
  ],
])('%s is told', (_what, report, exitCode, links, message) => {
  expect(differences(EXPECTED, report, exitCode, links)).toEqual([expect.stringMatching(message)]);
});

test.each(
  Object.entries(STORIES),
)('the story of %s ends on the server that serves users', (_topology, story) => {
  const last = story.acts.at(-1);
  const server =
    last?.kind === 'failover' ? last.sqlServer : last?.kind === 'run' && last.expected.writableOn;
  expect(server).toBe(story.end.sqlServer);
});
