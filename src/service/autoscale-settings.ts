// Autoscale settings of Microsoft.Insights, held while what they scale is updated.
import type { AutoscaleSetting } from '../azure/ports/compute.ts';
import { persist } from './persist.ts';
import type { TargetParts } from './targets.ts';

const WITHIN_MS = 180_000;

/** One that is so already, or was removed meanwhile, is left as it is. */
export async function setAutoscale(
  { clock, compute }: Pick<TargetParts, 'clock' | 'compute'>,
  id: string,
  isEnabled: boolean,
): Promise<void> {
  const setting: AutoscaleSetting = { id, name: nameOf(id), isEnabled: !isEnabled };
  await persist({ clock }, { what: `autoscale setting ${setting.name}`, withinMs: WITHIN_MS }, () =>
    compute.autoscale.setEnabled(setting, isEnabled),
  );
}

/** In words, while it is held. */
export function describeAutoscale(id: string): string {
  return `autoscale setting ${nameOf(id)}`;
}

const nameOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
