// Azure does not end a geo-replication link as long as a failover group holds it, so V1's group goes before V1's link.
// Only one that holds nothing but this application's databases, on V1's own pair of servers.
import { setGroupPrimary } from '../application/geo-replication-commands.ts';
import { observeDatabase } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { standbyOf } from '../application/regions.ts';
import { isProvenV1 } from '../application/retired-v1.ts';
import { seenUnderLock } from '../application/run-lock.ts';
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import type { FailoverGroup } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import { type Assessment, blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { assertProtected, lastOtherCopy } from './last-other-copy.ts';
import { blockedBy, notProven } from './not-proven.ts';
import { deleteFailoverGroup } from './remove-until-gone.ts';

export function removeV1FailoverGroup(context: UpgradeContext): Step {
  const v1 = context.stage.server.name;
  const standby = standbyOf(context, 'stage').server.name;
  return {
    id: 'remove-v1-failover-group',
    title: `Remove the failover group of V1's servers ${v1} and ${standby}`,
    article: null,
    phase: 'cleanup',
    changes: `the failover group between ${v1} and ${standby}, where there is one, is deleted with its listener names; databases and links stay`,
    pivot: false,
    assess: async () => {
      const groups = await groupsOfV1(context);
      if (groups.length === 0) return done(`no failover group holds V1's databases on ${v1}`);
      return (await inTheWay(context, groups)) ?? toDo(`there: ${groups.map(({ name }) => name).join(', ')}`);
    },
    apply: (run) => removeGroups(context, run),
    undo: null,
  };
}

async function removeGroups(context: UpgradeContext, run: StepRun): Promise<string[]> {
  const evidence: string[] = [];
  for (const group of await groupsOfV1(context)) {
    const { isStillSo } = await seenUnderLock(context, () => assertMayGo(context, group));
    const deleted = await deleteFailoverGroup(context, serverOfV1(context), group.name, run, isStillSo);
    if (deleted === null) return [...evidence, ...(await removeGroups(context, run))];
    evidence.push(deleted);
  }
  return evidence;
}

async function assertMayGo(context: UpgradeContext, group: FailoverGroup): Promise<void> {
  const stays = await inTheWay(context, [group]);
  if (stays?.kind === 'blocked')
    throw new UpgradeError(stays.reason, stays.message, { advice: stays.advice });
  await forEachDatabase(context, async (pair) =>
    assertProtected(context, await observeDatabase(context, pair)),
  );
}

const serverOfV1 = ({ stage }: UpgradeContext) => ({
  resourceGroup: stage.config.sqlResourceGroup,
  server: stage.config.sqlServer,
});

/** Those that hold a database of this application, and the one of the configuration also where it is empty. */
async function groupsOfV1(context: UpgradeContext): Promise<FailoverGroup[]> {
  const groups = await context.azure.sql.listFailoverGroups(serverOfV1(context));
  const named = context.stage.config.failoverGroup ?? '';
  return groups.filter((group) => {
    if (group.databaseIds.some((id) => isOurs(context, id))) return true;
    return group.databaseIds.length === 0 && sameName(group.name, named);
  });
}

function isOurs({ databases }: UpgradeContext, databaseId: string): boolean {
  const name = databaseId.split('/').at(-1) ?? '';
  return databases.some((pair) => sameName(pair.name, name));
}

/** Why one of these groups must not be deleted; null where all of them may. */
async function inTheWay(
  context: UpgradeContext,
  groups: readonly FailoverGroup[],
): Promise<Assessment | null> {
  for (const group of groups) {
    const why = strange(context, group);
    if (why) return why;
  }
  const databases = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
  const unproven = databases.find((one) => one.stage.info && !isProvenV1(one));
  if (unproven) return blockedBy(notProven(unproven.stage.ref, [unproven.stage]));
  return lastOtherCopy(context, databases);
}

function strange(context: UpgradeContext, group: FailoverGroup): Assessment | null {
  const { resourceGroup, server } = serverOfV1(context);
  const standby = standbyOf(context, 'stage').server.name;
  const others = group.databaseIds.filter((id) => !isOurs(context, id));
  const ours = context.databases.map((pair) => pair.name);
  const where = ['-g', resourceGroup, '-s', server, '-n', group.name, '--remove-db', ...ours];
  const takeOut = `Take this application's databases out of it: ${command('az', 'sql', 'failover-group', 'update', ...where)}`;
  if (others.length > 0) {
    const names = others.map((id) => id.split('/').at(-1)).join(', ');
    return blocked(
      'failover-group-member',
      `Failover group ${group.name} on ${server} also holds ${names}, which is not this application's: it is not deleted`,
      takeOut,
    );
  }
  if (!group.partnerServers.every((partner) => sameName(partner, standby))) {
    return blocked(
      'failover-group-member',
      `Failover group ${group.name} on ${server} is shared with ${group.partnerServers.join(', ')}, not with ${standby}: it is not deleted`,
      takeOut,
    );
  }
  if (sameName(group.role, 'Primary')) return null;
  return blocked(
    'region-mismatch',
    `Failover group ${group.name} has its primary on ${standby}, not on ${server}: V1 was failed over`,
    `Let it fail back: ${setGroupPrimary({ resourceGroup, server }, group.name, 'planned')}`,
  );
}
