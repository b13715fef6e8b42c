// What guards say in the job's log, which a person reads before users can no longer write.
import { expect, test } from '@jest/globals';
import type { GuardRecord } from '../../src/engine/report.ts';
import { tellGuards } from '../../src/phases/tell-guards.ts';

const guard = (changes: Partial<GuardRecord>): GuardRecord => ({
  id: 'one',
  title: 'The stage site answers as V2',
  verdict: 'not-knowable',
  reason: null,
  evidence: 'it answered 1.0.0',
  advice: '',
  ...changes,
});

test('what somebody should look at is a warning of its own, outside of the folded group', () => {
  const told: string[] = [];
  const log = {
    line: (text: string) => told.push(`line ${text}`),
    warning: (text: string) => told.push(`warning ${text}`),
    group: (title: string) => told.push(`group ${title}`),
    endGroup: () => told.push('end'),
  };
  tellGuards(log, 'upgrade', [
    guard({ advice: 'Deploy V2.' }),
    guard({}),
    guard({ verdict: 'fail', advice: 'x' }),
  ]);
  expect(told).toEqual([
    'group Guards of upgrade: 0 of 3 pass',
    ...['not-knowable', 'not-knowable', 'fail'].map(
      (verdict) => `line ${verdict}: The stage site answers as V2: it answered 1.0.0`,
    ),
    'end',
    'warning The stage site answers as V2? it answered 1.0.0.\nDeploy V2.',
  ]);
});
