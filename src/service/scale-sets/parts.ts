// What the driver for scale sets works with: the sets of the configuration, and the order in which they are written.
import type { ComputeRef, ScaleSet } from '../../azure/ports/compute.ts';
import type { ScaleSetRole, ScaleSetsConfig, ServiceConfig } from '../../config/service-config.ts';
import { UpgradeError } from '../../reasons.ts';
import { resourceNotFound } from '../resource-not-found.ts';
import { compareTexts } from '../role-instance.ts';
import type { TargetParts } from '../targets.ts';
import type { Lease } from '../update-record.ts';

export interface ScaleSetParts extends Pick<TargetParts, 'compute' | 'subscriptionId' | 'clock'> {
  readonly config: ServiceConfig;
  readonly service: ScaleSetsConfig;
  /** The run that has the lease, once this driver has taken it: only then are others' leases told from our own. */
  readonly ours: { lease: Lease | null };
  /** By name of the set, once it was read. It never changes, and with it everything of a look is asked for at once. */
  readonly orchestrations: Map<string, ScaleSet['orchestration']>;
}

export const refOf = ({ resourceGroup, scaleSet }: ScaleSetRole): ComputeRef => ({
  resourceGroup,
  name: scaleSet,
});

/**
 * The sets by resource id, each once: the first one holds the record. All are of one subscription, so that group and
 * name say it. Whoever takes them in this order never has half of what another has.
 */
export function setsInOrder({ service }: Pick<ScaleSetParts, 'service'>): ComputeRef[] {
  const byId = new Map(service.roles.map((role) => [idOf(refOf(role)), refOf(role)]));
  return [...byId].toSorted(([one], [other]) => compareTexts(one, other)).map(([, ref]) => ref);
}

/** Throws 'resource-not-found'. */
export async function readSet(
  { compute, subscriptionId }: Pick<ScaleSetParts, 'compute' | 'subscriptionId'>,
  ref: ComputeRef,
): Promise<ScaleSet> {
  const set = await compute.scaleSets.get(ref);
  if (set !== null) return set;
  throw resourceNotFound(`scale set ${ref.name}`, { ...ref, subscriptionId }, ['vmss', 'list']);
}

export function roleNamed({ service }: Pick<ScaleSetParts, 'service'>, name: string): ScaleSetRole {
  const role = service.roles.find((each) => each.name === name);
  if (role !== undefined) return role;
  throw new UpgradeError(
    'update-in-progress',
    `The update in progress is also of role ${name}, which the configuration does not have.`,
    { advice: [`Put role ${name} back into the configuration until the update is finished or rolled back.`] },
  );
}

const idOf = ({ resourceGroup, name }: ComputeRef): string => `${resourceGroup}/${name}`.toLowerCase();

const WRITE_WITHIN_MS = 300_000;

/**
 * How long a run that has the service waits for Azure to take a write. It takes none while instances are being updated:
 * after a start that timed out they still are, and the way back begins with a write. Milliseconds.
 */
export function writeWithinMs({ walk }: Pick<ServiceConfig, 'walk'>): number {
  return Math.max(WRITE_WITHIN_MS, walk.startTimeoutMs);
}
