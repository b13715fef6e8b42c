// Where an update stands, from one look: which domains are updated, which one is being updated, which are untouched.

import type { Domain } from './domains.ts';
import { type InstanceKey, keyOf, type RoleInstance } from './role-instance.ts';
import type { InstanceVersion } from './versions.ts';
import { formatList } from './words.ts';

export interface DomainProgress {
  readonly domain: number;
  /** `in-flight`: its instances differ, or one of them is being changed right now, or does not tell what it runs. */
  readonly state: 'untouched' | 'in-flight' | 'updated';
  readonly updated: number;
  readonly instances: number;
}

export interface ProgressLook {
  /** Of the chosen roles. */
  readonly domains: readonly Domain[];
  readonly versions: ReadonlyMap<InstanceKey, InstanceVersion>;
  /** By chosen role: the model that its instances get when they are updated. `other`: somebody else's. */
  readonly models: ReadonlyMap<string, 'previous' | 'target' | 'other'>;
}

export interface UpdateProgress {
  readonly kind: 'not-begun' | 'in-progress' | 'done' | 'mixed' | 'not-knowable';
  /** Where the models say that it is going: `back` once the model of an updated role was put back. */
  readonly direction: 'forward' | 'back';
  readonly domains: readonly DomainProgress[];
  /** By what the instances run. */
  readonly instances: Readonly<Record<InstanceVersion, readonly InstanceKey[]>>;
  /** Roles whose model somebody else has changed; with `instances.other` it is what makes the kind `mixed`. */
  readonly foreignModels: readonly string[];
  /** In a sentence, without a full stop. */
  readonly words: string;
}

/** In transition by itself or by somebody: neither as it was nor as it will be. */
export function isBeingChanged({ provisioningState, powerState }: RoleInstance): boolean {
  return (
    ['Updating', 'Creating', 'Deleting'].includes(provisioningState) ||
    ['starting', 'stopping'].includes(powerState)
  );
}

export function progressOf(look: ProgressLook): UpdateProgress {
  const versionOf = (instance: RoleInstance) => look.versions.get(keyOf(instance)) ?? 'unknown';
  const instances = byVersion(look.domains, versionOf);
  const foreignModels = [...look.models].filter(([, model]) => model === 'other').map(([role]) => role);
  const found = {
    direction: directionOf(look, versionOf),
    domains: look.domains.map((domain) => domainProgress(domain, versionOf)),
    instances,
    foreignModels,
  };
  const kind = kindOf(look, found);
  return { kind, ...found, words: wordsOf(kind, found) };
}

type Found = Omit<UpdateProgress, 'kind' | 'words'>;

function kindOf({ models }: ProgressLook, { instances, foreignModels }: Found): UpdateProgress['kind'] {
  const { target, previous, other, unknown } = instances;
  if (other.length > 0 || foreignModels.length > 0) return 'mixed';
  if (unknown.length > 0 && target.length === 0 && previous.length === 0) return 'not-knowable';
  const isModelApplied = [...models.values()].includes('target');
  const isUntouched = target.length === 0 && unknown.length === 0;
  if (isUntouched && !isModelApplied) return 'not-begun';
  return previous.length === 0 && unknown.length === 0 ? 'done' : 'in-progress';
}

function domainProgress(
  { number, instances }: Domain,
  versionOf: (instance: RoleInstance) => InstanceVersion,
): DomainProgress {
  const updated = instances.filter((instance) => versionOf(instance) === 'target').length;
  const untouched = instances.filter((instance) => versionOf(instance) === 'previous').length;
  const isAtRest = !instances.some(isBeingChanged);
  const settled = (count: number) => isAtRest && count === instances.length;
  const state = settled(updated) ? 'updated' : settled(untouched) ? 'untouched' : 'in-flight';
  return { domain: number, state, updated, instances: instances.length };
}

function directionOf(
  { domains, models }: ProgressLook,
  versionOf: (instance: RoleInstance) => InstanceVersion,
): UpdateProgress['direction'] {
  const isPutBack = domains
    .flatMap(({ instances }) => instances)
    .some((instance) => models.get(instance.role) === 'previous' && versionOf(instance) === 'target');
  return isPutBack ? 'back' : 'forward';
}

function byVersion(
  domains: readonly Domain[],
  versionOf: (instance: RoleInstance) => InstanceVersion,
): UpdateProgress['instances'] {
  const all = domains.flatMap(({ instances }) => instances);
  const of = (version: InstanceVersion) =>
    all.filter((instance) => versionOf(instance) === version).map(keyOf);
  return { target: of('target'), previous: of('previous'), other: of('other'), unknown: of('unknown') };
}

function wordsOf(
  kind: UpdateProgress['kind'],
  { direction, domains, instances, foreignModels }: Found,
): string {
  switch (kind) {
    case 'not-begun':
      return 'no update is in progress';
    case 'done':
      return 'every instance runs the new version';
    case 'not-knowable':
      return 'no instance tells what it runs';
    case 'mixed':
      return [
        ...(foreignModels.length > 0
          ? [`somebody else has changed the model of ${formatList(foreignModels)}`]
          : []),
        ...(instances.other.length > 0
          ? [
              `${formatList(instances.other)} ${instances.other.length === 1 ? 'runs' : 'run'} neither the version before nor the new one`,
            ]
          : []),
      ].join('; ');
    case 'in-progress': {
      const way = direction === 'back' ? 'on the way back' : 'in progress';
      const states = [
        ...statement(domains, 'updated', 'updated'),
        ...statement(domains, 'in-flight', 'in flight'),
        ...statement(domains, 'untouched', 'untouched'),
      ];
      return `${way}: ${states.join(', ')}`;
    }
  }
}

function statement(
  domains: readonly DomainProgress[],
  state: DomainProgress['state'],
  words: string,
): string[] {
  const numbers = domains.filter((domain) => domain.state === state).map(({ domain }) => String(domain));
  if (numbers.length === 0) return [];
  return [`domain${numbers.length > 1 ? 's' : ''} ${formatList(numbers)} ${words}`];
}
