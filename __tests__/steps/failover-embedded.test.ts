// A person fails databases over during an upgrade, on the embedded Azure, which remembers writes and commits as SQL Server
// does: what users wrote meanwhile is neither overlooked by the switch nor deleted by the way back.
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { writeJournal } from '../../src/application/journal.ts';
import { inBackupRegion } from '../../src/application/regions.ts';
import {
  type DatabasePair,
  type Role,
  sqlTarget,
  type UpgradeContext,
} from '../../src/application/upgrade-context.ts';
import { setReadOnly, setReadWrite } from '../../src/azure/tsql/access-mode.ts';
import { createSecondary, createStandbySecondary } from '../../src/steps/create-secondary.ts';
import { announce, freeze } from '../../src/steps/freeze.ts';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { endLink } from '../../src/steps/remove-until-gone.ts';
import { assertUntouched } from '../../src/steps/untouched.ts';
import { waitForSeeding, waitForStandbySeeding } from '../../src/steps/wait-for-seeding.ts';
import { type EmbeddedApplication, startEmbedded } from './embedded-application.ts';

const { signal } = new AbortController();
const run = { signal, progress: () => {} };

let app: EmbeddedApplication | null = null;
afterEach(async () => {
  app?.context.window.close(); // its limit would keep the process alive
  await app?.close();
  app = null;
});

interface Frozen {
  readonly one: EmbeddedApplication;
  readonly pair: DatabasePair;
}

/** Frozen, cut and upgraded. */
async function upgraded(): Promise<Frozen> {
  app = await startEmbedded({}, { rollback: { stage: 'remove' } });
  const { context } = app;
  const [pair] = context.databases;
  if (!pair) throw new Error('no database');
  const steps = [createSecondary, waitForSeeding, createStandbySecondary, waitForStandbySeeding];
  for (const step of steps) await step(context).apply(run);
  await announce(context, pair, 'u1');
  await freeze(context, pair, signal);
  await endLink(context, pair.production, pair.stage, run, async () => true);
  await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    await setReadWrite(connection);
    await writeJournal(context, 'stage', connection, { upgradeId: 'u1', status: 'upgraded' });
  });
  return { one: app, pair };
}

/** Planned: nothing is lost. */
async function failOver({ local }: EmbeddedApplication, from: string, to: string): Promise<void> {
  const link = local.fabric.links(from, 'contoso').find(({ secondary }) => secondary.server === to);
  if (!link) throw new Error(`no link from ${from} to ${to}`);
  await local.fabric.failover(link.id, { forced: false });
}

/** What a person, or a user, writes into that role's database in the region of this view. */
async function write(view: UpgradeContext, role: Role, before = '', after = ''): Promise<void> {
  const [pair] = view.databases;
  if (!pair) throw new Error('no database');
  await view.sessions.on(sqlTarget(view, role, pair.name), async (connection) => {
    if (before === 'READ_WRITE') await setReadWrite(connection);
    await connection.query(
      `INSERT INTO dbo.Orders (Id, Customer, Amount) VALUES ('${randomUUID()}', N'Adatum', 1);`,
    );
    if (after === 'READ_ONLY') await setReadOnly(connection, 0, signal);
  });
}

test('production that was frozen and not touched is not suspected', async () => {
  const { one, pair } = await upgraded();
  expect(await assertUntouched(one.context, pair)).toContain('no write since the freeze');
});

test('written on its geo-secondary between a failover and the failback: nobody is sent to the copy', async () => {
  const { one, pair } = await upgraded();
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // more than clocks may differ
  await failOver(one, 'contoso-sql-1', 'contoso-sql-dr');
  await write(inBackupRegion(one.context), 'production', 'READ_WRITE', 'READ_ONLY');
  await failOver(one, 'contoso-sql-dr', 'contoso-sql-1');
  await expect(assertUntouched(one.context, pair)).rejects.toMatchObject({
    reason: 'production-frozen-elsewhere',
  });
});

test('V2 served in the backup region, and its pair was cut there: what users wrote is kept', async () => {
  const { one, pair } = await upgraded();
  const { context } = one;
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    await setReadWrite(connection);
    await writeJournal(context, 'production', connection, { upgradeId: 'u1', status: 'unfrozen' });
  });
  await failOver(one, 'contoso-sql-2', 'contoso-sql-3');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await write(inBackupRegion(context), 'stage');
  const [link] = one.local.fabric.links('contoso-sql-3', 'contoso');
  one.local.fabric.removeLink(link?.id ?? '');
  const outcome = await removeStage(context).apply(run);
  expect(outcome.evidence.join('; ')).toContain('contoso on contoso-sql-3 is kept: it was written at');
  expect(one.local.fabric.hasDatabase('contoso-sql-3', 'contoso')).toBe(true);
  await removeStage({ ...context, confirm: 'remove green' }).apply(run);
  expect(one.local.fabric.hasDatabase('contoso-sql-3', 'contoso')).toBe(false);
});
