// What is tried in worlds of two slots, and what a person runs next wherever it was cut off.
import type { Inputs, Journey, Standing } from '../world.ts';

/** The configuration with rollback.stage: remove; written beside the one that keeps the stage database. */
export const REMOVING = '.github/rolling-upgrade-remove.yml';

const PREPARE = { phase: 'prepare' };
const UPGRADE = { phase: 'upgrade' };
const SWITCH = { phase: 'switch' };
const WHOLE = { phase: 'prepare, upgrade, switch' };
const ROLLBACK = { phase: 'rollback' };
/** The confirmation is needed where the switch was announced: users may have been there. */
const REMOVE = { phase: 'rollback', config: REMOVING, confirm: 'remove green' };
const CLEANUP = { phase: 'cleanup', confirm: 'remove blue' };
export const RETURN = { phase: 'rollback', confirm: 'lose-writes green' };

/** By state: what leads on to the end of the journey; a state that is not named is where it ends. */
type Ways = Readonly<Record<string, Inputs>>;

const following =
  (ways: Ways) =>
  ({ state }: Standing): Inputs | null =>
    ways[state] ?? null;

const MENDED: Ways = { frozen: ROLLBACK, unknown: ROLLBACK };

const TO_SWITCHED: Ways = {
  ...MENDED,
  'not-prepared': WHOLE,
  seeding: WHOLE,
  prepared: { phase: 'upgrade, switch' },
  upgraded: SWITCH,
  compromised: REMOVE,
};

const TO_UPGRADED: Ways = {
  ...MENDED,
  'not-prepared': { phase: 'prepare, upgrade' },
  seeding: { phase: 'prepare, upgrade' },
  prepared: UPGRADE,
  compromised: REMOVE,
};

export const JOURNEYS: readonly Journey[] = [
  {
    name: 'prepare',
    before: [],
    inputs: PREPARE,
    rollback: REMOVE,
    next: following({ ...MENDED, 'not-prepared': PREPARE, seeding: PREPARE, compromised: REMOVE }),
  },
  {
    name: 'upgrade, switch',
    before: [PREPARE],
    inputs: { phase: 'upgrade, switch' },
    rollback: ROLLBACK,
    next: following(TO_SWITCHED),
  },
  { name: 'upgrade', before: [PREPARE], inputs: UPGRADE, rollback: ROLLBACK, next: following(TO_UPGRADED) },
  {
    name: 'switch',
    before: [PREPARE, UPGRADE],
    inputs: SWITCH,
    rollback: ROLLBACK,
    next: following(TO_SWITCHED),
  },
  {
    name: 'cleanup',
    before: [WHOLE],
    inputs: CLEANUP,
    rollback: RETURN,
    // A way back that was still possible has been gone: V2 is what is removed next.
    next: following({ ...MENDED, switched: CLEANUP, upgraded: ROLLBACK, compromised: REMOVE }),
  },
  {
    name: 'rollback',
    before: [PREPARE, UPGRADE],
    inputs: ROLLBACK,
    rollback: ROLLBACK,
    next: following({ ...MENDED, upgraded: ROLLBACK }),
  },
  {
    name: 'rollback that removes the stage',
    before: [PREPARE],
    inputs: { phase: 'rollback', config: REMOVING },
    rollback: REMOVE,
    next: following({ ...MENDED, seeding: REMOVE, prepared: REMOVE, upgraded: REMOVE, compromised: REMOVE }),
  },
  {
    name: 'return to V1',
    before: [WHOLE],
    inputs: RETURN,
    // Without the confirmation: a return that was cut off gives V2 back to its users.
    rollback: ROLLBACK,
    next: following({ ...MENDED, switched: RETURN, upgraded: ROLLBACK }),
  },
];
