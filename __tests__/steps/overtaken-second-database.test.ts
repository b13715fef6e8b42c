// The lock is in the first database; the others are asked themselves whose they are.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { config, freezing } from '../guards/parts.ts';
import { frozenPair } from './frozen-pair.ts';
import { sessionsWith } from './sessions-with.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test('of two databases the second is not said to be given back where another run has announced a freeze there meanwhile', async () => {
  const pair = () => frozenPair({ production: { mode: 'READ_ONLY', journal: freezing(), lock: 'free' } });
  const [contoso, billing] = [pair(), pair()];
  const of = (name: string) => (name === 'contoso' ? contoso : billing);
  const known = createKnownEntries();
  for (const database of ['contoso', 'billing'])
    known.note({ server: 'contoso-sql-blue', database }, freezing());
  const context: UpgradeContext = {
    ...contoso.context,
    known,
    runUrl: 'A',
    config: config(),
    databases: ['contoso', 'billing'].flatMap((name) =>
      contoso.context.databases.map((one) => ({ ...one, name })),
    ),
    // Real sessions, each with its regain.
    sessions: {
      ...sessionsWith((target, use) => of(target.database).context.sessions.on(target, use)),
      onTaking: (target, ...rest) => of(target.database).context.sessions.onTaking(target, ...rest),
    },
  };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const theirs = { ...freezing(), upgradeId: 'u2', at: '2026-01-01T00:05:00.000Z', runUrl: 'B', writer: 'B' };
  let opened = false;
  let stood = false;
  billing.production.before = (text) => {
    if (text.includes('SET READ_WRITE')) opened = true;
    else if (opened && !stood && !text.includes('Updateability')) {
      // It has opened both and stands still; its connections end. Another run announces its freeze in both.
      stood = true;
      for (const { production, opened: connections } of [contoso, billing]) {
        for (const { connection } of connections) void connection.close();
        production.journal = theirs;
        production.lock = 'taken';
      }
    }
  };
  await contoso.ended(Promise.resolve(unfreeze(context).apply(run)));
  expect(stood).toBe(true);
  // The other run's freeze takes effect; it fails later on and is to give production back.
  for (const { production } of [contoso, billing])
    Object.assign(production, { mode: 'READ_ONLY', lock: 'ours' });
  const other = { ...context, runUrl: 'B', newUpgradeId: 'B', known: createKnownEntries() };
  const back = await contoso.ended(Promise.resolve(unfreeze(other).apply(run))).then(
    () => 'given back',
    (error) => error.reason,
  );
  expect([back, billing.production.mode]).toEqual(['given back', 'READ_WRITE']);
});
