// The endpoint states as the summary shows them: what is online, which database is behind it, which version
// answers.
import type { DatabaseSide, Observation } from '../application/observe.ts';
import { findEndpoint } from '../application/production-slot.ts';
import { inBackupRegion } from '../application/regions.ts';
import { askHealth } from '../application/site-health.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseView, EndpointView } from '../engine/report.ts';

/**
 * Both slots in the configuration's order, each followed by its standby; asks each site for its version.
 * @param backup what the backup region shows; null in a topology that has none.
 */
export async function endpointViews(
  context: UpgradeContext,
  observed: Observation,
  backup: Observation | null,
): Promise<EndpointView[]> {
  const roles: Role[] =
    context.config.slots[0].name === context.production.config.name
      ? ['production', 'stage']
      : ['stage', 'production'];
  const [primary, standbys] = await Promise.all([
    Promise.all(roles.map((role) => endpointView(context, observed, role, false))),
    backup ? standbyViews(inBackupRegion(context), backup, roles) : [],
  ]);
  return primary.flatMap((view, index) => [view, ...standbys.slice(index, index + 1)]);
}

function standbyViews(
  context: UpgradeContext,
  observed: Observation,
  roles: readonly Role[],
): Promise<EndpointView[]> {
  return Promise.all(roles.map((role) => endpointView(context, observed, role, true)));
}

async function endpointView(
  context: UpgradeContext,
  observed: Observation,
  role: Role,
  standby: boolean,
): Promise<EndpointView> {
  const slot = context[role];
  const site = observed.sites[role];
  const endpoint = observed.profile ? findEndpoint(observed.profile, slot.config) : null;
  const version = site ? (await askHealth(context, site.defaultHostName)).version : null;
  return {
    endpoint: endpoint?.name ?? slot.config.endpoint.name,
    slot: slot.config.name,
    role,
    standby,
    // What is lost does not tell where it was; the profile does.
    region: site?.location ?? endpoint?.location ?? slot.server.location,
    site: slot.site.deploymentSlot ? `${slot.site.site}/${slot.site.deploymentSlot}` : slot.site.site,
    status: endpoint?.status ?? (observed.profileUnread ? 'unknown' : 'absent'),
    monitorStatus: endpoint?.monitorStatus ?? null,
    priority: endpoint?.priority ?? null,
    databases: observed.databases.map((database) => databaseView(database.name, database[role])),
    version,
  };
}

function databaseView(name: string, side: DatabaseSide): DatabaseView {
  return { name, server: side.ref.server, access: side.access, replication: replicationOf(side) };
}

function replicationOf(side: DatabaseSide): string | null {
  if (side.access === 'unreachable' && side.links.length === 0) return side.why;
  if (side.links.length === 0) return null;
  return side.links
    .map(
      (link) =>
        `${link.role === 'Primary' ? 'primary' : 'secondary'} of ${link.partnerServer}, ${link.state}`,
    )
    .join('; ');
}
