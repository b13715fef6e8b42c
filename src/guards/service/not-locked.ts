import { withoutTag } from '../../service/lease-refusals.ts';
import { lockedOf } from '../../service/locked.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { LEASE_TAG } from '../../service/record-tags.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { Lease } from '../../service/update-record.ts';
import type { GuardedPhase, Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, chosenRoles, type ServiceGuard } from './service-guard.ts';

/** The article's Locked, asked before the phase. What an update that is in progress still does is waited for by its walk. */
export const notLocked: ServiceGuard = {
  id: 'not-locked',
  title: 'Nobody else works on the service',
  phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
  check: async (context, observed, phase) => {
    const { lease, resources } = observed.look;
    if (lease !== null && isForeign(context, lease)) return leasedToAnother(observed, lease);
    const instances = observed.look.roles.flatMap((role) =>
      role.instances.map((instance) => ({ ...instance, role: role.role })),
    );
    const atRest = resources.map((resource) => ({ ...resource, provisioningState: 'Succeeded' }));
    const upgraded = lockedOf({ resources: atRest, instances: [], lease: null });
    if (upgraded.locked) return busy(observed, upgraded.reasons, CANCEL);
    const { locked, reasons } = lockedOf({ resources, instances, lease: null });
    if (!locked) return pass('nothing is under way, and no other run has it');
    if (isItsOwn(observed, phase)) return pass(`${reasons.join('; ')}: the walk waits for it`);
    return busy(observed, reasons, WAIT);
  },
};

function isForeign({ clock, runId }: ServiceContext, { run, until }: Lease): boolean {
  return run !== runId && Date.parse(until) > clock.now();
}

/** What a run that was killed has told Azure goes on without it. */
function isItsOwn({ look, progress }: ServiceObservation, phase: GuardedPhase): boolean {
  return phase === 'upgrade' && look.record !== null && progress.kind !== 'not-begun';
}

const WAIT = 'Wait until it has ended, then run the same phase again; what is under way, and who began it:';
const CANCEL = 'Wait until it has ended, or end it; then run the same phase again:';

function busy(observed: ServiceObservation, reasons: readonly string[], advice: string): Verdict {
  const roles = chosenRoles(observed).filter(({ set }) => set !== null);
  const words = advice === CANCEL ? 'rolling-upgrade cancel' : 'show';
  const more = advice === CANCEL ? [] : ['--query', 'provisioningState'];
  return fail(
    'service-busy',
    reasons.join('; '),
    advice,
    ...roles.map((role) => azVmss(role, words, ...more)),
  );
}

function leasedToAnother({ look }: ServiceObservation, { holder, application, until }: Lease): Verdict {
  const sets = look.roles.flatMap(({ set }) => (set === null ? [] : [set]));
  return fail(
    'locked-by-another-run',
    `${holder} has the service for an update of ${application}, until ${until} at most`,
    'Wait until that run has ended, then run again. Only where it is known to be dead, and its time is too long to wait for, take its mark away:',
    ...sets.map((set) => withoutTag(set, LEASE_TAG)),
  );
}
