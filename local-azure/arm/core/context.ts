// What every resource provider is given.
import type { Clock } from '../../clock.ts';
import type { ComputeFabric } from '../../compute/fabric.ts';
import type { Latency } from '../../latency.ts';
import type { Random } from '../../random.ts';
import type { SqlFabric } from '../../sql/fabric.ts';
import type { TrafficFabric } from '../../traffic-manager/traffic-fabric.ts';
import type { WebFabric } from '../../web/web-fabric.ts';
import type { Authorization } from './authorization.ts';
import type { Operation, Operations } from './operations.ts';

export interface ArmBehaviour {
  /**
   * Off, as recorded: the PUT of a geo-secondary ends when the link has caught up. On: it ends as soon as the
   * database exists, which no documentation rules out.
   */
  readonly putSecondaryReturnsBeforeSeeding: boolean;
  /**
   * Whether a database of a failover group may lose a link that is not the group's, to a third server. Azure says of
   * the group's own links only that they may not be terminated; what it does with others is not known.
   */
  readonly foreignLinksOfGroupsTerminable: boolean;
  /**
   * What latestModelApplied of an instance says. `generation`: whether it got the model of the very last write, also
   * where that brought an older model back. `content`: whether what it runs equals the model now. Azure's
   * documentation does not say which.
   */
  readonly latestModelApplied: 'generation' | 'content';
  /**
   * Whether a write that changes a set's tags makes latestModelApplied false of all its instances, until they are
   * updated: tags are handed to instances with the model. That is not documented either; on is the stricter guess.
   */
  readonly tagsAreModel: boolean;
  /**
   * Whether a scale set takes a write of its model while only some of its instances are being updated. Off: 409, as
   * for every other write that is under way.
   */
  readonly modelWritesWhileInstancesUpdate: boolean;
}

export interface ArmContext {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly fabric: SqlFabric;
  readonly web: WebFabric;
  readonly traffic: TrafficFabric;
  readonly compute: ComputeFabric;
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  readonly behaviour: ArmBehaviour;
  readonly authorization: Authorization;
  readonly operations: Operations;
}

/** Seconds a client is told to wait between polls: Azure's 15, at the pace this Azure runs. */
export function pollSeconds(latency: Latency): number {
  if (latency.mode === 'off') return 0;
  const azuresPace = 47_000; // a create-database at factor 1, see latency.ts
  return Math.max(1, Math.round((15 * latency.of('create-database')) / azuresPace));
}

/**
 * Where nothing takes time, a poll is held until the operation ends (one second at most): clients treat
 * "Retry-After: 0" as no advice and would wait their own two seconds.
 */
export async function beforePollAnswer(context: ArmContext, operation: Operation): Promise<void> {
  if (context.latency.mode !== 'off' || operation.status !== 'InProgress') return;
  await Promise.race([operation.ended, context.clock.sleep(1000)]);
}
