import { sameName } from '../application/production-slot.ts';
import type { Deployment, Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { FailoverGroup } from '../azure/ports.ts';
import { partOf } from '../azure/resource-id.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, pass } from './verdict.ts';

/**
 * Azure does not end a link that belongs to a failover group (409 FailoverGroupAlreadySetup), and after the switch
 * the group's listener would go on pointing to V1.
 */
export const failoverGroup: Guard = {
  id: 'failover-group',
  title: 'No database of the application is in a failover group',
  phases: ['prepare', 'upgrade'],
  check: async (context) =>
    allOf(await Promise.all([onServer(context, 'production'), onServer(context, 'stage')])),
};

async function onServer(context: UpgradeContext, role: Role): Promise<Verdict> {
  const members = await groupsWithMembers(context, role);
  const { sqlServer: server } = context[role].config;
  if (members.length === 0) return pass(`no failover group on ${server} has a database of the application`);
  return allOf(members.map((member) => isIn(context, role, member)));
}

/** A failover group on a server, and those of the application's databases that it has. */
export interface Membership {
  readonly group: FailoverGroup;
  readonly databases: readonly string[];
}

/** The groups on the slot's server in the primary region that have a database of the application. */
export async function groupsWithMembers(context: UpgradeContext, role: Role): Promise<Membership[]> {
  const { sqlResourceGroup: resourceGroup, sqlServer: server } = context[role].config;
  const groups = await context.azure.sql.listFailoverGroups({ resourceGroup, server });
  return groups
    .map((group) => ({
      group,
      databases: context.config.databases.filter((name) => isMember(group, server, name)),
    }))
    .filter(({ databases }) => databases.length > 0);
}

function isIn(context: UpgradeContext, role: Role, { group, databases }: Membership): Verdict {
  const { sqlServer } = context[role].config;
  const stage = context.stage.config.sqlServer;
  const partner = role === 'production' && group.partnerServers.some((name) => sameName(name, stage));
  const consequence = partner
    ? `and the stage server ${stage} is its partner: its link cannot be cut`
    : 'its listener would go on pointing to V1 after the switch';
  return fail(
    'failover-group-member',
    `${databases.join(', ')} on ${sqlServer} is in failover group ${group.name}, ${consequence}`,
    'Take the database out of the group (database and link stay), connect the application by server names instead of the listener, and make a group anew after the switch:',
    removeFromGroup(context[role], group, databases),
  );
}

/** Database and link stay. */
export function removeFromGroup(
  { config }: Deployment,
  { name }: FailoverGroup,
  databases: readonly string[],
): string {
  const where = ['-g', config.sqlResourceGroup, '-s', config.sqlServer, '-n', name];
  return command('az', 'sql', 'failover-group', 'update', ...where, '--remove-db', ...databases);
}

function isMember(group: FailoverGroup, server: string, database: string): boolean {
  return group.databaseIds.some(
    (id) =>
      sameName(partOf(id, 'servers') ?? '', server) && sameName(partOf(id, 'databases') ?? '', database),
  );
}
