import type { ServiceTarget, UpdateModels } from '../../service/target.ts';
import type { Verdict } from '../guard.ts';
import { allOf, fail, pass } from '../verdict.ts';
import { type ServiceGuard, WALKING } from './service-guard.ts';
import { updateAhead } from './update-ahead.ts';

/** Both: an update whose version before is gone could only be finished. */
export const versionExists: ServiceGuard = {
  id: 'version-exists',
  title: 'The version before and the new one are there',
  phases: WALKING,
  check: async (context, { look }) => {
    const { target } = context;
    const ahead = await updateAhead(context, look);
    return allOf(
      await Promise.all([check(target, ahead, 'target'), check(target, look.record ?? ahead, 'previous')]),
    );
  },
};

async function check(
  target: ServiceTarget,
  models: UpdateModels,
  version: 'target' | 'previous',
): Promise<Verdict> {
  const missing = await target.missing(models, version);
  if (missing.length === 0)
    return pass(version === 'target' ? 'the new version is there' : 'the version before is there');
  const what = missing.map((sentence) => sentence.replace(/\.$/, '')).join('; ');
  if (version === 'target') {
    return fail(
      'resource-not-found',
      `the new version is not to be had: ${what}`,
      'Publish it (an image of a gallery also with its replica in the region of the service), or correct the configuration file.',
    );
  }
  return fail(
    'resource-not-found',
    `there would be no way back, because the version before is not to be had: ${what}`,
    'Put it back, and keep it until the update is finished; then run again.',
  );
}
