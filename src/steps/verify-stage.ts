// Before anybody is sent there: the upgrade is complete, and V2 answers at its own address. Whether anything was written to
// production since the freeze is asked at the pivot.
import { isUpgradedCopy } from '../application/copy-of-freeze.ts';
import { journalOf, readJournal } from '../application/journal.ts';
import { waitForHealth } from '../application/site-health.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { LINKS, linkTo } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { shell } from '../engine/command-line.ts';
import { blocked, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { askForProfile, nothingRead, type ReadAhead } from './read-ahead.ts';
import { whileThere } from './while-there.ts';

export function verifyStage(context: UpgradeContext, ahead = nothingRead()): Step {
  const { expectedVersion } = context.config.health;
  return {
    id: 'verify-stage',
    title: `Version ${expectedVersion} answers at the stage site's own address`,
    article: null,
    phase: 'switch',
    changes: '',
    pivot: false,
    waitsFor: 'V2 to answer',
    assess: async () => {
      const missing = (await forEachDatabase(context, (pair) => whyNotUpgraded(context, pair))).find(Boolean);
      if (!missing) return toDo();
      return blocked(
        'stage-not-upgraded',
        `The stage database is not upgraded: ${missing}`,
        'Run phase upgrade first.',
      );
    },
    apply: async (run) => {
      context.window.spend('verify V2');
      askForProfile(context, ahead);
      return [await waitForStage(context, ahead, run)];
    },
    undo: null,
  };
}

/** By what the databases say themselves: users wait, and Resource Manager is slower to ask. */
async function whyNotUpgraded(context: UpgradeContext, pair: DatabasePair): Promise<string | null> {
  const { production, stage } = context;
  const where = `${pair.name} on ${stage.server.name}`;
  const [frozen, entry] = await Promise.all([
    context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) =>
      lookAtAll(connection, { links: LINKS, journal: journalOf(context) }),
    ),
    context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
      readJournal(context, connection),
    ),
  ]);
  if (linkTo(frozen.links, stage.server.name)) return `${where} is still linked to ${production.server.name}`;
  if (isUpgradedCopy(production.server.name, frozen.journal, entry)) return null;
  return `${where} says "${entry?.status ?? 'nothing'}"`;
}

async function hostOfStage(context: UpgradeContext, { observed }: ReadAhead): Promise<string> {
  const { site } = context.stage;
  const known = observed?.sites.stage ?? (await context.azure.appService.getSite(site));
  if (known?.defaultHostName) return known.defaultHostName;
  throw new UpgradeError('resource-not-found', `The stage site ${site.site} does not exist`);
}

async function waitForStage(context: UpgradeContext, ahead: ReadAhead, run: StepRun): Promise<string> {
  const { site, resourceGroup } = context.stage.site;
  const host = await hostOfStage(context, ahead);
  const { timeoutMs } = context.config.health;
  const wait = await whileThere(context, 'stage', run, (watched) =>
    waitForHealth(context, host, watched, { timeoutMs, usersWait: true }),
  );
  if (wait.kind === 'healthy') return wait.evidence;
  throw new UpgradeError(
    'stage-unhealthy',
    `Version ${context.config.health.expectedVersion} does not answer at the stage site: ${wait.evidence}`,
    {
      advice: [
        `Deploy V2 to ${site} and look at its log: ${shell`az webapp log tail -g ${resourceGroup} -n ${site}`}`,
      ],
    },
  );
}
