// Before a domain is taken down no other one may be.
import type { StepRun } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { isBeingChanged } from '../../service/progress.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { formatList } from '../../service/words.ts';
import { bothVersions, goOnOrBack } from './both-versions.ts';
import { type DomainDown, domainsDown } from './domains-down.ts';
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
  let isTold = false;
  let observed = just ?? (await lookPatiently(context, run));
  for (;;) {
    const down = domainsDown(observed, track, number);
    if (down.length === 0) return observed;
    if (!isTold) run.progress(`domain ${number} waits: ${wordsOf(down)}`);
    isTold = true;
    if (clock.now() >= until) throw othersDown(number, down, observed);
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
  let observed = first;
  let isTold = false;
  while (target.tellsVersions(observed.update) && clock.now() < until) {
    const changing = beingUpdated(observed, number);
    if (changing.length === 0) break;
    if (!isTold) run.progress(`domain ${number} waits: ${formatList(changing)} are being updated already`);
    isTold = true;
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

function othersDown(number: number, down: readonly DomainDown[], observed: ServiceObservation): UpgradeError {
  return new UpgradeError(
    'update-stuck',
    `Domain ${number} was not touched, because a second domain would be down with it: ${wordsOf(down)}. ${bothVersions(observed)}`,
    {
      advice: [
        `Look at ${formatList(down.map(({ domain }) => `domain ${domain}`))}: see which instances are not in a good state, and why.`,
        ...goOnOrBack(),
      ],
    },
  );
}

function wordsOf(down: readonly DomainDown[]): string {
  return down.map(({ domain, why }) => `domain ${domain} is down (${why})`).join('; ');
}
