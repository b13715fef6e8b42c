// The article's four things to weigh, with this service's numbers.

import type { Minimum } from '../../config/service-config.ts';
import { formatDuration } from '../../engine/humane.ts';
import type { Factor, Plan } from '../../engine/report.ts';
import { changesAhead } from '../../guards/service/update-ahead.ts';
import { walkEstimate } from '../../guards/service/walk-estimate.ts';
import type { ServiceChange } from '../../service/change.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import { leastWithoutRack, lowestCapacities } from './lowest-capacity.ts';

/**
 * Impact on availability, ability to roll back, vulnerability to a catastrophe, total cost.
 * @param twice what exists twice.
 */
export async function serviceFactors(
  context: ServiceContext,
  observed: ServiceObservation,
  twice: Plan['twice'],
): Promise<Factor[]> {
  const swaps = context.config.switchMethod === 'swap';
  const { changes } = await changesAhead(context, observed.look);
  return [
    swaps ? availabilityWithSwap(context, observed) : availability(context, observed),
    rollback(context, observed, changes),
    await catastrophe(context, observed),
    cost(observed, changes, twice),
  ];
}

function availability(context: ServiceContext, observed: ServiceObservation): Factor {
  const { whole, roles } = lowestCapacities(observed);
  if (isWalked(context, observed)) {
    const answer = 'No domain is left to be walked: nothing is taken away from users any more.';
    return { factor: 'availability', answer, details: [] };
  }
  const down = roles.filter(({ inService, instances }) => inService === 0 && instances > 0);
  const names = formatList(down.map(({ role }) => role));
  const downtime =
    down.length > 0 ? `${names} ${down.length === 1 ? 'is' : 'are'} down while one domain is walked. ` : '';
  return {
    factor: 'availability',
    answer: `${downtime}At least ${whole.inService} of ${whole.instances} instances stay in service, whichever domain is walked; ${inMinutes(context, observed)}.`,
    details: [
      ...roles.map(
        ({ role, inService, instances, sizes, domain }) =>
          `${role}: at least ${inService} of ${instances}${domain === null ? '' : `, while domain ${domain} is walked`} (domains of ${sizes.join(', ')})`,
      ),
      ...gate(context, observed),
      'Both versions serve users from the first domain on until the last one is walked: they have to get on with each other',
    ],
  };
}

function isWalked(context: ServiceContext, observed: ServiceObservation): boolean {
  return walkEstimate(context, observed, 'all').domains === 0;
}

function inMinutes(context: ServiceContext, observed: ServiceObservation): string {
  const { domains, typicalMs, longestMs } = walkEstimate(context, observed, 'all');
  const what = domains === 1 ? 'its walk typically takes' : `the walk of ${domains} domains typically takes`;
  return `${what} ${formatDuration(typicalMs)}, and ${formatDuration(longestMs)} at most`;
}

/** What has to be seen before the next domain. */
function gate({ config }: ServiceContext, { look }: ServiceObservation): string[] {
  const { consecutive, intervalMs } = config.health;
  const chosen = look.roles.filter((role) => role.chosen);
  const minimums = chosen.map(({ role, minimum }) => `${inWords(minimum)} of ${role}`);
  return [
    `Before the next domain ${formatList(minimums)}, of all that were walked, have to be healthy in ${count(consecutive, 'look')} in a row, ${formatDuration(intervalMs)} apart`,
  ];
}

function inWords(minimum: Minimum): string {
  return minimum.kind === 'percent' ? `${minimum.percent} %` : String(minimum.count);
}

function availabilityWithSwap(context: ServiceContext, observed: ServiceObservation): Factor {
  return {
    factor: 'availability',
    answer: `No instance that users are on is taken down; ${inMinutes(context, observed)}, and then the addresses of the two services are exchanged.`,
    details: [
      'The swap takes seconds; connections that are open then are cut',
      'Nothing else may be done to either of the two services meanwhile: Azure warns that this breaks them beyond repair',
      ...gate(context, observed),
    ],
  };
}

function rollback(
  context: ServiceContext,
  observed: ServiceObservation,
  changes: readonly ServiceChange[],
): Factor {
  const { config } = context;
  if (config.switchMethod === 'in-place' && isWalked(context, observed)) {
    const answer =
      'Not any more: every instance runs the new version. Going back is an update to the version before.';
    return { factor: 'rollback', answer, details: [] };
  }
  const doubts = changes
    .filter(({ wayBack }) => wayBack.kind !== 'possible')
    .map(
      ({ what, wayBack }) =>
        `${what}: ${wayBack.kind === 'none' ? 'no way back' : 'in doubt'}, ${wayBack.words}`,
    );
  const inPlace =
    'As long as one instance has not been updated: yes, by itself where a domain does not become healthy. Once the last one has: not any more, and going back is an update to the version before.';
  const swaps =
    'Until cleanup: yes, by exchanging the addresses again; the version before stays where it is, on the other service.';
  return {
    factor: 'rollback',
    answer: config.switchMethod === 'swap' ? swaps : inPlace,
    details: [
      'The model before is put back first; then the domains that were walked go back, the last one first, each with the same look at its health. Instances that were not updated are left alone',
      `A domain that is stuck for ${formatDuration(config.walk.stuckAfterMs)}: ${ON_STUCK[config.walk.onStuck]}. An instance that has not started in ${formatDuration(config.walk.startTimeoutMs)}: ${ON_START_TIMEOUT[config.walk.onStartTimeout]}`,
      'What the version before needs (image, package, configuration) has to be kept until the update is finished',
      ...doubts,
    ],
  };
}

const ON_STUCK: Readonly<Record<ServiceContext['config']['walk']['onStuck'], string>> = {
  rollback: 'back, by itself',
  hold: 'it is held, and a person decides',
  supersede: 'it is held, and a fresh update may come over it',
};

const ON_START_TIMEOUT: Readonly<Record<ServiceContext['config']['walk']['onStartTimeout'], string>> = {
  rollback: 'back, by itself',
  fail: 'it is held, and a person decides',
  continue: 'it is passed over, if the others suffice',
};

async function catastrophe(context: ServiceContext, observed: ServiceObservation): Promise<Factor> {
  const regions = await regionsOf(context, observed);
  const where = regions.length > 0 ? formatList(regions) : 'its region';
  const swaps = context.config.switchMethod === 'swap';
  const serving = swaps ? 'users stay where they are' : 'both versions serve';
  return {
    factor: 'catastrophe',
    answer: `If ${where} fails, the service is down, with an update as without one: this topology moves nobody to another region.`,
    details: [
      ...(swaps || isWalked(context, observed) ? [] : rackLost(observed)),
      `A run that is killed stops between domains, or after the one that Azure works on; ${serving}, and the next run goes on, or back, by what is written down on the service`,
      'Autoscale and automatic repairs, where they are on, are held meanwhile: an instance that breaks by itself is not replaced, and load is not followed',
    ],
  };
}

function rackLost(observed: ServiceObservation): string[] {
  const rack = leastWithoutRack(observed);
  if (rack === null) return [];
  const { kind, inService, instances } = rack;
  const left = inService === 0 ? `none of ${instances}` : `at least ${inService} of ${instances}`;
  return [`A ${kind} that fails while a domain is walked leaves ${left} instances in service`];
}

async function regionsOf({ config, azure }: ServiceContext, { look }: ServiceObservation): Promise<string[]> {
  const { service } = config;
  if (service.kind === 'scale-sets')
    return [...new Set(look.roles.flatMap(({ set }) => (set ? [set.location] : [])))];
  const { resourceGroup, service: name } = service;
  const found = await azure.compute.cloudServices.get({ resourceGroup, name });
  return found === null ? [] : [found.location];
}

function cost({ look }: ServiceObservation, changes: readonly ServiceChange[], twice: Plan['twice']): Factor {
  const instances = look.roles.reduce((sum, role) => sum + role.instances.length, 0);
  if (twice.length === 0) {
    const sizes = changes.filter(({ kind }) => kind === 'size');
    return {
      factor: 'cost',
      answer: `Nothing is paid twice: the ${count(instances, 'instance')} are updated where they are.`,
      details: sizes.map(({ role, what }) => `${role}: ${what}, paid from the walk of its domain on`),
    };
  }
  return {
    factor: 'cost',
    answer: `The service is paid twice from the deployment of the second one until that is removed: ${count(instances, 'instance')} more.`,
    details: twice.map(({ resource, sku, since }) => `${resource}: ${sku}, since ${since}`),
  };
}
