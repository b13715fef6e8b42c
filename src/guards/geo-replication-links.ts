import type { DatabaseObservation, Observation } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { databaseOn, standbyOf } from '../application/regions.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseRef, ReplicationLink } from '../azure/ports.ts';
import type { ReadBackupRegion } from './backup-region.ts';
import { linkFromStandby } from './failed-over.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import {
  deleteLink,
  geoSecondaries,
  isSecondary,
  noRoom,
  severalToStage,
  stageState,
  toServer,
} from './replication-links.ts';
import { allOf, fail, notKnowable, pass, perDatabase } from './verdict.ts';

/**
 * Four databases and three links: production to its standby, production to stage, stage to its standby. Any other
 * between the four servers would be cut, or be in the way of one that has to be made.
 */
export function geoReplicationLinks(read: ReadBackupRegion): Guard {
  return {
    id: 'replication-links',
    title: 'The geo-replication links are those that an upgrade expects',
    phases: ['prepare', 'upgrade'],
    check: async (context, observed, phase) => {
      const backup = await read(context, observed);
      const standbys = backup.kind === 'answers' ? backup.observed.databases : [];
      return perDatabase(context, observed, (pair, seen) => {
        if (!seen.production.info) return notKnowable(`${pair.name} is not on ${pair.production.server}`);
        if (linkFromStandby(context, seen.production.links)) {
          return notKnowable(`${pair.name} was failed over to its standby`);
        }
        const there = standbys.find(({ name }) => name === pair.name);
        return (
          isSecondary(pair, seen) ??
          severalToStage(pair, seen) ??
          unexpected(context, observed, linksOf(context, pair, seen, there)) ??
          noRoom(pair, seen) ??
          allOf([
            stageState(pair, seen, phase, observed.state, standbyOf(context, 'production').server.name),
            chainState(context, pair, seen, phase),
          ])
        );
      });
    },
  };
}

/** The links of one database as their primary, and the server to which it may have one, or must not. */
interface Links {
  readonly from: DatabaseRef;
  readonly links: readonly ReplicationLink[];
  readonly expected: readonly string[];
  /** Production may replicate to anywhere outside, for reports or a third region; the stage is made anew. */
  readonly others: 'left-alone' | 'unexpected';
}

function linksOf(
  context: UpgradeContext,
  pair: DatabasePair,
  seen: DatabaseObservation,
  there: DatabaseObservation | undefined,
): Links[] {
  const [standby, stageStandby] = [standbyOf(context, 'production'), standbyOf(context, 'stage')];
  const own = (ref: DatabaseRef, links: readonly ReplicationLink[] | undefined) => ({
    from: ref,
    links: geoSecondaries(links ?? []),
  });
  return [
    {
      ...own(pair.production, seen.production.links),
      expected: [pair.stage.server, standby.server.name],
      others: 'left-alone',
    },
    {
      ...own(pair.stage, seen.stage.links),
      expected: [stageStandby.server.name],
      others: 'unexpected',
    },
    { ...own(databaseOn(standby, pair.name), there?.production.links), expected: [], others: 'left-alone' },
    { ...own(databaseOn(stageStandby, pair.name), there?.stage.links), expected: [], others: 'unexpected' },
  ];
}

function unexpected(
  context: UpgradeContext,
  { state }: Observation,
  databases: readonly Links[],
): Verdict | null {
  // After a switch the stage is V1: what it has besides is its owner's, and cleanup leaves it alone.
  const strict = state !== 'switched';
  const wrong = databases.flatMap(({ from, links, expected, others }) =>
    links
      .filter((link) => !expected.some((server) => toServer(link, server)))
      .filter((link) => (others === 'unexpected' && strict) || isOfApplication(context, link.partnerServer))
      .map((link) => ({ from, link })),
  );
  if (wrong.length === 0) return null;
  return fail(
    'replication-link-unexpected',
    wrong
      .map(({ from, link }) => `${from.database} on ${from.server} is replicated to ${link.partnerServer}`)
      .join('; '),
    `Expected are ${expectedLinks(context)}.`,
    ...removals(context, wrong),
  );
}

/** Between the application's own servers it is the file that is wrong more often than the link: none is given away. */
function removals(
  context: UpgradeContext,
  wrong: readonly { readonly from: DatabaseRef; readonly link: ReplicationLink }[],
): string[] {
  const foreign = wrong.filter(({ link }) => !isOfApplication(context, link.partnerServer));
  const own = foreign.length < wrong.length;
  return [
    ...(own
      ? [
          'Look first whether the configuration file gives every server to its slot and region: a link between them may protect users.',
        ]
      : []),
    ...(foreign.length > 0
      ? [
          'Remove what is not expected (after a failover Azure may list a former link for a while: look again first):',
          ...foreign.map(({ from, link }) => deleteLink(from, link.partnerServer)),
        ]
      : []),
  ];
}

function isOfApplication(context: UpgradeContext, server: string): boolean {
  return deployments(context).some((one) => sameName(one.server.name, server));
}

function deployments(context: UpgradeContext) {
  const { production, stage } = context;
  return [production, standbyOf(context, 'production'), stage, standbyOf(context, 'stage')];
}

function expectedLinks(context: UpgradeContext): string {
  const [production, standby, stage, stageStandby] = deployments(context).map(({ server }) => server.name);
  return `${production} to ${standby}, ${production} to ${stage}, ${stage} to ${stageStandby}`;
}

function chainState(
  context: UpgradeContext,
  pair: DatabasePair,
  { protection }: DatabaseObservation,
  phase: GuardedPhase,
): Verdict {
  const link = protection?.stage ?? null;
  const told = `${pair.stage.server} to ${standbyOf(context, 'stage').server.name}`;
  const needed = phase === 'upgrade' && context.config.standbyMode === 'chained';
  if (!link) {
    if (!needed) return pass(`${told} has no link yet`);
    return fail(
      'standby-missing',
      `${pair.name}: ${told} has no link`,
      "Run phase prepare: it makes the stage's geo-secondary.",
    );
  }
  if (link.state === 'SUSPENDED') {
    return fail(
      'standby-not-caught-up',
      `${pair.name}: ${told} is SUSPENDED: nothing is replicated`,
      'Look at the backup region first. A link that stays suspended: run rollback with rollback.stage: remove, then prepare again.',
    );
  }
  if (needed && link.state !== 'CATCH_UP') {
    return fail(
      'seeding-not-complete',
      `${pair.name}: ${told} is ${link.state}, ${link.percentComplete ?? '?'} %`,
      'Run phase prepare: it waits until the stage database in the backup region has caught up.',
    );
  }
  return pass(`${told} is ${link.state}`);
}
