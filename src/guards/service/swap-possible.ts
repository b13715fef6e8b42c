import type { CloudService } from '../../azure/ports/compute.ts';
import type { CloudServiceConfig } from '../../config/service-config.ts';
import type { Verdict } from '../guard.ts';
import { fail, notKnowable, pass } from '../verdict.ts';
import type { ServiceGuard } from './service-guard.ts';

/** Of two cloud services: what the swap at the end needs is set when the second one is deployed, and never later. */
export function swapPossible(service: CloudServiceConfig, staging: string): ServiceGuard {
  return {
    id: 'swap-possible',
    title: 'The two cloud services can exchange their addresses',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async ({ azure }) => {
      const { resourceGroup } = service;
      const names = [service.service, staging];
      const [one, other] = await Promise.all(
        names.map((name) => azure.compute.cloudServices.get({ resourceGroup, name })),
      );
      if (!one || !other) return notFound(resourceGroup, one ? staging : service.service);
      return checkPair(one, other);
    },
  };
}

function notFound(group: string, name: string): Verdict {
  return fail(
    'resource-not-found',
    `there is no cloud service ${name} in ${group}`,
    'Correct the configuration file, or deploy it first, swappable with the one that users are on.',
  );
}

function checkPair(one: CloudService, other: CloudService): Verdict {
  const arePartners = isPartner(one, other) || isPartner(other, one);
  if (!arePartners) {
    return fail(
      'change-not-possible',
      `neither ${one.ref.name} nor ${other.ref.name} names the other one as swappableCloudService, which is set when a service is created and cannot be set later`,
      `Deploy ${other.ref.name} anew with networkProfile.swappableCloudService.id = ${one.id}, or update in place: \`switch: {method: in-place}\`.`,
    );
  }
  const slots = [one, other].map(({ ref, slotType }) => `${ref.name}: ${slotType ?? 'not told'}`).join(', ');
  if (one.slotType === null || other.slotType === null)
    return notKnowable(`which of the two users are on is not told (${slots})`);
  if (one.slotType !== other.slotType) return pass(slots);
  return fail(
    'change-not-possible',
    `both are in the same slot (${slots}): which one users are on is not clear`,
    'See which address users reach, and put the two into different slots (portal: Swap).',
  );
}

function isPartner({ swappableWith }: CloudService, { id }: CloudService): boolean {
  return swappableWith?.toLowerCase() === id.toLowerCase();
}
