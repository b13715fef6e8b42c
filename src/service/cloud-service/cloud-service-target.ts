// The driver for a cloud service (extended support): a PUT writes a version, the walk of a domain brings it to the
// instances there, and what these run nobody tells: it is written down.
import type { CloudService } from '../../azure/ports/compute.ts';
import type { CloudServiceConfig } from '../../config/service-config.ts';
import { describeAutoscale } from '../autoscale-settings.ts';
import type { ServiceLook, ServiceTarget } from '../target.ts';
import type { TargetParts } from '../targets.ts';
import { NOTHING_HELD } from '../update-record.ts';
import { formatList } from '../words.ts';
import { coreNeed } from './core-need.ts';
import { findAutoscale, setScaling } from './held-autoscale.ts';
import { lookAtService } from './look-at-service.ts';
import { changesOf, modelsOf, standingOf } from './service-models.ts';
import { type CloudParts, refsOf } from './service-pair.ts';
import { claim, keep, release } from './service-tags.ts';
import { swapAddresses } from './swap-addresses.ts';
import { missingOf } from './version-files.ts';
import { walkDomain } from './walk-domain.ts';
import { createWatchedWalks } from './watched-walks.ts';
import { writeVersion } from './write-version.ts';

export function cloudServiceTarget(service: CloudServiceConfig, given: TargetParts): ServiceTarget {
  const parts: CloudParts = { ...given, service, ours: { lease: null } };
  const walks = createWatchedWalks();
  /** The service as it was in each look: a look itself has no room for it. */
  const seen = new WeakMap<ServiceLook, CloudService>();
  const seenIn = (look: ServiceLook): CloudService => {
    const subject = seen.get(look);
    if (subject === undefined) throw new RangeError('a look of another target');
    return subject;
  };
  const names = refsOf(parts).map(({ name }) => name);
  return {
    kind: 'cloud-service',
    what: `cloud service${names.length > 1 ? 's' : ''} ${formatList(names)}`,
    tellsVersions: () => false,
    look: async () => {
      const { look, subject } = await lookAtService(parts, walks);
      seen.set(look, subject);
      return look;
    },
    changes: async (look) => {
      const subject = seenIn(look);
      const models = look.record ?? (await modelsOf(parts, look, subject));
      return changesOf(parts, subject, models, look.record?.held ?? NOTHING_HELD);
    },
    models: (look) => modelsOf(parts, look, seenIn(look)),
    missing: (models, version) => missingOf(parts, models, version),
    cores: (look, _models, version) =>
      coreNeed(parts, seenIn(look), version, look.record?.held ?? NOTHING_HELD),
    claim: (lease) => claim(parts, lease),
    keep: (lease, record) => keep(parts, lease, record),
    release: (lease) => release(parts, lease),
    findAutomation: () => findAutoscale(parts),
    hold: (held) => setScaling(parts, held, false),
    giveBack: (held) => setScaling(parts, held, true),
    describeHeld: ({ autoscale }) => autoscale.map(describeAutoscale),
    writeModel: (record, version, signal) => writeVersion(parts, record, version, signal),
    standing: (look, models) => standingOf(look, models, seenIn(look)),
    walk: ({ number }, signal) => walks.watch(number, () => walkDomain(parts, number, signal)),
    swap: parts.config.switchMethod === 'swap' ? (signal) => swapAddresses(parts, signal) : null,
  };
}
