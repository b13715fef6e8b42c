// prepare of two regions on the embedded Azure: what it leaves there, in which order, and that production is not
// touched.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import type { Config } from '../../src/config/config.ts';
import { createRecorder, type Recorder } from '../../src/engine/recorder.ts';
import { runSteps } from '../../src/engine/run.ts';
import type { Sequence } from '../../src/engine/step.ts';
import { createSecondary, createStandbySecondary } from '../../src/steps/create-secondary.ts';
import { failoverProfile } from '../../src/steps/failover-profile.ts';
import { stageSite, standbySite } from '../../src/steps/stage-site.ts';
import { waitForSeeding, waitForStandbySeeding } from '../../src/steps/wait-for-seeding.ts';
import { type EmbeddedApplication, startEmbedded } from './embedded-application.ts';

const signal = new AbortController().signal;
const run = { signal, progress: () => {} };

let app: EmbeddedApplication | null = null;

afterEach(async () => {
  await app?.close();
  app = null;
});

async function start(
  options: Partial<LocalAzureOptions> = {},
  changes: Partial<Config> = {},
): Promise<EmbeddedApplication> {
  app = await startEmbedded(options, changes);
  return app;
}

/** As the topology has it. */
function prepareOf({ context }: EmbeddedApplication): Sequence {
  const databases = [
    createSecondary(context),
    waitForSeeding(context),
    createStandbySecondary(context),
    waitForStandbySeeding(context),
  ];
  return [
    { sideBySide: [databases, [stageSite(context)], [standbySite(context)]] },
    failoverProfile(context),
  ];
}

async function prepared(one: EmbeddedApplication): Promise<Recorder> {
  const quiet = { started: () => {}, progress: () => {}, ended: () => {} };
  const recorder = createRecorder(one.context.clock, quiet);
  const outcome = await runSteps(prepareOf(one), recorder, signal);
  if (outcome.kind === 'failed') throw outcome.error;
  return recorder;
}

/** "contoso-sql-1 → contoso-sql-dr CATCH_UP", every link once. */
function linksIn({ local }: EmbeddedApplication): string[] {
  const all = local.state().databases.flatMap(({ links }) => links);
  const lines = all.map(
    ({ primary, secondary, state }) => `${primary.server} → ${secondary.server} ${state}`,
  );
  return [...new Set(lines)].sort();
}

async function endpointsIn({ context }: EmbeddedApplication): Promise<string[]> {
  const ref = context.config.trafficManager;
  const profile = ref && (await context.azure.trafficManager.getProfile(ref));
  return (profile?.endpoints ?? []).map((one) => `${one.name} ${one.status} ${one.priority}`);
}

const databaseOn = (server: string) =>
  expect.stringMatching(new RegExp(`servers/${server}/databases/contoso$`));
const PREPARED = [
  'contoso-sql-1 → contoso-sql-2 CATCH_UP',
  'contoso-sql-1 → contoso-sql-dr CATCH_UP',
  'contoso-sql-2 → contoso-sql-3 CATCH_UP',
];
const ENDPOINTS = [
  'contoso-1 Enabled 1',
  'contoso-dr Enabled 2',
  'contoso-2 Disabled 3',
  'contoso-3 Disabled 4',
];

describe('prepare of two regions', () => {
  test('leaves a chain of caught-up copies and four endpoints, of which the new ones are offline', async () => {
    const one = await start();
    const recorder = await prepared(one);
    expect(linksIn(one)).toEqual(PREPARED);
    expect(await endpointsIn(one)).toEqual(ENDPOINTS);
    const evidence = recorder.steps.flatMap((step) => step.evidence);
    expect(evidence).toContain('contoso: CATCH_UP on both sides, contoso-sql-2 and contoso-sql-3');
  });

  test("writes the two copies, the nearer one first, and two endpoints; nothing of production's", async () => {
    const one = await start();
    const { context } = one;
    const before = await context.azure.sql.listLinks({
      resourceGroup: 'contoso-blue',
      server: 'contoso-sql-1',
      database: 'contoso',
    });
    await prepared(one);
    expect(one.writes).toEqual([
      databaseOn('contoso-sql-2'),
      databaseOn('contoso-sql-3'),
      expect.stringMatching(/externalEndpoints\/contoso-2$/i),
      expect.stringMatching(/externalEndpoints\/contoso-3$/i),
    ]);
    const [after] = one.local.fabric.links('contoso-sql-dr', 'contoso');
    expect(after?.id).toBe(before[0]?.id);
  });

  test('the second time changes nothing', async () => {
    const one = await start();
    await prepared(one);
    const written = one.writes.length;
    const again = await prepared(one);
    expect(again.steps.map((step) => step.state)).toEqual(again.steps.map(() => 'already-done'));
    expect(one.writes.length).toBe(written);
  });

  test('goes on after a run whose answers to every creation were lost', async () => {
    const one = await start();
    one.local.faults.add({ at: 'arm PUT .*databases/contoso', fault: { kind: 'drop-after' }, times: 2 });
    await prepared(one);
    expect(linksIn(one)).toEqual(PREPARED);
  });

  test('creates both stage sites like their twins, each tied to its own server', async () => {
    const one = await start({ createWebApp: true });
    await prepared(one);
    const { appService } = one.context.azure;
    const serversOf = async (resourceGroup: string, site: string) => {
      const strings = await appService.listConnectionStrings({ resourceGroup, site, deploymentSlot: null });
      return Object.values(strings).map(({ value }) => /contoso-sql-\w+/.exec(value)?.[0]);
    };
    expect(await serversOf('contoso-green', 'contoso-2')).toEqual(['contoso-sql-2']);
    expect(await serversOf('contoso-green-dr', 'contoso-3')).toEqual(['contoso-sql-3']);
    const sites = { resourceGroup: 'contoso-green-dr', site: 'contoso-3', deploymentSlot: null };
    expect(await appService.getSite(sites)).toMatchObject({
      location: expect.stringMatching(/^west ?europe$/i),
      tags: { 'rolling-upgrade-created-by': one.context.config.application },
    });
  });

  test('creates the profile with the standby online behind production', async () => {
    const one = await start({ profile: 'absent' });
    await prepared(one);
    expect(await endpointsIn(one)).toEqual(ENDPOINTS);
  });
});

describe("the stage database's own geo-secondary", () => {
  test('waits for the stage database, there and caught up', async () => {
    const one = await start();
    const chained = createStandbySecondary(one.context);
    expect(await chained.assess(run)).toMatchObject({ kind: 'later' });
    await createSecondary(one.context).apply(run);
    await waitForSeeding(one.context).apply(run);
    const [link] = one.local.fabric.links('contoso-sql-2', 'contoso');
    one.local.fabric.setLinkState(link?.id ?? '', 'SUSPENDED');
    expect(await chained.assess(run)).toMatchObject({
      kind: 'later',
      evidence: [expect.stringMatching(/^contoso: .*SUSPENDED/)],
    });
    one.local.fabric.setLinkState(link?.id ?? '', 'CATCH_UP');
    expect(await chained.assess(run)).toMatchObject({ kind: 'to-do' });
  });

  test('after termination: not before the link is cut, then of the stage database alone', async () => {
    const one = await start({}, { standbyMode: 'after-termination' });
    const step = createStandbySecondary(one.context);
    expect(step.phase).toBe('upgrade');
    await createSecondary(one.context).apply(run);
    await waitForSeeding(one.context).apply(run);
    expect(await step.assess(run)).toMatchObject({
      kind: 'later',
      evidence: ['contoso: only once the link to production is cut'],
    });
    const [link] = one.local.fabric.links('contoso-sql-2', 'contoso');
    one.local.fabric.removeLink(link?.id ?? '');
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    await step.apply(run);
    await waitForStandbySeeding(one.context).apply(run);
    expect(linksIn(one)).toEqual([
      'contoso-sql-1 → contoso-sql-dr CATCH_UP',
      'contoso-sql-2 → contoso-sql-3 CATCH_UP',
    ]);
  });
});
