// Writing a model, which touches no instance, and giving it to the instances of one domain.
import type { ScaleSet, ServiceInstance } from '../../azure/ports/compute.ts';
import type { Domain } from '../domains.ts';
import { endOf, persist } from '../persist.ts';
import type { UpdateRecord } from '../update-record.ts';
import { formatList } from '../words.ts';
import { changeSet } from './change-set.ts';
import { refuseOthersLease } from './lease.ts';
import { changeTo } from './models.ts';
import { readSet, refOf, roleNamed, type ScaleSetParts, writeWithinMs } from './parts.ts';

const PAUSE_MS = 1_000;

/** See ServiceTarget.writeModel. */
export async function writeModel(
  parts: ScaleSetParts,
  record: UpdateRecord,
  version: 'target' | 'previous',
  signal: AbortSignal,
): Promise<UpdateRecord> {
  const writes = Object.entries(record.models).map(([role, models]) => {
    const ref = refOf(roleNamed(parts, role));
    return changeSet(parts, {
      ref,
      what: `the model of scale set ${ref.name}`,
      withinMs: writeWithinMs(parts.config),
      signal,
      change: (set) => {
        const change = changeTo(set, models[version]);
        if (change !== null) refuseOthersLease(parts, set);
        return change;
      },
    });
  });
  await endOf(writes);
  return record;
}

/** See ServiceTarget.walk. Instances that are gone meanwhile are left out. */
export async function walk(parts: ScaleSetParts, domain: Domain, signal: AbortSignal): Promise<void> {
  const roles = Map.groupBy(domain.instances, ({ role }) => role);
  await endOf(
    [...roles].map(([role, instances]) =>
      walkRole(
        parts,
        role,
        instances.map(({ id }) => id),
        signal,
      ),
    ),
  );
}

async function walkRole(
  parts: ScaleSetParts,
  role: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const ref = refOf(roleNamed(parts, role));
  const what = `instances ${formatList(ids)} of scale set ${ref.name}`;
  // An update that a run before has begun may still be at them, for as long as an instance may take to start.
  const withinMs = parts.config.walk.startTimeoutMs;
  let isAsked = false;
  await persist(parts, { what, withinMs, signal }, async () => {
    const set = await readSet(parts, ref);
    refuseOthersLease(parts, set);
    // Asked before, and the end was not seen: what is under way now may be just that.
    const instances = isAsked ? await atRest(parts, set, ids, signal) : await existing(parts, set, ids);
    const left = isAsked ? instances.filter(isOutdated) : instances;
    if (left.length === 0) return;
    isAsked = true;
    await parts.compute.scaleSets.updateInstances(
      ref,
      left.map(({ id }) => id),
      signal,
    );
  });
}

async function existing(
  { compute }: ScaleSetParts,
  set: ScaleSet,
  ids: readonly string[],
): Promise<ServiceInstance[]> {
  return (await compute.scaleSets.listInstances(set)).filter(({ id }) => ids.includes(id));
}

async function atRest(
  parts: ScaleSetParts,
  set: ScaleSet,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ServiceInstance[]> {
  const until = parts.clock.now() + parts.config.walk.startTimeoutMs;
  for (;;) {
    const instances = await existing(parts, set, ids);
    const isOver = parts.clock.now() >= until;
    if (isOver || !instances.some(({ provisioningState }) => provisioningState === 'Updating'))
      return instances;
    await parts.clock.sleep(PAUSE_MS, signal);
  }
}

/** Just after Azure was asked for it, and with nothing written since, what it says of the latest model is right. */
function isOutdated({ latestModelApplied, provisioningState }: ServiceInstance): boolean {
  return latestModelApplied !== true || provisioningState === 'Failed';
}
