import type { Observation } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { standbyOf } from '../application/regions.ts';
import type { Deployment, Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { FailoverGroup } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { BackupRegion, ReadBackupRegion } from './backup-region.ts';
import { groupsWithMembers, type Membership, removeFromGroup } from './failover-group.ts';
import { listenersNamed } from './group-listeners.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/**
 * A failover group over production and its standby can stay while its databases are upgraded, and one over V2's pair
 * takes its place. It has to be named: without it the next disaster finds a listener that leads to V1.
 */
export function geoFailoverGroup(read: ReadBackupRegion): Guard {
  return {
    id: 'failover-group',
    title: 'What becomes of failover groups is known',
    phases: ['prepare', 'upgrade'],
    check: async (context, observed) => {
      const backup = await read(context, observed);
      const stageSites = [{ context, observed }, ...(backup.kind === 'answers' ? [backup] : [])];
      const memberships = await groupsWithMembers(context, 'production');
      return allOf([
        await production(context, memberships),
        await stage(context, observed),
        await nameIsFree(context, backup),
        await listenersNamed(stageSites, [
          ...memberships.map(({ group }) => group.name),
          ...(context.stage.config.failoverGroup ? [context.stage.config.failoverGroup] : []),
        ]),
      ]);
    },
  };
}

async function production(context: UpgradeContext, memberships: readonly Membership[]): Promise<Verdict> {
  const { failoverGroup: next } = context.stage.config;
  if (memberships.length > 0) return allOf(memberships.map((one) => ofProduction(context, one)));
  const made = next ? `; after the switch ${next} is made for ${pairName(context, 'stage')}` : '';
  return pass(`production is in no failover group${made}`);
}

function ofProduction(context: UpgradeContext, { group, databases }: Membership): Verdict {
  const { config, server } = context.production;
  const member = `${databases.join(', ')} on ${server.name} is in failover group ${group.name}`;
  if (!isPair(context, 'production', group)) {
    return fail(
      'failover-group-member',
      `${member}, whose partner is ${group.partnerServers.join(', ')}, not only production's standby ${standbyOf(context, 'production').server.name}`,
      'Take the databases out of the group (database and link stay), and connect the application by server names instead of its listener:',
      removeFromGroup(context.production, group, databases),
    );
  }
  const next = context.stage.config.failoverGroup;
  if (config.failoverGroup === null || next === null) {
    return fail(
      'failover-group-member',
      `${member}, and the configuration file names no group for V2's pair: after the switch a disaster would find a listener that leads to V1`,
      `Name the groups (slots.${config.name}.failover-group: ${group.name}, and slots.${context.stage.config.name}.failover-group: the name of a new one), or take the databases out of the group (database and link stay):`,
      removeFromGroup(context.production, group, databases),
    );
  }
  if (!sameName(config.failoverGroup, group.name)) {
    return fail(
      'failover-group-member',
      `${member}; slots.${config.name}.failover-group names ${config.failoverGroup}`,
      `Set slots.${config.name}.failover-group to ${group.name}.`,
    );
  }
  return notKnowable(carriedOver(context, group, member, next));
}

/** What works, what does not, and what nobody outside of Azure knows. */
function carriedOver(context: UpgradeContext, group: FailoverGroup, member: string, next: string): string {
  return [
    `${member}, which stays with V1's pair; after the switch ${next} is made for ${pairName(context, 'stage')}`,
    `the listeners of ${group.name} go on leading to V1: whoever uses them has to change to those of ${next}, and V2's web apps to the server names of their own slot`,
    `whether Azure lets the link to ${context.stage.server.name} be cut while the database is in a group is not documented: where it refuses (409 FailoverGroupAlreadySetup) production is given back within seconds`,
    ...automaticFailover(context, group),
  ].join('; ');
}

function automaticFailover({ production }: UpgradeContext, group: FailoverGroup): string[] {
  if (group.policy.failover === 'Manual') return [];
  const where = ['-g', production.config.sqlResourceGroup, '-s', production.server.name, '-n', group.name];
  const manual = command('az', 'sql', 'failover-group', 'update', ...where, '--failover-policy', 'Manual');
  return [
    `an automatic failover meanwhile would move production, so set the group to Manual for that time: ${manual}`,
  ];
}

/** The stage databases belong to nobody yet; after a switch they are V1's, whose group cleanup removes. */
async function stage(context: UpgradeContext, { state }: Observation): Promise<Verdict> {
  const memberships = await groupsWithMembers(context, 'stage');
  const { failoverGroup: own } = context.stage.config;
  const isOfV1 = ({ group }: Membership) =>
    state === 'switched' && own !== null && sameName(own, group.name) && isPair(context, 'stage', group);
  const wrong = memberships.filter((one) => !isOfV1(one));
  if (wrong.length === 0) return pass(memberships.length > 0 ? `${own} is V1's, until cleanup` : '');
  return allOf(
    wrong.map(({ group, databases }) =>
      fail(
        'failover-group-member',
        `${databases.join(', ')} on ${context.stage.server.name} is in failover group ${group.name}, before users are on that slot`,
        `Take the database out of the group; the switch makes the one that slots.${context.stage.config.name}.failover-group names:`,
        removeFromGroup(context.stage, group, databases),
      ),
    ),
  );
}

/** Names are global. The groups of the four servers can be looked at; of others Azure tells when it makes the group. */
async function nameIsFree(context: UpgradeContext, backup: BackupRegion): Promise<Verdict> {
  const { failoverGroup: next, name: slot } = context.stage.config;
  if (next === null) return pass('');
  const contexts = backup.kind === 'answers' ? [context, backup.context] : [context];
  const found = await Promise.all(
    contexts.flatMap((one) => [groupsOn(context, one.production), groupsOn(context, one.stage)]),
  );
  const taken = found.flat().find(({ group, server }) => {
    const servers = [server, ...group.partnerServers];
    return sameName(group.name, next) && !isOnPair(context, servers);
  });
  if (!taken) return pass('');
  return fail(
    'failover-group-member',
    `failover group ${next}, named for slot ${slot}, is there already: on ${taken.server} with ${taken.group.partnerServers.join(', ')}`,
    `Name another one as slots.${slot}.failover-group: names are global, and a group cannot change its servers.`,
  );
}

async function groupsOn({ azure }: UpgradeContext, { config }: Deployment) {
  const ref = { resourceGroup: config.sqlResourceGroup, server: config.sqlServer };
  const groups = await azure.sql.listFailoverGroups(ref);
  return groups.map((group) => ({ server: config.sqlServer, group }));
}

/** Whether these are the two servers of the stage slot. */
function isOnPair(context: UpgradeContext, servers: readonly string[]): boolean {
  const pair = [context.stage.server.name, standbyOf(context, 'stage').server.name];
  return servers.length === 2 && pair.every((name) => servers.some((server) => sameName(server, name)));
}

/** Between exactly the slot's two servers. */
function isPair(context: UpgradeContext, role: Role, { partnerServers }: FailoverGroup): boolean {
  const standby = standbyOf(context, role).server.name;
  return partnerServers.length === 1 && partnerServers.every((name) => sameName(name, standby));
}

function pairName(context: UpgradeContext, role: Role): string {
  return `${context[role].server.name} and ${standbyOf(context, role).server.name}`;
}
