// Failover of a replication link, asked of the secondary's server. As recorded: 202 with nothing but a Location,
// polled there until 204.
import type { FabricLink } from '../../sql/fabric.ts';
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { beforePollAnswer, pollSeconds } from '../core/context.ts';
import { ArmError, refusedByGateway } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { Operation } from '../core/operations.ts';
import { conflicting } from './database-writes.ts';
import { refuseInFailoverGroup } from './failover-group-members.ts';
import { DATABASE, type Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';
import { requireLink } from './replication-links.ts';

const LINK = `${DATABASE}/replicationLinks/{link}`;
const ACTION = 'Microsoft.Sql/servers/databases/replicationLinks';
/** A planned failover is given up after this many of its usual durations, but not within the least patience. */
const PATIENCE = 5;
const LEAST_PATIENCE_MS = 10_000;

export function linkFailoverRoutes(registry: SqlRegistry): Route[] {
  const { context } = registry;

  const failOver = (forced: boolean) => (call: ArmCall) => {
    const { server, database, link } = requireLink(registry, call);
    refuseInFailoverGroup(registry, server, database.name, link);
    checkFailover(registry, server, link, forced);
    const id = registry.databaseId(server, database.name);
    if (context.operations.running(id) !== null) throw conflicting(server, database.name);
    const name = forced ? 'ForceFailoverContinuousCopy' : 'FailoverContinuousCopy';
    const operation = context.operations.start(call, name, id, (signal) =>
      carryOut(registry, link.id, forced, signal),
    );
    const location = `${call.origin}${id}/replicationLinks/${link.id}/operationResults/${operation.id}?api-version=2014-04-01-Preview`;
    return inProgress(operation, location);
  };

  const result = async (call: ArmCall): Promise<ArmAnswer> => {
    const operation = context.operations.get(call.param('operation'));
    if (operation === null)
      throw refusedByGateway(
        404,
        'OperationIdNotFound',
        `The operation with Id ${call.param('operation')} is not found.`,
      );
    await beforePollAnswer(context, operation);
    if (operation.error !== null) throw new ArmError(409, operation.error.code, operation.error.message);
    if (operation.status === 'Succeeded') return { status: 204, contentType: 'application/json' };
    return inProgress(operation, `${call.origin}${call.path}?api-version=${call.apiVersion}`);
  };

  const inProgress = (operation: Operation, location: string): ArmAnswer => ({
    status: 202,
    headers: { location, 'retry-after': String(pollSeconds(context.latency)) },
    // "\/Date(1603129736943)\/"
    body: { operation: operation.name, startTime: `/Date(${operation.startTime.getTime()})/` },
    escapeSlashes: true,
  });

  return [
    {
      method: 'POST',
      template: `${LINK}/failover`,
      action: `${ACTION}/failover/action`,
      handle: failOver(false),
    },
    {
      method: 'POST',
      template: `${LINK}/forceFailoverAllowDataLoss`,
      action: `${ACTION}/forceFailoverAllowDataLoss/action`,
      handle: failOver(true),
    },
    {
      method: 'GET',
      template: `${LINK}/operationResults/{operation}`,
      action: `${ACTION}/read`,
      handle: result,
    },
  ];
}

/** Throws what Azure answers instead of accepting it: asked of the primary, not caught up, within a chain. */
export function checkFailover(
  { context }: SqlRegistry,
  server: Server,
  link: FabricLink,
  forced: boolean,
): void {
  if (!sameName(link.secondary.server, server.name))
    throw new ArmError(
      400,
      'GeoReplicationDatabaseNotSecondary',
      'The operation expects the database to be a replication target.',
    );
  const isWhole = link.state === 'CATCH_UP' || (forced && link.state === 'SUSPENDED');
  if (!isWhole)
    throw new ArmError(
      400,
      'IncorrectReplicationLinkState',
      'The operation expects the database to be in an expected state on the replication link.',
    );
  const { server: primary, database } = link.primary;
  const chained = context.fabric
    .links(primary, database)
    .some((each) => sameName(each.secondary.server, primary));
  // Whether Azure lets the end of a chain take over is not documented.
  if (chained)
    throw new ArmError(
      405,
      'UnsupportedReplicationOperation',
      'An unsupported replication operation was initiated on the database.',
    );
}

/** Exchanges the roles; a planned failover that takes too long ends as PlannedFailoverTimedOut. */
export async function carryOut(
  { context }: SqlRegistry,
  linkId: string,
  forced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { clock, latency, fabric } = context;
  const duration = latency.of(forced ? 'forced-failover' : 'planned-failover');
  await clock.sleep(duration, signal);
  const patience = new AbortController();
  const callOff = clock.schedule(Math.max(LEAST_PATIENCE_MS, PATIENCE * duration), () =>
    patience.abort(
      new ArmError(
        400,
        'PlannedFailoverTimedOut',
        'User invoked planned failover, and it timed out while trying to contact the partner management service.',
      ),
    ),
  );
  try {
    await fabric.failover(linkId, { forced, signal: AbortSignal.any([signal, patience.signal]) });
  } finally {
    callOff();
  }
}
