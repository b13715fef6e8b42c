import { azFor } from '../../service/az-command.ts';
import type { CoreNeed, ServiceLook } from '../../service/target.ts';
import { count } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { allOf, fail, notKnowable, pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';
import { updateAhead } from './update-ahead.ts';

/** The new version has to have its cores now; the way back has to find them again, which only is a hope after a scale-down. */
export const quota: ServiceGuard = {
  id: 'quota',
  title: 'The quota of cores suffices for both versions',
  phases: WALKING,
  check: async (context, { look }) => {
    const ahead = await updateAhead(context, look);
    const [forward, back] = await Promise.all([
      context.target.cores(look, ahead, 'target'),
      context.target.cores(look, look.record ?? ahead, 'previous'),
    ]);
    if (forward?.more === 0 && back?.more === 0) return pass('neither needs more cores than are in use');
    return allOf([checkNeed('the new version', look, forward), checkBack(look, forward, back)]);
  },
};

function checkNeed(what: string, look: ServiceLook, need: CoreNeed | null): Verdict {
  if (need === null) return notKnowable(`how many cores ${what} needs cannot be told from outside`);
  const { more, usage } = need;
  const left = Math.max(0, usage.limit - usage.used);
  if (more <= 0) return pass(`${what} needs no more cores than are in use`);
  if (usage.used + more <= usage.limit)
    return pass(`${what} needs ${count(more, 'more core')}, and ${left} are left`);
  const set = look.roles.find((role) => role.set !== null)?.set ?? null;
  const location = set?.location ?? 'REGION';
  return fail(
    'quota-exceeded',
    `${what} needs ${count(more, 'more core')}; ${usage.used} of ${usage.limit} are in use, so ${left} are left`,
    `Free ${count(more - left, 'core')}, or ask for a higher quota (portal: Quotas); what is in use:`,
    azFor(
      set?.id ?? null,
      ...['vm', 'list-usage', '-l', location.toLowerCase().replaceAll(' ', ''), '-o', 'table'],
    ),
  );
}

function checkBack(look: ServiceLook, forward: CoreNeed | null, back: CoreNeed | null): Verdict {
  if (forward === null || forward.more >= 0) return checkNeed('the version before', look, back);
  return pass(
    `the update frees ${count(-forward.more, 'core')}, and the way back needs them: while others have taken them, a rollback is not possible`,
  );
}
