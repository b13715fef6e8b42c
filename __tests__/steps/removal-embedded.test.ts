// Removal in both regions on the embedded Azure, which refuses what Azure refuses: the stage slot as prepare left it, and
// V1 after a switch, in a failover group.
import { afterEach, expect, test } from '@jest/globals';
import { writeJournal } from '../../src/application/journal.ts';
import { sqlTarget, type UpgradeContext } from '../../src/application/upgrade-context.ts';
import { setReadOnly, setReadWrite } from '../../src/azure/tsql/access-mode.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { runSteps } from '../../src/engine/run.ts';
import type { Sequence } from '../../src/engine/step.ts';
import { afterSwitch } from '../../src/phases/connect-application.ts';
import { createSecondary, createStandbySecondary } from '../../src/steps/create-secondary.ts';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { endLink } from '../../src/steps/remove-until-gone.ts';
import { removeV1Database } from '../../src/steps/remove-v1.ts';
import { removeV1FailoverGroup } from '../../src/steps/remove-v1-failover-group.ts';
import { removeV1Standby } from '../../src/steps/remove-v1-standby.ts';
import { waitForSeeding, waitForStandbySeeding } from '../../src/steps/wait-for-seeding.ts';
import { type EmbeddedApplication, startEmbedded } from './embedded-application.ts';

const { signal } = new AbortController();
const run = { signal, progress: () => {} };

let app: EmbeddedApplication | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

async function carryOut(context: UpgradeContext, steps: Sequence): Promise<void> {
  const recorder = createRecorder(context.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const outcome = await runSteps(steps, recorder, signal);
  if (outcome.kind === 'failed') throw outcome.error;
}

async function prepared(): Promise<EmbeddedApplication> {
  app = await startEmbedded({}, { rollback: { stage: 'remove' } });
  const { context } = app;
  await carryOut(context, [
    createSecondary(context),
    waitForSeeding(context),
    createStandbySecondary(context),
    waitForStandbySeeding(context),
  ]);
  return app;
}

/** What was deleted, in order: "contoso-sql-2 link", "contoso-sql-3 contoso". */
function deletions({ writes }: EmbeddedApplication): string[] {
  return writes.flatMap((write) => {
    const [, server, rest = ''] = /^DELETE .*\/servers\/([^/]+)\/(.*)$/.exec(write) ?? [];
    if (server === undefined) return [];
    return [`${server} ${rest.includes('replicationLinks') ? 'link' : rest.split('/').at(-1)}`];
  });
}

const linksIn = ({ local }: EmbeddedApplication) =>
  [
    ...new Set(
      local
        .state()
        .databases.flatMap(({ links }) => links)
        .map(({ primary, secondary }) => `${primary.server} → ${secondary.server}`),
    ),
  ].sort();

test('what prepare has made goes again, and production keeps its geo-secondary', async () => {
  const one = await prepared();
  expect(await removeStage(one.context).apply(run)).toMatchObject({ kind: 'undone' });
  expect(deletions(one)).toEqual(['contoso-sql-2 link', 'contoso-sql-3 contoso', 'contoso-sql-2 contoso']);
  expect(linksIn(one)).toEqual(['contoso-sql-1 → contoso-sql-dr']);
  expect(await removeStage(one.context).apply(run)).toMatchObject({ kind: 'nothing-to-undo' });
});

/** The same with users on V2, as the databases tell it. */
async function switched(): Promise<{ one: EmbeddedApplication; context: UpgradeContext }> {
  const one = await prepared();
  const { context } = one;
  const [pair] = context.databases;
  if (!pair) throw new Error('no database');
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    await writeJournal(context, 'production', connection, { upgradeId: 'u1', status: 'freezing' });
    await setReadOnly(connection, 1, signal);
  });
  await endLink(context, pair.production, pair.stage, run, async () => true);
  await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    await setReadWrite(connection);
    await writeJournal(context, 'stage', connection, { upgradeId: 'u1', status: 'serving' });
  });
  return { one, context: afterSwitch(context) };
}

test('V1 goes in both regions, its failover group first, and V2 keeps its geo-secondary', async () => {
  const { one, context } = await switched();
  const { stage } = context;
  const source = await context.azure.sql.getDatabase(context.databases[0]?.stage ?? fail());
  await context.azure.sql.createFailoverGroup(
    {
      name: 'contoso-fog-blue',
      server: { resourceGroup: stage.config.sqlResourceGroup, server: stage.config.sqlServer },
      partnerServerId: stage.standby?.server.id ?? '',
      databaseIds: [source?.id ?? ''],
      policy: { failover: 'Manual', graceMinutes: null },
      tags: {},
    },
    () => {},
  );
  const before = deletions(one).length;
  await carryOut(context, [
    removeV1FailoverGroup(context),
    removeV1Standby(context),
    removeV1Database(context),
  ]);
  expect(deletions(one).slice(before)).toEqual([
    'contoso-sql-1 contoso-fog-blue',
    'contoso-sql-1 link',
    'contoso-sql-dr contoso',
    'contoso-sql-1 contoso',
  ]);
  expect(linksIn(one)).toEqual(['contoso-sql-2 → contoso-sql-3']);
});

function fail(): never {
  throw new Error('no database');
}
