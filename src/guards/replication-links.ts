import { setPrimary } from '../application/geo-replication-commands.ts';
import { type DatabaseObservation, linkToSecondary } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import type { DatabasePair } from '../application/upgrade-context.ts';
import type { DatabaseRef, ReplicationLink } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { SlotState } from '../engine/report.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { fail, notKnowable, pass, perDatabase } from './verdict.ts';

/** Geo-secondaries a primary may have. Source: active geo-replication overview. */
const MOST_SECONDARIES = 4;

export const replicationLinks: Guard = {
  id: 'replication-links',
  title: 'The geo-replication links are those that an upgrade expects',
  phases: ['prepare', 'upgrade'],
  check: (context, observed, phase) =>
    perDatabase(context, observed, (pair, seen) => {
      if (!seen.production.info) return notKnowable(`${pair.name} is not on ${pair.production.server}`);
      return (
        isSecondary(pair, seen) ??
        severalToStage(pair, seen) ??
        noRoom(pair, seen) ??
        stageState(pair, seen, phase, observed.state)
      );
    }),
};

/** A database copy that is being made shows as a link too (Source, Copy); it is not replication. */
export function isSecondary(pair: DatabasePair, { production }: DatabaseObservation): Verdict | null {
  const above = production.links.find(
    (link) => link.role === 'Secondary' || link.role === 'NonReadableSecondary',
  );
  if (!above) return null;
  return fail(
    'replication-link-unexpected',
    `${pair.name} on ${pair.production.server} is itself a geo-secondary of ${above.partnerServer}`,
    'Users are sent to a slot whose database is not the primary. Make it the primary, or correct endpoints and slots:',
    setPrimary(pair.production, 'planned'),
  );
}

export function severalToStage(pair: DatabasePair, { production }: DatabaseObservation): Verdict | null {
  const toStage = geoSecondaries(production.links).filter((link) => toServer(link, pair.stage.server));
  if (toStage.length < 2) return null;
  return fail(
    'replication-link-unexpected',
    `${pair.name} on ${pair.production.server} has ${toStage.length} links to ${pair.stage.server}`,
    'Exactly one is expected. After a failover Azure may list a former link for a while: look again, and remove the one that is not yours.',
    listLinks(pair),
  );
}

export function noRoom(pair: DatabasePair, { production }: DatabaseObservation): Verdict | null {
  const secondaries = geoSecondaries(production.links);
  if (linkToSecondary(production.links, pair.stage) || secondaries.length < MOST_SECONDARIES) return null;
  return fail(
    'geo-secondary-limit',
    `${pair.name} on ${pair.production.server} has ${secondaries.length} geo-secondaries (${secondaries.map((link) => link.partnerServer).join(', ')}); Azure allows ${MOST_SECONDARIES}`,
    'The stage database needs one of them. Remove a geo-secondary that is not needed:',
    deleteLink(pair.production, 'SERVER'),
  );
}

/** @param standby the server in the backup region, where production's link is told by itself. */
export function stageState(
  pair: DatabasePair,
  { production, link }: DatabaseObservation,
  phase: GuardedPhase,
  state: SlotState,
  standby?: string,
): Verdict {
  const others = geoSecondaries(production.links).filter(
    (one) => !toServer(one, pair.stage.server) && (standby === undefined || !toServer(one, standby)),
  );
  const kept = others.length > 0 ? `; left alone: ${others.map((one) => one.partnerServer).join(', ')}` : '';
  const told = `${pair.name}: ${pair.production.server} to ${pair.stage.server}`;
  if (!link) return pass(`${told} has no link${whyNone(phase, state)}${kept}`);
  if (link.state === 'SUSPENDED') {
    return fail(
      'replication-link-unexpected',
      `${told} is SUSPENDED: nothing is replicated`,
      'Look at both databases and at the activity log of both servers. A link that stays suspended: delete the stage database and run prepare again:',
      listLinks(pair),
    );
  }
  if (phase === 'upgrade' && link.state !== 'CATCH_UP') {
    return fail(
      'seeding-not-complete',
      `${told} is ${link.state}, ${link.percentComplete ?? '?'} %`,
      'Run phase prepare: it waits until the stage database has caught up.',
    );
  }
  return pass(`${told} is ${link.state}${kept}`);
}

function whyNone(phase: GuardedPhase, state: SlotState): string {
  if (phase === 'prepare') return ' yet';
  return state === 'frozen' ? ': the upgrade that is gone on with has removed it' : '';
}

export function geoSecondaries(links: readonly ReplicationLink[]): ReplicationLink[] {
  return links.filter(
    (link) => link.role === 'Primary' && (link.linkType === null || link.linkType.toUpperCase() === 'GEO'),
  );
}

export function toServer(link: ReplicationLink, server: string): boolean {
  return sameName(link.partnerServer, server);
}

/** The link's database stays behind as an independent one. */
export function deleteLink(ref: DatabaseRef, partnerServer: string, partnerGroup = 'GROUP'): string {
  const partner = ['--partner-server', partnerServer, '--partner-resource-group', partnerGroup];
  return command('az', 'sql', 'db', 'replica', 'delete-link', ...at(ref), ...partner);
}

function listLinks(pair: DatabasePair): string {
  return command('az', 'sql', 'db', 'replica', 'list-links', ...at(pair.production));
}

function at({ resourceGroup, server, database }: DatabaseRef): string[] {
  return ['-g', resourceGroup, '-s', server, '-n', database];
}
