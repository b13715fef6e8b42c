// Before a domain is taken down no other one may be.
import { createProgress } from '../../engine/progress.ts';
import type { StepRun } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { isBeingChanged } from '../../service/progress.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import { bothVersions, goOnOrBack, goOnWith } from './both-versions.ts';
import { type DomainDown, domainsDown } from './domains-down.ts';
import { lookAtThem } from './instance-commands.ts';
import { lookPatiently } from './patient-look.ts';
import type { WalkTrack } from './walk-track.ts';

/**
 * Waits as long as a domain's health may take, and returns the last look. Throws 'update-stuck'.
 * @param just a look of this moment, where there is one: it is not looked once more.
 */
export async function waitForOthers(
  context: ServiceContext,
  number: number,
  track: WalkTrack,
  run: StepRun,
  just: ServiceObservation | null = null,
): Promise<ServiceObservation> {
  const { clock, config } = context;
  const until = clock.now() + config.health.timeoutMs;
  const tell = tellWaiting(context, number, run);
  let observed = just ?? (await lookPatiently(context, run));
  for (;;) {
    const down = domainsDown(observed, track, number);
    if (down.length === 0) return observed;
    tell(wordsOf(down));
    if (clock.now() >= until) throw othersDown(context, number, track, down, observed);
    await clock.sleep(config.health.intervalMs, run.signal);
    observed = await lookPatiently(context, run);
  }
}

/**
 * What an earlier run has begun on instances of the domain may be under way, and needs no second time: waits as long as
 * an instance may take to start, and returns the last look.
 */
export async function waitForEarlierWalk(
  context: ServiceContext,
  number: number,
  first: ServiceObservation,
  run: StepRun,
): Promise<ServiceObservation> {
  const { clock, config, target } = context;
  const until = clock.now() + config.walk.startTimeoutMs;
  const tell = tellWaiting(context, number, run);
  let observed = first;
  while (target.tellsVersions(observed.update) && clock.now() < until) {
    const changing = beingUpdated(observed, number);
    if (changing.length === 0) break;
    tell(`${count(changing.length, 'instance')} being updated already (${formatList(changing)})`);
    await clock.sleep(config.health.intervalMs, run.signal);
    observed = await lookPatiently(context, run);
  }
  return observed;
}

/** Those that have the version of an update that was written over are updated again, whatever they do. */
function beingUpdated({ spread, versions, update }: ServiceObservation, number: number): string[] {
  const instances = spread.domains.find((domain) => domain.number === number)?.instances ?? [];
  return instances
    .filter((instance) => {
      const version = versions.get(keyOf(instance))?.version;
      const isSuperseding = update.models[instance.role]?.superseded !== undefined;
      return (
        isBeingChanged(instance) && (version === 'previous' || (version === 'unknown' && !isSuperseding))
      );
    })
    .map(keyOf);
}

const LINE_EVERY_MS = 60_000;

function tellWaiting({ clock }: ServiceContext, number: number, { progress }: StepRun) {
  const label = `domain ${number}`;
  const lines = createProgress({ clock, log: progress, label, minIntervalMs: LINE_EVERY_MS });
  return (why: string) => lines.update(null, why);
}

/** How advice begins about what is down, whatever the new version is like. It holds after a way back, too. */
export const LOOK_AT_WHAT_IS_DOWN = 'Look at the instances that are down, and at why; bring them up:';

function othersDown(
  { config }: ServiceContext,
  number: number,
  { direction }: WalkTrack,
  down: readonly DomainDown[],
  observed: ServiceObservation,
): UpgradeError {
  const keys = down.flatMap(({ instances }) => instances);
  const [goOn = '', goBack = ''] = goOnOrBack();
  const next = direction === 'forward' ? walkable(down, observed) : null;
  return new UpgradeError(
    'update-stuck',
    `Domain ${number} was not touched, because a second domain would be down with it: ${wordsOf(down)}. ${bothVersions(observed)}`,
    {
      advice: [
        ...lookAtThem(LOOK_AT_WHAT_IS_DOWN, config, observed.look, keys),
        next === null ? goOn : goOnWith(next),
        goBack,
      ],
    },
  );
}

/** The domain that may be walked although it is down: the only one, where it does not have the new version already. */
function walkable(down: readonly DomainDown[], { progress }: ServiceObservation): number | null {
  const [only, ...others] = down;
  if (only === undefined || others.length > 0) return null;
  const state = progress.domains.find(({ domain }) => domain === only.domain)?.state;
  return state === 'updated' ? null : only.domain;
}

function wordsOf(down: readonly DomainDown[]): string {
  return down.map(({ domain, why }) => `domain ${domain} is down (${why})`).join('; ');
}
