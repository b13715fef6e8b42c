// One domain: the platform's operation and looks at the service side by side, then looks alone, until its health is good
// or nothing can make it so.
import type { StepRun } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import type { Domain } from '../../service/domains.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { tellDomain } from './domain-progress.ts';
import { type HealthSeen, watchHealth } from './health-watch.ts';
import { type BackgroundWork, inBackground, sleepBeside } from './in-background.ts';
import { judgeWalk } from './judge-walk.ts';
import type { EndedWalk, WalkOutcome } from './walk-outcome.ts';
import type { WalkTrack } from './walk-track.ts';

export interface DomainWalk {
  readonly track: WalkTrack;
  /** All of it. */
  readonly domain: Domain;
  /** How many the service has. */
  readonly domains: number;
  /** Those that the platform has to update; empty where it has done that already. */
  readonly toUpdate: Domain['instances'];
  /** Whether instances tell what they run; otherwise the platform's word counts. */
  readonly tellsVersions: boolean;
  /** Writes down that the platform is done. Called once, and health is looked at meanwhile: no time is lost by it. */
  readonly writeDone: () => Promise<void>;
}

/** Resolves however the walk ends; rejects only where the service could not be looked at once. */
export async function watchDomain(
  context: ServiceContext,
  walk: DomainWalk,
  run: StepRun,
): Promise<EndedWalk> {
  const { clock, config } = context;
  const beganAt = clock.now();
  const left = new AbortController();
  const operation = begin(context, walk, AbortSignal.any([run.signal, left.signal]));
  const watch = watchHealth(context, walk.track, walk.domain.number);
  const tell = tellDomain(context, walk, run);
  let writing: BackgroundWork | null = null;
  let last: HealthSeen | null = null;
  let outcome: WalkOutcome | null = null;
  try {
    while (outcome === null) {
      run.signal.throwIfAborted();
      const lookedAt = clock.now();
      if (operation.state.kind === 'done') writing ??= inBackground(clock, walk.writeDone);
      last = (await watch.look(saidDone(walk, operation))) ?? last;
      // What is no longer waited for has not failed.
      run.signal.throwIfAborted();
      if (writing?.state.kind === 'failed') throw writing.state.error;
      if (last !== null) {
        tell(last);
        const now = clock.now();
        outcome = judgeWalk({
          walk,
          config: config.walk,
          seen: last,
          operation: operation.state,
          beganAt,
          now,
        });
      }
      if (outcome === null) {
        const isCounting = last !== null && last.evaluation.history.inARow > 0;
        const pause = isCounting
          ? config.health.intervalMs
          : pauseMs(config.health.intervalMs, lookedAt - beganAt);
        const rest = Math.max(0, lookedAt + pause - clock.now());
        // Looks that count are as far apart as the configuration has it: no end of an operation hastens them.
        await (isCounting ? clock.sleep(rest, run.signal) : sleepBeside(clock, operation, rest, run.signal));
      }
    }
    if (operation.state.kind === 'done') writing ??= inBackground(clock, walk.writeDone);
    await writing?.ended;
    if (writing?.state.kind === 'failed') throw writing.state.error;
  } catch (error) {
    if (last === null) throw error;
    outcome = { kind: 'cut-off', error };
  } finally {
    left.abort(new Error('the walk is no longer waited for'));
    // Whoever gives the lease back next must not be overtaken by its renewal.
    await writing?.ended;
  }
  if (last === null) throw new UpgradeError('internal-error', 'A walk has ended without a look at it');
  const { observed, evaluation } = last;
  const now = clock.now();
  const ended = operation.state.kind === 'under-way' ? now : operation.state.at;
  const platformMs = Math.max(ended, evaluation.history.startedAt ?? now) - beganAt;
  return { outcome, seen: observed, platformMs };
}

/**
 * From the beginning of one look to that of the next, until health is good: the sooner the shorter the walk has lasted.
 * Never below a fifth of the configured interval: Azure counts the reads of a scale set's instances, about one in a
 * second is what it allows.
 */
function pauseMs(intervalMs: number, elapsedMs: number): number {
  return Math.min(intervalMs, Math.max(intervalMs / 5, elapsedMs * SEEN_LATE));
}

/** The share of a walk by which its end may be seen late. */
const SEEN_LATE = 0.02;

function begin({ clock, target }: ServiceContext, walk: DomainWalk, signal: AbortSignal): BackgroundWork {
  const { track, domain, toUpdate } = walk;
  track.begin(toUpdate, clock.now());
  return inBackground(clock, async () => {
    if (toUpdate.length > 0) await target.walk({ number: domain.number, instances: toUpdate }, signal);
  });
}

function saidDone({ tellsVersions, toUpdate }: DomainWalk, { state }: BackgroundWork) {
  return new Set(!tellsVersions && state.kind === 'done' ? toUpdate.map(keyOf) : []);
}
