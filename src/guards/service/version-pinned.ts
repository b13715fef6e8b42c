import { imageVersion, isPinned } from '../../service/model-parts.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { withPatch } from '../../service/observe-service.ts';
import type { RoleLook, UpdateModels } from '../../service/target.ts';
import type { Verdict } from '../guard.ts';
import { fail, notKnowable, pass } from '../verdict.ts';
import { azVmss, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';
import { updateAhead } from './update-ahead.ts';

/** Where Azure chooses the version, nothing says what to go back to, and instances come to run different ones. */
export const versionPinned: ServiceGuard = {
  id: 'version-pinned',
  title: 'The version before and the new one are exact ones',
  phases: WALKING,
  check: async (context, observed) => {
    const ahead = await updateAhead(context, observed.look);
    return perRole(observed, (role) => checkRole(role, observed, ahead));
  },
};

function checkRole(role: RoleLook, { look }: ServiceObservation, ahead: UpdateModels): Verdict {
  const patches = ahead.models[role.role];
  if (role.set === null || patches === undefined) {
    return pass(`${role.role}: the packages of both versions are named`);
  }
  // What ran before the first update is what there is to go back to.
  const before = withPatch(
    role.set.model,
    look.record?.models[role.role]?.previous ?? patches.previous,
  ).image;
  const after = withPatch(role.set.model, patches.target).image;
  if (before === null || after === null)
    return notKnowable(`${nameOf(role)}: its model names no image that could be compared`);
  if (!isPinned(before)) return unpinned(role, before);
  if (!isPinned(after)) {
    return fail(
      'version-not-pinned',
      `${nameOf(role)} is to run ${after}, which is no exact version`,
      'Name the version in the configuration file: …/versions/2.0.0, or publisher:offer:sku:2.0.0.',
    );
  }
  const [old, wanted] = [short(before), short(after)];
  return pass(`${role.role}: ${old === wanted ? old : `${old} and ${wanted}`}`);
}

function unpinned(role: RoleLook, image: string): Verdict {
  const reference = 'virtualMachineProfile.storageProfile.imageReference';
  const exact = image.startsWith('/')
    ? `${reference}.id=${image.replace(/\/versions\/[^/]*$/i, '')}/versions/VERSION`
    : `${reference}.version=VERSION`;
  return fail(
    'version-not-pinned',
    `${nameOf(role)} runs ${image}, which is no exact version: nothing says what to go back to`,
    'See what its instances really run, and pin the model to that (with mode Manual no instance is touched by it):',
    azVmss(
      role,
      'list-instances',
      '--query',
      '[].{id: instanceId, version: storageProfile.imageReference.exactVersion}',
      '-o',
      'table',
    ),
    azVmss(role, 'update', '--set', exact),
  );
}

const short = (image: string): string => imageVersion(image) ?? image.split('/').at(-1) ?? image;
