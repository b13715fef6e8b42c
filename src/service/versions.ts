// What an instance really runs, held against the two models of an update. A remembered "updated" proves nothing; what
// the instance itself tells does.
import type { ScaleSetModel, ServiceInstance } from '../azure/ports/compute.ts';
import { type ModelPart, partsOf } from './model-parts.ts';

export type InstanceVersion = 'target' | 'previous' | 'other' | 'unknown';

export interface VersionFinding {
  readonly version: InstanceVersion;
  /** What says so. */
  readonly evidence: string;
}

/** Of one role. */
export interface ModelPair {
  readonly target: ScaleSetModel;
  /** Null where nobody has kept it. */
  readonly previous: ScaleSetModel | null;
  /**
   * Which of them the set has now. `put-back`: the previous one, after it had the target; what Azure then says of
   * `latestModelApplied` is not defined (seen to stay false on instances that never left it).
   */
  readonly standing: 'previous' | 'target' | 'put-back';
}

/** What one part says; `same` where it says the same of both models. */
interface PartFinding {
  readonly says: 'target' | 'previous' | 'other' | 'same';
  readonly words: string;
}

/**
 * By what the instance tells of its image, size and extensions; where that says nothing, by the record of the walk (see
 * recordedVersion). What Azure says of the latest model comes last: tags are part of a model, and the record is kept in
 * tags, so that it may say "not applied" of every instance.
 */
export function runningVersion(
  instance: ServiceInstance,
  models: ModelPair,
  recorded: InstanceVersion | null = null,
): VersionFinding {
  const byModel = byParts(instance, models);
  if (byModel !== null) return byModel;
  if (recorded === null) return byLatestModel(instance, models) ?? byRecord(recorded);
  const isSettled = recorded !== 'unknown';
  return (isSettled ? null : byNewestModel(instance, models)) ?? byRecord(recorded);
}

/** Of a service that tells no model at all: a cloud service. */
export function byRecord(recorded: InstanceVersion | null): VersionFinding {
  if (recorded === null || recorded === 'unknown') {
    return { version: 'unknown', evidence: 'neither the instance nor a finished walk tells it' };
  }
  return { version: recorded, evidence: 'by the record of the walk' };
}

function byParts(instance: ServiceInstance, { target, previous }: ModelPair): VersionFinding | null {
  const parts = previous === null ? partsOf(target) : comparable(target, previous);
  const findings = parts
    .map((part) => findingOf(part, instance, target, previous))
    .filter((finding) => finding !== null);
  const saying = (says: PartFinding['says']) => findings.filter((finding) => finding.says === says);
  const words = (some: readonly PartFinding[]) => some.map((finding) => finding.words).join(', ');
  const [others, targets, previouses] = [saying('other'), saying('target'), saying('previous')];
  if (others.length > 0) return { version: 'other', evidence: words(others) };
  // While an instance is written it has a part of each.
  if (targets.length > 0 && previouses.length > 0) {
    return { version: 'unknown', evidence: `partly updated: ${words([...targets, ...previouses])}` };
  }
  if (previouses.length > 0) return { version: 'previous', evidence: words(previouses) };
  // Without the model before, nobody knows which part the update changes: all have to be told.
  if (previous === null && findings.length < parts.length) return null;
  if (targets.length > 0) return { version: 'target', evidence: words(targets) };
  const areEqual =
    previous !== null && parts.every((part) => part.inModel(target) === part.inModel(previous));
  if (!areEqual || findings.length === 0) return null;
  return { version: 'target', evidence: `${words(findings)}; the update changes nothing` };
}

/** Extensions that the update does not change say nothing of it: other programs bring and change them too. */
function comparable(target: ScaleSetModel, previous: ScaleSetModel): ModelPart[] {
  return partsOf(target, previous).filter(
    (part) => part.of === 'machine' || part.inModel(target) !== part.inModel(previous),
  );
}

function findingOf(
  part: ModelPart,
  instance: ServiceInstance,
  target: ScaleSetModel,
  previous: ScaleSetModel | null,
): PartFinding | null {
  const told = part.told(instance);
  if (told === null) return null;
  const words = `${part.name} ${part.show(told)}`;
  const isTarget = told === part.expected(target);
  const isPrevious = previous !== null && told === part.expected(previous);
  if (isTarget) return { says: isPrevious ? 'same' : 'target', words };
  if (isPrevious) return { says: 'previous', words };
  // An image that names no version could be anything.
  return part.expected(target) === null ? null : { says: 'other', words };
}

function byLatestModel(
  { latestModelApplied }: ServiceInstance,
  { standing }: ModelPair,
): VersionFinding | null {
  const newest = byNewestModel({ latestModelApplied }, { standing });
  if (newest !== null || latestModelApplied !== false || standing !== 'target') return newest;
  return { version: 'previous', evidence: 'Azure says that the latest model is not applied' };
}

/** Only that it is applied: tags alone can take that away. */
function byNewestModel(
  { latestModelApplied }: Pick<ServiceInstance, 'latestModelApplied'>,
  { standing }: Pick<ModelPair, 'standing'>,
): VersionFinding | null {
  if (latestModelApplied !== true || standing === 'put-back') return null;
  return { version: standing, evidence: 'Azure says that the latest model is applied' };
}
