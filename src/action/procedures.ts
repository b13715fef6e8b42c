// From the inputs to the procedure of their topology. What only the other kind of topology needs is not loaded.
import type { Procedure } from '../phases/procedure.ts';
import type { Ingredients } from './ingredients.ts';

/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
export async function procedureOf(from: Ingredients): Promise<Procedure> {
  const { topology } = from.inputs;
  if (topology === 'upgrade-domains') {
    const { ofService } = await import('./service-run.ts');
    return ofService(from);
  }
  const { ofSlots } = await import('./slots-run.ts');
  return ofSlots(from, topology);
}
