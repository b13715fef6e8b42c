import type { ServiceObservation } from '../../service/observe-service.ts';
import type { InstanceKey } from '../../service/role-instance.ts';
import { formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { allOf, fail, pass } from '../verdict.ts';
import { azVmss, chosenRoles, type ServiceGuard, WALKING } from './service-guard.ts';

/** What runs and is written down nowhere could not be brought back. */
export const instancesAlike: ServiceGuard = {
  id: 'instances-alike',
  title: 'What the instances run is the version before, or the new one',
  phases: WALKING,
  check: async (_, observed) => {
    const { look, progress } = observed;
    if (progress.kind === 'mixed') return mixed(observed);
    if (look.record !== null || progress.kind === 'not-begun' || progress.kind === 'done')
      return pass(progress.words);
    const half = [...progress.instances.target, ...progress.instances.unknown];
    return fail(
      'instances-differ',
      `no update is written down, and yet ${progress.kind === 'not-knowable' ? progress.words : `not all instances run the same: ${evidenceOf(observed, half)}`}`,
      'Bring all instances to the model as it is, then run again:',
      ...toTheModel(observed, half),
    );
  },
};

function mixed(observed: ServiceObservation): Verdict {
  const { foreignModels, instances } = observed.progress;
  const strangers = instances.other;
  return allOf([
    ...foreignModels.map((role) => foreignModel(observed, role)),
    ...(strangers.length > 0
      ? [
          fail(
            'instances-differ',
            `neither the version before nor the new one runs on ${evidenceOf(observed, strangers)}`,
            'Bring them to the model as it is, then run again:',
            ...toTheModel(observed, strangers),
          ),
        ]
      : []),
  ]);
}

function foreignModel({ look, update }: ServiceObservation, name: string): Verdict {
  const role = look.roles.find((one) => one.role === name);
  const patches = update.models[name];
  const image = patches?.previous.image;
  const reference = image?.startsWith('/')
    ? [`virtualMachineProfile.storageProfile.imageReference.id=${image}`]
    : image === undefined
      ? []
      : [`virtualMachineProfile.storageProfile.imageReference.version=${image.split(':').at(-1)}`];
  const size = patches?.previous.skuName === undefined ? [] : [`sku.name=${patches.previous.skuName}`];
  const settings = [...reference, ...size];
  return fail(
    'instances-differ',
    `somebody else has changed the model of ${name} since the update began`,
    'Ask who did, and what for. To go on, or back, put the model to what was written down when the update began, then run again:',
    ...(role?.set && settings.length > 0 ? [azVmss(role, 'update', '--set', ...settings)] : []),
  );
}

/** "web/3 (image version 0.9.0) and web/4 (image version 0.9.0)". */
function evidenceOf({ versions }: ServiceObservation, keys: readonly InstanceKey[]): string {
  return formatList(keys.map((key) => `${key} (${versions.get(key)?.evidence ?? 'unknown'})`));
}

function toTheModel(observed: ServiceObservation, keys: readonly InstanceKey[]): string[] {
  return chosenRoles(observed).flatMap((role) => {
    const ids = role.instances.map(({ id }) => id).filter((id) => keys.includes(`${role.role}/${id}`));
    return role.set === null || ids.length === 0
      ? []
      : [azVmss(role, 'update-instances', '--instance-ids', ...ids)];
  });
}
