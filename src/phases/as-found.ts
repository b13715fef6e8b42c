// A run that has done all it was asked to, and finds the application in need of a person when it looks once more: that is no
// green end. What somebody does to production meanwhile is often seen by nobody else.
import { setGroupPrimary, setPrimary } from '../application/geo-replication-commands.ts';
import { sendToStage } from '../application/moving-users-commands.ts';
import type { DatabaseSide } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { databaseOn, failedOverAlone, isFailedOver } from '../application/regions.ts';
import { foundSentBack } from '../application/sent-back.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import type { EndpointView, Phase } from '../engine/report.ts';
import { UpgradeError } from '../reasons.ts';
import { databasesGone } from './database-gone.ts';
import { databasesApart } from './databases-apart.ts';
import { told } from './failed-over.ts';
import type { Seen } from './look-around.ts';
import { type PhaseOutcome, stopped } from './phase-outcome.ts';
import { onlyLooks } from './report-parts.ts';
import { isLeftUpgraded } from './state-found.ts';
import { sentFirst, serving, tellingAccess } from './verdict-facts.ts';

export interface AsFound {
  readonly phases: readonly Phase[];
  /** Whether the run has changed anything. */
  readonly changed: boolean;
  /** Null where it could not be looked. */
  readonly before: Seen | null;
  readonly after: Seen | null;
}

/** The outcome; stopped where it was completed, and users need a person who does something. */
export function asFound(outcome: PhaseOutcome, { phases, changed, before, after }: AsFound): PhaseOutcome {
  if (outcome.kind === 'stopped' || onlyLooks(phases) || after === null) return outcome;
  const error =
    databasesGone(after.context, after.observed) ??
    foundSentBack(after.context, after.observed.databases) ??
    // A way back follows a failover, and tells it.
    (phases.includes('rollback') ? null : movedMeanwhile(before, after)) ??
    readOnly(phases, before, after) ??
    besideReader(after) ??
    unprotected(before, after) ??
    // A site that could not serve while it could not write is asked by Traffic Manager again in a moment; after a failover it is not.
    (phases.includes('rollback') && !isFailedOver(after.context) ? null : passedOver(after.endpoints));
  return error === null ? outcome : stopped(changed ? 'held' : 'refused', error);
}

function movedMeanwhile(before: Seen | null, { context }: Seen): UpgradeError | null {
  if (before && isElsewhere(before.context)) return null; // it was so, and the run was let go on all the same
  const apart = databasesApart(context);
  if (apart) return apart;
  if (!isFailedOver(context)) return null;
  return new UpgradeError(
    'region-mismatch',
    `Production was failed over while this run was at work: ${told(context)} now`,
    { advice: takeBack(context) },
  );
}

/**
 * The site of the other region that users go on opening after production was failed over; null where there is none. Where slots
 * are swapped no profile tells where they are: they open the name of the primary region's site, as long as that answers.
 */
export function siteLeftBehind({ context, endpoints }: Seen): EndpointView | null {
  const { config, production } = context;
  if (config.switchMethod !== 'slot-swap' || !isFailedOver(context)) return null;
  if (production.config.failoverGroup !== null) return null; // its listener leads to the database that takes writes
  const left = endpoints.find(({ role, standby, version, databases }) => {
    return role === 'production' && standby && version !== null && tellingAccess(databases) === 'read-only';
  });
  return left ?? null;
}

function besideReader(after: Seen): UpgradeError | null {
  const site = siteLeftBehind(after);
  if (site === null) return null;
  return new UpgradeError(
    'region-mismatch',
    `Production was failed over: ${told(after.context)} now, and users who open ${site.site} in ${site.region ?? 'the other region'} can only read`,
    { advice: takeBack(after.context) },
  );
}

function isElsewhere(context: UpgradeContext): boolean {
  return isFailedOver(context) || failedOverAlone(context).length > 0;
}

function takeBack({ production, databases }: UpgradeContext): string[] {
  const { standby } = production;
  if (!standby) return [];
  const { failoverGroup } = production.config;
  const { sqlResourceGroup: resourceGroup, sqlServer: server } = standby.config;
  const commands =
    failoverGroup === null
      ? databases.map(({ name }) => setPrimary(databaseOn(standby, name), 'planned'))
      : [setGroupPrimary({ resourceGroup, server }, failoverGroup, 'planned')];
  return [
    [
      `An upgrade begins with production on ${server}. To take it back there (planned: nothing is lost; both regions have to answer):`,
      ...commands,
    ].join('\n'),
  ];
}

/** Only an upgrade that is complete leaves production so, for the switch. */
function readOnly(phases: readonly Phase[], before: Seen | null, after: Seen): UpgradeError | null {
  const production = serving(after.endpoints);
  if (!production || tellingAccess(production.databases) !== 'read-only') return null;
  const isUpgrade = phases.at(-1) === 'upgrade';
  if (isUpgrade && isLeftUpgraded(after.observed)) return null;
  const below = belowStage(after);
  if (below.length > 0) return isMoved(before, after) ? movedToCopy(after, below) : failedOverToStage(below);
  if (isUpgrade) return notAsLeft(after.context, after.observed.state);
  if (isFrozenByTool(after)) return null; // another run's, that is at work
  const names = production.databases
    .filter(({ access }) => access === 'read-only')
    .map(({ name, server }) => `${name} on ${server}`)
    .join(', ');
  return new UpgradeError(
    'production-frozen-elsewhere',
    `Production is read-only (${names}), and this run has not left it so`,
    { advice: ['Find out who set it read-only: this tool does not undo what it has not done.'] },
  );
}

function isFrozenByTool({ observed }: Seen): boolean {
  return observed.databases
    .filter(({ production }) => production.access === 'read-only')
    .every(({ production }) => production.journal?.status === 'freezing');
}

/** Databases of production that are geo-secondaries of the stage database now. */
function belowStage({ context, observed }: Seen): readonly DatabasePair[] {
  return context.databases.filter(({ name, stage }) => {
    const links = observed.databases.find((one) => one.name === name)?.production.links ?? [];
    return links.some(
      ({ role, partnerServer }) => role !== 'Primary' && sameName(partnerServer, stage.server),
    );
  });
}

/** Somebody has sent users to the other slot. */
function isMoved(before: Seen | null, { context }: Seen): boolean {
  return before !== null && !sameName(before.context.production.config.name, context.production.config.name);
}

function movedToCopy({ context }: Seen, below: readonly DatabasePair[]): UpgradeError {
  const { production, stage } = context;
  const where = below.map(({ name }) => name).join(', ');
  return new UpgradeError(
    'region-mismatch',
    `Somebody has sent users to ${production.config.name} while this run was at work, and ${where} on ${production.server.name} is a geo-secondary of ${stage.server.name}: users can read, not write`,
    { advice: [sendToStage(context)] },
  );
}

function failedOverToStage(below: readonly DatabasePair[]): UpgradeError {
  const where = below.map(({ name, stage }) => `${name} to ${stage.server}`).join(', ');
  return new UpgradeError(
    'region-mismatch',
    `Production was failed over to the stage database while this run was at work (${where}): users can read, not write`,
    {
      advice: [
        [
          'Make production the primary again (planned: nothing is lost):',
          ...below.map(({ production }) => setPrimary(production, 'planned')),
        ].join('\n'),
      ],
    },
  );
}

function notAsLeft({ stage }: UpgradeContext, state: string): UpgradeError {
  return new UpgradeError(
    'stage-compromised',
    `The upgrade was complete, and the databases of ${stage.config.name} are not as it has left them any more: the application is ${state}`,
    {
      advice: [
        `Find out who has changed ${stage.server.name}. Then run phase rollback: it gives production back.`,
      ],
    },
  );
}

/** The slot that users are on had a geo-secondary of its database when the run began, and has none now. */
function unprotected(before: Seen | null, { context, observed, backup }: Seen): UpgradeError | null {
  const { config, standby } = context.production;
  if (before === null || standby === null || isElsewhere(context)) return null;
  const role = sameName(before.context.production.config.name, config.name) ? 'production' : 'stage';
  const was = before.observed.databases
    .filter(({ protection }) => protection?.[role])
    .map(({ name }) => name);
  const lost = observed.databases.filter(
    ({ name, production, protection }) =>
      was.includes(name) &&
      isRead(production) &&
      protection !== null &&
      (protection.production === null || isOnItsOwn(backup, name)),
  );
  if (lost.length === 0) return null;
  const where = lost.map(({ name, production }) => `${name} on ${production.ref.server}`).join(', ');
  return new UpgradeError(
    'standby-missing',
    `Production has lost its geo-secondary on ${standby.server.name} while this run was at work: ${where}`,
    {
      advice: [
        `A disaster would take the data with it. What is on ${standby.server.name} is a database of its own now, and may have been written: look at it, then replicate production there again.`,
      ],
    },
  );
}

/** What takes writes in the backup region is no geo-secondary, whatever link its primary still lists. */
function isOnItsOwn(backup: Seen['backup'], name: string): boolean {
  return backup?.databases.find((one) => one.name === name)?.production.access === 'read-write';
}

/** Resource Manager has told its links. */
function isRead({ info, access }: DatabaseSide): boolean {
  return info !== null && (access === 'read-write' || access === 'read-only');
}

/** Traffic Manager finds production's site not healthy, and users can only read where they are sent. */
function passedOver(after: readonly EndpointView[]): UpgradeError | null {
  const production = serving(after);
  if (!production || tellingAccess(production.databases) !== 'read-write') return null;
  const first = sentFirst(after, production);
  if (!first) return null;
  return new UpgradeError(
    'production-unhealthy',
    `Traffic Manager sends users to ${first.site} before ${production.site}, which takes their writes`,
    {
      advice: [
        `Look why ${production.site} is ${production.monitorStatus ?? 'not healthy'} to Traffic Manager.`,
      ],
    },
  );
}
