// Production is given back where it is: a person may have failed it over, all of it or single databases, while a phase was
// at work on the server where it was.
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { type RollbackOutcome, rollBack } from '../engine/rollback.ts';
import type { Sequence } from '../engine/step.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { topologyPlan } from '../topologies/topologies.ts';
import type { TopologyPlan } from '../topologies/topology.ts';
import { within } from './connect-application.ts';
import { failedOver, told } from './failed-over.ts';
import type { Acting } from './go-back.ts';

export interface GivenBack {
  readonly back: RollbackOutcome;
  /** What is told of a failover that was found on the way; none as a rule. */
  readonly failover: readonly UpgradeError[];
}

/**
 * Undoes steps. Where that fails on the server that production was on, production is looked for anew, and given back once
 * more where it is now. Never throws.
 */
export async function rollBackWhereItIs(
  { context, topology, recorder }: Pick<Acting, 'context' | 'topology' | 'recorder'>,
  stepsOf: (topology: TopologyPlan) => Sequence,
): Promise<GivenBack> {
  // Not stopped by a cancelled job.
  const { signal } = new AbortController();
  const back = await rollBack(stepsOf(topology), recorder, signal);
  if (back.kind !== 'failed' || !back.errors.some(mayBeElsewhere)) return { back, failover: [] };
  const there = await within(context.clock, failedOver(context), context);
  if (there === context) return { back, failover: [] };
  const again = await rollBack(stepsOf(topologyPlan(there, null)), recorder, signal);
  return { back: again, failover: [foundElsewhere(there, again)] };
}

/** The server says so itself, or it does not answer any more. */
function mayBeElsewhere(error: unknown): boolean {
  return error instanceof UpgradeError && ELSEWHERE.includes(error.reason);
}

const ELSEWHERE: readonly ReasonCode[] = ['region-mismatch', 'unfreeze-failed'];

function foundElsewhere(context: UpgradeContext, { kind }: RollbackOutcome): UpgradeError {
  const given = kind === 'failed' ? 'it could not be given back there' : 'it was given back there';
  return new UpgradeError(
    'region-mismatch',
    `Production was failed over while this run was at work: ${told(context)} now, and ${given}`,
  );
}
