// Worlds of two slots: the example company in one region and in two, moved by Traffic Manager or by swaps of slots, frozen
// by read-only databases or by denied writes.
import type { LocalAzureOptions } from '../../../local-azure/topologies/options.ts';
import { sampleLaw10 } from '../../acceptance/law-10.ts';
import { type Scenario, startScenario } from '../../acceptance/scenario.ts';
import { startHistory } from '../history/history.ts';
import { violationsOfSlots } from '../laws-slots.ts';
import type { World, WorldKind, WorldName } from '../world.ts';
import { JOURNEYS, REMOVING } from './slots-journeys.ts';
import { type Layout, placesOf, serverOfSite } from './slots-places.ts';
import { watchSlots } from './slots-watch.ts';

interface Variant extends Layout {
  readonly name: WorldName;
}

const VARIANTS: readonly Variant[] = [
  variant('single-region', 'single-region'),
  variant('single-region deny-writes', 'single-region', { freezeMethod: 'deny-writes' }),
  variant('single-region slot-swap', 'single-region', { switchMethod: 'slot-swap' }),
  variant('geo-redundant', 'geo-redundant'),
  variant('geo-redundant deny-writes', 'geo-redundant', { freezeMethod: 'deny-writes' }),
  variant('geo-redundant slot-swap', 'geo-redundant', { switchMethod: 'slot-swap' }),
];

function variant(
  name: WorldName,
  topology: Layout['topology'],
  changes: Partial<Pick<Variant, 'switchMethod' | 'freezeMethod'>> = {},
): Variant {
  return { name, topology, switchMethod: 'traffic-manager', freezeMethod: 'read-only', ...changes };
}

export const SLOT_WORLDS: readonly WorldKind[] = VARIANTS.map((each) => ({
  name: each.name,
  journeys: JOURNEYS,
  start: (seed) => start(each, seed),
}));

async function start(variant: Variant, seed: number): Promise<World> {
  const { topology, switchMethod } = variant;
  const options: Partial<LocalAzureOptions> = {
    topology,
    switchMethod,
    seed,
    ttlSeconds: 1,
    // A product that leaves out the drain loses what is on its way.
    durations: { 'replication-lag': 300 },
    ...(switchMethod === 'slot-swap' ? { profile: 'absent' } : {}),
  };
  const scenario = await startScenario(options);
  writeConfigurations(scenario, variant);
  const { azure } = scenario;
  const places = placesOf(azure, variant);
  const history = startHistory({ azure, variant, seed, pauseMs: 700 });
  const watch = watchSlots(azure, places);
  const serverOf = (site: { name: string; version: string }) => serverOfSite(variant, site) ?? site.name;
  const sampler = topology === 'geo-redundant' ? sampleLaw10(azure, serverOf) : null;
  return {
    azure,
    act: async (inputs, onWatch, environment) => {
      // What V2's users wrote is given up, and nothing else is.
      const done = inputs.confirm?.startsWith('lose-writes') ? history.confirmed(1) : () => {};
      try {
        return await scenario.act(inputs, onWatch, environment);
      } finally {
        done();
      }
    },
    violations: async (last) => violationsOfSlots(azure, places, last),
    state: async () => (await scenario.act({ phase: 'status' })).report.state,
    finish: async () => {
      const lost = await history.check();
      const sampled = sampler?.stop().violations.map((violation) => `law 10: ${violation}`) ?? [];
      return [...watch.stop(), ...sampled, ...lost];
    },
    close: async () => {
      watch.stop();
      sampler?.stop();
      await history.stop();
      await scenario.close();
    },
  };
}

/** A copy that never says that it is complete is waited for as long as this; five hours are the default. */
const PATIENCE = 'seeding: { timeout: 3m }\n';

/** The one that is asked for by default, and beside it one that removes the stage database on the way back. */
function writeConfigurations(scenario: Scenario, { freezeMethod }: Variant): void {
  let text = '';
  scenario.editConfig((given) => {
    const frozenBy =
      freezeMethod === 'read-only'
        ? given
        : given.replace('freeze:\n', `freeze:\n  method: ${freezeMethod}\n`);
    text = `${frozenBy}${PATIENCE}`;
    return text;
  });
  scenario.write(REMOVING, `${text}rollback: { stage: remove }\n`);
}
