// A run that cannot reach a server says so: that is true of what it saw, whatever the server is.
import type { WorldKind } from './world.ts';

const NOT_REACHED = [
  /^law 11: the table says \S+ is unreachable\b/,
  /^law 11: the table says \S+ unknown null, it is\b/,
  /^law 11: the service could not be read\b/,
  // That it is not known is all that is claimed.
  /^law 11: state was told as unknown, /,
  /^law 11: "can read and write" was told as false, .*could not be read/,
  // Nothing tells it of an earlier run's freeze; that there may be one is all that can be said, and has to be.
  /^law (2: \S+ is read-only after a run that ended|11: "PRODUCTION IS READ-ONLY" was told as false, is true) .*could not be read: production may be read-only\b/,
];

/**
 * On the way back to V1, whose database is open for its users by then, V2's server has stopped answering: users stay on V2, which nobody
 * can open, and the run says so as loudly as it can. V1 is left open, as a person may want it: it is closed by the next rollback.
 */
const NOT_GIVEN_BACK = /^law 1: users are on V2, and V1's database on \S+ can be written/;

/** The world, where that is no violation as long as something is wrong on purpose. */
export function excusing(kind: WorldKind, isDisturbed: () => boolean): WorldKind {
  return {
    ...kind,
    start: async (seed) => {
      const world = await kind.start(seed);
      return {
        ...world,
        violations: async (last) => {
          const violations = await world.violations(last);
          if (!isDisturbed()) return violations;
          const isStuck = last.report?.result === 'rollback-failed';
          const excuses = isStuck ? [...NOT_REACHED, NOT_GIVEN_BACK] : NOT_REACHED;
          return violations.filter((one) => !excuses.some((each) => each.test(one)));
        },
      };
    },
  };
}
