// Where an update of a service stands, from one look: what each instance runs, how far the walk is, and what may be done.
import type { ScaleSetModel } from '../azure/ports/compute.ts';
import type { ServiceState } from '../engine/report.ts';
import { readDomainMap } from './domain-map.ts';
import { type Spread, spreadOverDomains } from './domains.ts';
import { type Locked, lockedOf } from './locked.ts';
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

export interface ServiceObservation {
  readonly look: ServiceLook;
  /** Of the chosen roles. */
  readonly spread: Spread;
  /** The update that is written down; else the one that the configuration asks for, not begun. */
  readonly update: UpdateModels & Pick<UpdateRecord, 'walk'>;
  readonly versions: ReadonlyMap<InstanceKey, VersionFinding>;
  readonly progress: UpdateProgress;
  readonly locked: Locked;
  readonly state: ServiceState;
}

/** Reads the service. Throws what the target throws: nothing is guessed about what cannot be read. */
export async function observeService(context: ServiceContext): Promise<ServiceObservation> {
  const look = await context.target.look();
  const instances = allInstances(look);
  context.history.looked({ at: look.at, instances });
  const update = look.record ?? { ...(await context.target.models(look)), walk: [] };
  const spread = spreadOf(context, look);
  const standing = context.target.standing(look, update);
  const versions = versionsOf(look, spread, update, standing);
  const progress = progressOf({
    domains: spread.domains,
    versions: new Map([...versions].map(([key, { version }]) => [key, version])),
    models: standing,
  });
  const lease = leaseOf(context, look);
  const locked = lockedOf({ resources: look.resources, instances, lease });
  return { look, spread, update, versions, progress, locked, state: stateOf(look, progress) };
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

type Standing = ReturnType<ServiceContext['target']['standing']>;

function versionsOf(
  look: ServiceLook,
  { domains }: Spread,
  update: ServiceObservation['update'],
  standing: Standing,
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
  standing: 'previous' | 'target' | 'other' | undefined,
): VersionFinding {
  const set = roles.find(({ role }) => role === instance.role)?.set;
  const patches = models[instance.role];
  if (!set || !patches) return byRecord(recorded ?? 'previous');
  const putBack = walk.length > 0 ? 'put-back' : 'previous';
  const pair = {
    target: withPatch(set.model, patches.target),
    previous: withPatch(set.model, patches.previous),
    standing: standing === 'target' ? 'target' : putBack,
  } as const;
  return runningVersion(instance, pair, recorded);
}

/** A model with some of its members as an update has them. */
export function withPatch(model: ScaleSetModel, patch: ModelPatch): ScaleSetModel {
  return {
    sku: { ...model.sku, name: patch.skuName ?? model.sku.name },
    image: patch.image ?? model.image,
    extensions: { ...model.extensions, ...patch.extensions },
  };
}

function stateOf({ record, usersOn }: ServiceLook, { kind, direction, instances }: UpdateProgress): ServiceState {
  if (record === null) {
    if (kind === 'done') return 'updated';
    return kind === 'not-begun' ? 'not-prepared' : 'unknown';
  }
  if (usersOn === 'this') return 'switched';
  if (kind === 'not-begun') return 'prepared';
  // By a swap the service that was updated is not yet the one that users are on.
  if (kind === 'done') return usersOn === 'other' ? 'upgraded' : 'updated';
  const begun = instances.target.length + instances.unknown.length > 0;
  if (kind === 'not-knowable' || !begun) return 'unknown';
  return direction === 'back' ? 'going-back' : 'in-progress';
}
