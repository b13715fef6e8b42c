// Scale sets as something that an update can be done to: a role is a scale set; Uniform ones have update domains, for
// Flexible ones the product makes virtual ones. Reads and writes stand beside this file.
import type { ScaleSetsConfig } from '../../config/service-config.ts';
import type { ServiceTarget } from '../target.ts';
import type { TargetParts } from '../targets.ts';
import { formatList } from '../words.ts';
import { describeHeld, findAutomation, giveBack, hold } from './automation.ts';
import { cores, missing } from './availability.ts';
import { claim, keep, release } from './lease.ts';
import { lookAtScaleSets } from './look.ts';
import { changesOf, modelsOf, standingOf, tellsVersions } from './models.ts';
import type { ScaleSetParts } from './parts.ts';
import { walk, writeModel } from './walk.ts';

export function scaleSetsTarget(
  service: ScaleSetsConfig,
  { config, compute, subscriptionId, clock }: TargetParts,
): ServiceTarget {
  const parts: ScaleSetParts = {
    config,
    compute,
    subscriptionId,
    clock,
    service,
    ours: { lease: null },
    orchestrations: new Map(),
  };
  const names = service.roles.map(({ scaleSet }) => scaleSet);
  return {
    kind: 'scale-sets',
    what: `scale set${names.length > 1 ? 's' : ''} ${formatList(names)}`,
    tellsVersions,
    look: () => lookAtScaleSets(parts),
    changes: async (look) => changesOf(parts, look),
    models: async (look) => modelsOf(parts, look),
    missing: (models, version) => missing(parts, models, version),
    cores: (look, models, version) => cores(parts, look, models, version),
    claim: (lease) => claim(parts, lease),
    keep: (lease, record) => keep(parts, lease, record),
    release: (lease) => release(parts, lease),
    findAutomation: (look) => findAutomation(parts, look),
    hold: (held) => hold(parts, held),
    giveBack: (held) => giveBack(parts, held),
    describeHeld: (held) => describeHeld(parts, held),
    writeModel: (record, version, signal) => writeModel(parts, record, version, signal),
    standing: standingOf,
    walk: (domain, signal) => walk(parts, domain, signal),
    swap: null,
  };
}
