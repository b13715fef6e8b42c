// What the members of a failover group may not do by themselves.
import type { FabricLink } from '../../sql/fabric.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { FailoverGroup, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';

/** Also for a drop, whose code is not recorded. */
export function inFailoverGroup(group: FailoverGroup, database: string): ArmError {
  return new ArmError(
    409,
    'FailoverGroupAlreadySetup',
    `The database '${database}' is part of the failover group '${group.name}'. You must remove the database from the group in order to individually terminate or failover.`,
  );
}

/** Whether a link is between exactly the group's two servers, whichever way. */
export function isLinkOf(group: FailoverGroup, { primary, secondary }: FabricLink): boolean {
  return [group.primary, group.partner].every((name) =>
    [primary.server, secondary.server].some((server) => sameName(server, name)),
  );
}

/** Throws where a link may not be terminated or failed over by itself, seen from one of its ends. */
export function refuseInFailoverGroup(
  registry: SqlRegistry,
  server: Server,
  database: string,
  link: FabricLink,
): void {
  const group = registry.groupOf(server.name, database);
  if (group === null) return;
  if (isLinkOf(group, link) || !registry.context.behaviour.foreignLinksOfGroupsTerminable)
    throw inFailoverGroup(group, database);
}
