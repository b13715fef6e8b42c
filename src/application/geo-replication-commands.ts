// `az sql …` with which a person lets the other side of a geo-replication link take over.
import type { DatabaseRef, ServerRef } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';

/** What has not arrived yet is waited for, or given up. */
export type Takeover = 'planned' | 'forced';

/** Makes this database the primary of its link. */
export function setPrimary({ resourceGroup, server, database }: DatabaseRef, takeover: Takeover): string {
  const where = ['-g', resourceGroup, '-s', server, '-n', database];
  return command('az', 'sql', 'db', 'replica', 'set-primary', ...where, ...loss(takeover));
}

/** The same for all that is in a failover group: single databases of one are refused. */
export function setGroupPrimary(
  { resourceGroup, server }: ServerRef,
  group: string,
  takeover: Takeover,
): string {
  const where = ['-g', resourceGroup, '-s', server, '-n', group];
  return command('az', 'sql', 'failover-group', 'set-primary', ...where, ...loss(takeover));
}

function loss(takeover: Takeover): string[] {
  return takeover === 'forced' ? ['--allow-data-loss'] : [];
}
