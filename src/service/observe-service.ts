// Where an update of a service stands, from one look: what each instance runs, how far the walk is, and what may be done.
import type { ScaleSetModel } from '../azure/ports/compute.ts';
import type { ServiceState } from '../engine/report.ts';
import { UpgradeError } from '../reasons.ts';
import { readDomainMap } from './domain-map.ts';
import { type Spread, spreadOverDomains } from './domains.ts';
import { type Locked, lockedOf } from './locked.ts';
import { partsOf } from './model-parts.ts';
import { progressOf, type UpdateProgress } from './progress.ts';
import { type InstanceKey, keyOf, type RoleInstance } from './role-instance.ts';
import {
  quotaBlocker,
  type RollbackAllowed,
  type RollbackBlocker,
  rollbackAllowedOf,
} from './rollback-allowed.ts';
import type { ServiceContext } from './service-context.ts';
import type { ServiceLook, UpdateModels } from './target.ts';
import type { ModelPatch, UpdateRecord } from './update-record.ts';
import { byRecord, type InstanceVersion, runningVersion, type VersionFinding } from './versions.ts';
import { recordedVersion } from './walk-record.ts';
import { formatList } from './words.ts';

/** Whose model the instances of a role would get now; `superseded`: an update's that this one is written over. */
export type Standing = 'previous' | 'target' | 'superseded' | 'other';

export interface ServiceObservation {
  readonly look: ServiceLook;
  /** Of the chosen roles. */
  readonly spread: Spread;
  /** The update that is written down; else the one that the configuration asks for, not begun. */
  readonly update: UpdateModels & Pick<UpdateRecord, 'walk'>;
  /** By chosen role. */
  readonly standing: ReadonlyMap<string, Standing>;
  readonly versions: ReadonlyMap<InstanceKey, VersionFinding>;
  readonly progress: UpdateProgress;
  /** Whether the configuration asks for another version, and may: then what has the one written down is not updated. */
  readonly isToBeWrittenOver: boolean;
  readonly locked: Locked;
  readonly state: ServiceState;
}

/** Reads the service. Throws what the target throws: nothing is guessed about what cannot be read. */
export async function observeService(context: ServiceContext): Promise<ServiceObservation> {
  const look = await context.target.look();
  refuseStrangeRoles(look);
  const instances = allInstances(look);
  context.history.looked({ at: look.at, instances });
  const update = look.record ?? { ...(await context.target.models(look)), walk: [] };
  const spread = spreadOf(context, look);
  const standing = standingOf(context, look, update);
  const versions = versionsOf(look, spread, update, standing);
  const progress = towards(
    look,
    progressOf({
      domains: spread.domains,
      versions: new Map([...versions].map(([key, { version }]) => [key, version])),
      models: new Map([...standing].map(([role, of]) => [role, of === 'superseded' ? 'previous' : of])),
    }),
  );
  const lease = leaseOf(context, look);
  const locked = lockedOf({ resources: look.resources, instances, lease });
  const isToBeWrittenOver =
    context.config.walk.onStuck === 'supersede' && (await asksForAnother(context, look));
  const state = stateOf(look, progress);
  return { look, spread, update, standing, versions, progress, isToBeWrittenOver, locked, state };
}

/** An update of roles that nobody looks at would seem not to have begun, and its record, the way back, to be of no use. */
function refuseStrangeRoles({ record, roles }: ServiceLook): void {
  const strange = (record?.roles ?? []).filter((name) => !roles.some(({ role }) => role === name));
  if (record === null || strange.length === 0) return;
  throw new UpgradeError(
    'config-invalid',
    `Update ${record.updateId}, which is in progress, is one of ${formatList(record.roles)}, and the configuration file names no role ${formatList(strange)}`,
    {
      advice: [
        'Name the roles as they were until that update is finished or turned back; then change the file.',
      ],
    },
  );
}

/** Of every role, chosen or not. */
export function allInstances({ roles }: ServiceLook): RoleInstance[] {
  return roles.flatMap(({ role, instances }) => instances.map((instance) => ({ ...instance, role })));
}

/**
 * The article's RollbackAllowed. It asks Azure for what the version before needs, so it is not part of every look.
 */
export async function rollbackAllowedNow(
  { target }: ServiceContext,
  { look, progress, update }: ServiceObservation,
): Promise<RollbackAllowed> {
  const inProgress = progress.kind === 'in-progress' || progress.kind === 'mixed';
  const blockers: RollbackBlocker[] = [];
  if (look.record !== null && inProgress) {
    const gone = await target.missing(update, 'previous');
    blockers.push(...gone.map((message) => ({ kind: 'previous-version-gone', message }) as const));
    const need = await target.cores(look, update, 'previous');
    const quota = need && quotaBlocker(need.more, need.usage);
    if (quota) blockers.push(quota);
  }
  return rollbackAllowedOf(progress, look.record !== null, blockers);
}

function leaseOf({ runId, clock }: ServiceContext, { lease }: ServiceLook) {
  if (lease === null || Date.parse(lease.until) <= clock.now()) return null;
  return { holder: lease.holder, isOurs: lease.run === runId };
}

function spreadOf({ config }: ServiceContext, { roles, record }: ServiceLook): Spread {
  const known = record?.map ? readDomainMap(record.map) : null;
  const virtualDomains = config.service.kind === 'scale-sets' ? config.service.virtualDomains : 1;
  return spreadOverDomains(
    roles.filter(({ chosen }) => chosen),
    virtualDomains,
    known,
  );
}

function standingOf(
  { target }: ServiceContext,
  look: ServiceLook,
  update: UpdateModels,
): Map<string, Standing> {
  return new Map(
    [...target.standing(look, update)].map(([role, standing]) => {
      const isOurs = standing === 'other' && isSuperseded(look, role, update);
      return [role, isOurs ? 'superseded' : standing];
    }),
  );
}

function isSuperseded({ roles }: ServiceLook, role: string, { models }: UpdateModels): boolean {
  const model = roles.find((one) => one.role === role)?.set?.model;
  const superseded = models[role]?.superseded ?? [];
  return model !== undefined && superseded.some((patch) => areEqual(model, withPatch(model, patch)));
}

function areEqual(one: ScaleSetModel, other: ScaleSetModel): boolean {
  return partsOf(one, other).every((part) => part.inModel(one) === part.inModel(other));
}

/**
 * Whether the configuration asks for another version than the update that is written down, by what the roles would have
 * with the one and with the other.
 */
export async function asksForAnother({ target }: ServiceContext, look: ServiceLook): Promise<boolean> {
  const { record, roles } = look;
  if (record === null) return false;
  const wanted = await target.models(look);
  if (wanted.cloud?.target !== record.cloud?.target) return true;
  return roles.some(({ role, set }) => {
    const [one, other] = [record.models[role]?.target, wanted.models[role]?.target];
    if (set === null || other === undefined) return false;
    return !areEqual(withPatch(set.model, one ?? {}), withPatch(set.model, other));
  });
}

function versionsOf(
  look: ServiceLook,
  { domains }: Spread,
  update: ServiceObservation['update'],
  standing: ReadonlyMap<string, Standing>,
): Map<InstanceKey, VersionFinding> {
  const findings = domains.flatMap(({ number, instances }) => {
    // Of an update that nobody has written down nothing was walked by a record.
    const recorded = look.record ? recordedVersion(update.walk, number) : null;
    return instances.map(
      (instance) =>
        [keyOf(instance), findingOf(look, instance, recorded, update, standing.get(instance.role))] as const,
    );
  });
  return new Map(findings);
}

function findingOf(
  { roles }: ServiceLook,
  instance: RoleInstance,
  recorded: InstanceVersion | null,
  { models, walk }: ServiceObservation['update'],
  standing: Standing | undefined,
): VersionFinding {
  const set = roles.find(({ role }) => role === instance.role)?.set;
  const patches = models[instance.role];
  // Without a record, what stands is what runs: an update that is finished, or none.
  if (!set || !patches) return byRecord(recorded ?? (standing === 'target' ? 'target' : 'previous'));
  const putBack = walk.length > 0 || standing === 'superseded' ? 'put-back' : 'previous';
  const pair = {
    target: withPatch(set.model, patches.target),
    previous: withPatch(set.model, patches.previous),
    standing: standing === 'target' ? 'target' : putBack,
  } as const;
  const finding = runningVersion(instance, pair, recorded);
  if (finding.version !== 'other') return finding;
  const isOurs = (patches.superseded ?? []).some(
    (patch) =>
      runningVersion(instance, { ...pair, target: withPatch(set.model, patch) }, null).version === 'target',
  );
  // Neither of the two versions, and not somebody else's: it has to be walked, forward or back.
  if (!isOurs) return finding;
  return { version: 'unknown', evidence: `${finding.evidence}: of the update that this one is written over` };
}

/** A model with some of its members as an update has them. */
export function withPatch(model: ScaleSetModel, patch: ModelPatch): ScaleSetModel {
  return {
    sku: { ...model.sku, name: patch.skuName ?? model.sku.name },
    image: patch.image ?? model.image,
    extensions: { ...model.extensions, ...patch.extensions },
  };
}

/** A way back that was begun and has nothing left to take back has still to be ended: what is held is given back by that. */
function towards({ record }: ServiceLook, progress: UpdateProgress): UpdateProgress {
  if (!record?.turnedBack) return progress;
  const isBack = progress.kind === 'not-begun';
  const words = isBack
    ? 'on the way back: every instance runs the version before again, and the end is not written down yet'
    : progress.words;
  return { ...progress, direction: 'back', words };
}

function stateOf(
  { record, usersOn }: ServiceLook,
  { kind, direction, instances }: UpdateProgress,
): ServiceState {
  if (record === null) {
    if (kind === 'done') return 'updated';
    return kind === 'not-begun' ? 'not-prepared' : 'unknown';
  }
  if (usersOn === 'this') return 'switched';
  if (record.turnedBack) return 'going-back';
  if (kind === 'not-begun') return 'prepared';
  // By a swap the service that was updated is not yet the one that users are on.
  if (kind === 'done') return usersOn === 'other' ? 'upgraded' : 'updated';
  const begun = instances.target.length + instances.unknown.length > 0;
  if (kind === 'not-knowable') return 'unknown';
  // A run that was killed when it had written the model: no instance has it.
  if (!begun) return kind === 'in-progress' ? 'prepared' : 'unknown';
  return direction === 'back' ? 'going-back' : 'in-progress';
}
