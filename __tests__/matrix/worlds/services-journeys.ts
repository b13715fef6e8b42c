// What is tried on services with update domains, and what a person runs next wherever it was cut off.
import type { Inputs, Journey, Standing } from '../world.ts';

/** Configurations that the worlds write; the good one in place is the default file. */
export const BAD = '.github/bad-version.yml';
export const SWAP = '.github/swap.yml';

const PREPARE = { phase: 'prepare' };
const UPGRADE = { phase: 'upgrade' };
const WHOLE = { phase: 'prepare, upgrade' };
const ONE_DOMAIN = { phase: 'prepare, upgrade', domain: 'next' };
const NEXT_DOMAIN = { phase: 'upgrade', domain: 'next' };
const ROLLBACK = { phase: 'rollback' };

type Ways = Readonly<Record<string, Inputs>>;

/**
 * By state; one that is not named is where it ends. What is held says that a run has not come to its end. Where the service
 * could not be read it is looked at again, as the summary advises.
 */
const following =
  (ways: Ways, toFinish: Inputs | null = null) =>
  ({ state, service }: Standing): Inputs | null => {
    if (state === 'unknown') return { phase: 'status' };
    return ways[state] ?? (service !== null && service.held.length > 0 ? toFinish : null);
  };

const withConfig = (config: string, inputs: Inputs): Inputs => ({ ...inputs, config });
const allWith = (config: string, ways: Ways): Ways =>
  Object.fromEntries(Object.entries(ways).map(([state, inputs]) => [state, withConfig(config, inputs)]));

const FORWARD: Ways = {
  'not-prepared': WHOLE,
  prepared: UPGRADE,
  'in-progress': UPGRADE,
  'going-back': ROLLBACK,
};
const ONE: Ways = { 'not-prepared': ONE_DOMAIN, prepared: NEXT_DOMAIN };
const BACK: Ways = { prepared: ROLLBACK, 'in-progress': ROLLBACK, 'going-back': ROLLBACK };

/** In place, of scale sets as of a cloud service. */
export const IN_PLACE: readonly Journey[] = [
  {
    name: 'prepare',
    before: [],
    inputs: PREPARE,
    rollback: ROLLBACK,
    next: following({ 'not-prepared': PREPARE }),
  },
  {
    name: 'prepare, upgrade',
    before: [],
    inputs: WHOLE,
    rollback: ROLLBACK,
    next: following(FORWARD, UPGRADE),
  },
  { name: 'first domain', before: [], inputs: ONE_DOMAIN, rollback: ROLLBACK, next: following(ONE) },
  {
    name: 'last domain',
    before: [ONE_DOMAIN],
    inputs: NEXT_DOMAIN,
    rollback: ROLLBACK,
    next: following(FORWARD, UPGRADE),
  },
  {
    name: 'rollback in the middle',
    before: [ONE_DOMAIN],
    inputs: ROLLBACK,
    rollback: ROLLBACK,
    next: following(BACK),
  },
  {
    name: 'a version that breaks',
    before: [],
    inputs: withConfig(BAD, WHOLE),
    rollback: withConfig(BAD, ROLLBACK),
    next: following(allWith(BAD, BACK)),
    endsRed: true,
  },
];

const UPGRADED = withConfig(SWAP, WHOLE);
const SWITCH = withConfig(SWAP, { phase: 'switch' });
const CLEANUP = withConfig(SWAP, { phase: 'cleanup' });
const SWAP_ROLLBACK = withConfig(SWAP, ROLLBACK);

/** A new version beside the one that users are on, and their addresses exchanged. */
export const BY_SWAP: readonly Journey[] = [
  {
    name: 'beside: prepare, upgrade',
    before: [],
    inputs: UPGRADED,
    rollback: SWAP_ROLLBACK,
    next: following(allWith(SWAP, FORWARD), withConfig(SWAP, UPGRADE)),
  },
  {
    name: 'beside: give up',
    before: [UPGRADED],
    inputs: SWAP_ROLLBACK,
    rollback: SWAP_ROLLBACK,
    next: following({ ...allWith(SWAP, BACK), upgraded: SWAP_ROLLBACK }),
  },
  {
    name: 'swap',
    before: [UPGRADED],
    inputs: SWITCH,
    rollback: SWAP_ROLLBACK,
    next: following({ upgraded: SWITCH }),
  },
  {
    name: 'swap back',
    before: [UPGRADED, SWITCH],
    inputs: SWAP_ROLLBACK,
    rollback: SWAP_ROLLBACK,
    next: following({ switched: SWAP_ROLLBACK }),
  },
  {
    name: 'swap: cleanup',
    before: [UPGRADED, SWITCH],
    inputs: CLEANUP,
    rollback: SWAP_ROLLBACK,
    next: following({ switched: CLEANUP }),
  },
];
