import { pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';

/** Told, not judged: what would add, remove or replace instances while they are counted is held by the update. */
export const automation: ServiceGuard = {
  id: 'automation',
  title: 'What would disturb the walk can be held',
  phases: WALKING,
  check: async ({ target }, { look }) => {
    const held = look.record?.held ?? null;
    const isHeld = held !== null && target.describeHeld(held).length > 0;
    const found = target.describeHeld(isHeld ? held : await target.findAutomation(look));
    if (found.length === 0) return pass('nothing is on that would change the service by itself');
    return pass(
      `${isHeld ? 'held already' : 'to be held'}, until the update is finished or turned back: ${found.join('; ')}`,
    );
  },
};
