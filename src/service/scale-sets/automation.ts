// What changes a scale set by itself is held while it is updated: autoscale, automatic repairs, and upgrade modes in
// which the platform brings instances to a new model without being asked.
import type { ScaleSet } from '../../azure/ports/compute.ts';
import { describeAutoscale, setAutoscale } from '../autoscale-settings.ts';
import { persist } from '../persist.ts';
import type { ServiceLook } from '../target.ts';
import type { HeldAutomation } from '../update-record.ts';
import { changeSet } from './change-set.ts';
import { refuseOthersLease } from './lease.ts';
import { chosenSets } from './models.ts';
import { readSet, refOf, roleNamed, type ScaleSetParts, setsInOrder } from './parts.ts';

const WITHIN_MS = 180_000;

/** See ServiceTarget.findAutomation. */
export async function findAutomation(parts: ScaleSetParts, look: ServiceLook): Promise<HeldAutomation> {
  const chosen = chosenSets(look);
  const settings = await Promise.all(
    chosen.map(({ set }) => parts.compute.autoscale.settingsOf(set.ref.resourceGroup, set.id)),
  );
  const modes = chosen.flatMap(({ role, set: { upgradeMode } }) =>
    upgradeMode === 'Automatic' || upgradeMode === 'Rolling' ? [[role, upgradeMode] as const] : [],
  );
  const enabled = settings.flat().filter(({ isEnabled }) => isEnabled);
  return {
    autoscale: [...new Set(enabled.map(({ id }) => id))],
    repairs: chosen.filter(({ set }) => set.automaticRepairs === 'running').map(({ role }) => role),
    modes: Object.fromEntries(modes),
  };
}

/** See ServiceTarget.hold. */
export async function hold(parts: ScaleSetParts, held: HeldAutomation): Promise<void> {
  // Whatever could replace or add instances first.
  await setScaling(parts, held, false);
  for (const role of held.repairs) await setRepairs(parts, role, 'suspended');
  for (const role of Object.keys(held.modes)) {
    await changeMode(parts, role, (set) => (set.upgradeMode === 'Manual' ? null : 'Manual'));
  }
}

/** See ServiceTarget.giveBack. What somebody has set meanwhile to something else stays as it is. */
export async function giveBack(parts: ScaleSetParts, held: HeldAutomation): Promise<void> {
  for (const [role, mode] of Object.entries(held.modes)) {
    await changeMode(parts, role, (set) => (set.upgradeMode === 'Manual' ? mode : null));
  }
  for (const role of held.repairs) await setRepairs(parts, role, 'running');
  await setScaling(parts, held, true);
}

/** See ServiceTarget.describeHeld. */
export function describeHeld(parts: ScaleSetParts, { autoscale, repairs, modes }: HeldAutomation): string[] {
  const named = (role: string) => {
    const set = parts.service.roles.find(({ name }) => name === role)?.scaleSet;
    return set === undefined ? role : `${role} (${set})`;
  };
  return [
    ...autoscale.map(describeAutoscale),
    ...repairs.map((role) => `automatic repairs of ${named(role)}`),
    ...Object.entries(modes).map(([role, mode]) => `upgrade mode ${mode} of ${named(role)}`),
  ];
}

/** A setting has no lease of its own: the sets say whether it is still this run's to write. */
async function setScaling(
  parts: ScaleSetParts,
  { autoscale }: HeldAutomation,
  isEnabled: boolean,
): Promise<void> {
  for (const id of autoscale) {
    for (const ref of setsInOrder(parts)) refuseOthersLease(parts, await readSet(parts, ref));
    await setAutoscale(parts, id, isEnabled);
  }
}

async function setRepairs(parts: ScaleSetParts, role: string, state: 'running' | 'suspended'): Promise<void> {
  const ref = refOf(roleNamed(parts, role));
  const what = `the automatic repairs of scale set ${ref.name}`;
  await persist(parts, { what, withinMs: WITHIN_MS }, async () => {
    const set = await readSet(parts, ref);
    if (set.automaticRepairs === 'none') return;
    // Of a Flexible set it cannot be read: doing it once more changes nothing.
    if (set.automaticRepairs === state && set.orchestration === 'Uniform') return;
    refuseOthersLease(parts, set);
    await parts.compute.scaleSets.setAutomaticRepairs(ref, state);
  });
}

async function changeMode(
  parts: ScaleSetParts,
  role: string,
  modeFor: (set: ScaleSet) => 'Manual' | 'Automatic' | 'Rolling' | null,
): Promise<void> {
  const ref = refOf(roleNamed(parts, role));
  await changeSet(parts, {
    ref,
    what: `the upgrade mode of scale set ${ref.name}`,
    withinMs: WITHIN_MS,
    change: (set) => {
      const upgradeMode = modeFor(set);
      if (upgradeMode === null) return null;
      refuseOthersLease(parts, set);
      return { upgradeMode };
    },
  });
}
