import { sameName } from '../application/production-slot.ts';
import { databaseOn, standbyOf } from '../application/regions.ts';
import type { DatabasePair, Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { ReplicationLink } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { ReadBackupRegion } from './backup-region.ts';
import { linkFromStandby } from './failed-over.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { fail, notKnowable, pass, perDatabase } from './verdict.ts';

/**
 * The database that serves users has a caught-up geo-secondary at every moment. Before a switch that is the stage
 * database: it serves them from then on, and to stop for production's link would leave them with just that link. What
 * has not caught up is waited for by the switch itself.
 */
export function standbyProtects(read: ReadBackupRegion): Guard {
  return {
    id: 'standby-protects',
    title: 'The database that serves users has a caught-up geo-secondary in the backup region',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, observed, phase) => {
      const role = servingRole(phase);
      const backup = await read(context, observed);
      const theirs = backup.kind === 'answers' ? backup.observed.databases : [];
      return perDatabase(context, observed, (pair, seen) => {
        const side = seen[role];
        if (!side.info) return notKnowable(`${pair.name} is not on ${pair[role].server}`);
        if (role === 'production' && linkFromStandby(context, side.links)) {
          return notKnowable(`${pair.name} was failed over to its standby`);
        }
        const there = theirs.find(({ name }) => name === pair.name)?.[role];
        return (
          linkMissing(context, role, pair, seen.protection?.[role] ?? null) ??
          notCaughtUp(pair, phase, lagging(context, role, seen.protection?.[role] ?? null)) ??
          notCaughtUp(pair, phase, there ? standbyDiffers(context, role, there.links) : null) ??
          pass(`${pair.name}: ${arrow(context, role)} is CATCH_UP${there ? ' on both sides' : ''}`)
        );
      });
    },
  };
}

function servingRole(phase: GuardedPhase): Role {
  return phase === 'switch' ? 'stage' : 'production';
}

function linkMissing(
  context: UpgradeContext,
  role: Role,
  pair: DatabasePair,
  link: ReplicationLink | null,
): Verdict | null {
  if (link) return null;
  const evidence = `${pair.name} on ${pair[role].server} has no geo-secondary on ${standbyOf(context, role).server.name}`;
  if (role === 'stage') {
    return fail(
      'standby-missing',
      `${evidence}: after the switch nothing would protect the users' data`,
      'The upgrade goes back to V1. Run phase rollback with rollback.stage: remove, then prepare and upgrade again.',
    );
  }
  return fail(
    'standby-missing',
    evidence,
    'Create it and wait until it has caught up; an application without a backup region is one of topology single-region:',
    createReplica(context, pair),
  );
}

function createReplica(context: UpgradeContext, pair: DatabasePair): string {
  const from = pair.production;
  const to = databaseOn(standbyOf(context, 'production'), pair.name);
  const source = ['-g', from.resourceGroup, '-s', from.server, '-n', pair.name];
  const partner = ['--partner-resource-group', to.resourceGroup, '--partner-server', to.server];
  return command('az', 'sql', 'db', 'replica', 'create', ...source, ...partner);
}

function lagging(context: UpgradeContext, role: Role, link: ReplicationLink | null): string | null {
  if (!link || link.state === 'CATCH_UP') return null;
  const percent = link.percentComplete === null ? '' : `, ${link.percentComplete} %`;
  return `${arrow(context, role)} is ${link.state}${percent}`;
}

function standbyDiffers(
  context: UpgradeContext,
  role: Role,
  links: readonly ReplicationLink[],
): string | null {
  const { server } = context[role];
  const own = links.find((link) => link.role !== 'Primary' && sameName(link.partnerServer, server.name));
  if (own?.state === 'CATCH_UP') return null;
  const said = own ? `says ${own.state}` : 'knows of no such link';
  return `${arrow(context, role)}: ${standbyOf(context, role).server.name} ${said}`;
}

function notCaughtUp(pair: DatabasePair, phase: GuardedPhase, why: string | null): Verdict | null {
  if (why === null) return null;
  if (phase === 'switch') return notKnowable(`${pair.name}: ${why}; the switch waits for it, or goes back`);
  const { resourceGroup, server } = pair.production;
  return fail(
    'standby-not-caught-up',
    `${pair.name}: ${why}`,
    'Wait until both sides say CATCH_UP, then run again; a link that stays behind or suspended has to be removed and made anew:',
    command('az', 'sql', 'db', 'replica', 'list-links', '-g', resourceGroup, '-s', server, '-n', pair.name),
  );
}

function arrow(context: UpgradeContext, role: Role): string {
  return `${context[role].server.name} to ${standbyOf(context, role).server.name}`;
}
