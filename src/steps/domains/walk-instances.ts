// The walk itself, forward or back: it is written down where instances do not tell what they run, watched, and told.
import type { StepRun } from '../../engine/step.ts';
import type { Domain } from '../../service/domains.ts';
import { leaseOf } from '../../service/lease.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateRecord } from '../../service/update-record.ts';
import { count } from '../../service/words.ts';
import { keepRecord, withWalk } from './keep-record.ts';
import { walkError } from './walk-error.ts';
import { type EndedWalk, REPORTED } from './walk-outcome.ts';
import type { WalkTrack } from './walk-track.ts';
import { watchDomain } from './watch-domain.ts';

export interface InstanceWalk {
  readonly track: WalkTrack;
  readonly domain: Domain;
  /** Those that have to be updated, or to be taken back. */
  readonly toUpdate: Domain['instances'];
  readonly observed: ServiceObservation;
  readonly record: UpdateRecord;
}

/** Returns evidence. Throws as walkError has it. */
export async function walkInstances(
  context: ServiceContext,
  walk: InstanceWalk,
  run: StepRun,
): Promise<string[]> {
  const { track, domain, observed, record } = walk;
  const tellsVersions = context.target.tellsVersions(record);
  // The platform walks the domains of such a service whole.
  const toUpdate = tellsVersions || walk.toUpdate.length === 0 ? walk.toUpdate : domain.instances;
  const to = track.direction === 'forward' ? 'target' : 'previous';
  const mark = (state: 'begun' | 'done') => withWalk(record, { domain: domain.number, to, state });
  // What was taken back and what was never walked run the same: the next run knows them apart by the record.
  const isUnmarked = track.direction === 'back' && !record.walk.some((one) => one.domain === domain.number);
  if ((!tellsVersions || isUnmarked) && toUpdate.length > 0) await keepRecord(context, mark('begun'));
  else if (endsSoon(context, observed)) await keepRecord(context, record);
  run.signal.throwIfAborted();
  const from = context.clock.now();
  const ended = await watchDomain(
    context,
    {
      ...{ track, domain, toUpdate, tellsVersions },
      domains: observed.spread.domains.length,
      writeDone: () => keepRecord(context, mark('done')),
    },
    run,
  );
  report(context, walk, from, ended);
  const { outcome } = ended;
  if (outcome.kind !== 'good')
    throw walkError(context, domain.number, track.direction, { ...ended, outcome });
  return [evidenceOf(track, toUpdate.length), outcome.evidence];
}

/** Nothing may be written to the service while the platform is at it: what is left has to last until it is done. */
function endsSoon(context: ServiceContext, { look }: ServiceObservation): boolean {
  const { clock, config } = context;
  if (look.lease === null || look.lease.run !== leaseOf(context).run) return true;
  return Date.parse(look.lease.until) < clock.now() + config.walk.startTimeoutMs + config.health.timeoutMs;
}

function report(
  { clock, history }: ServiceContext,
  { track, domain }: InstanceWalk,
  from: number,
  { outcome, platformMs }: EndedWalk,
): void {
  history.walked({
    domain: domain.number,
    direction: track.direction,
    from: new Date(from).toISOString(),
    to: new Date(clock.now()).toISOString(),
    platformSeconds: platformMs / 1000,
    instances: domain.instances.length,
    outcome: REPORTED[outcome.kind],
  });
}

function evidenceOf({ direction }: WalkTrack, walked: number): string {
  if (walked === 0) return 'no instance had to be updated any more';
  return direction === 'forward'
    ? `${count(walked, 'instance')} updated`
    : `${count(walked, 'instance')} back on the version before`;
}
