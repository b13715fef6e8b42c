// Upgrade mode Rolling: the platform brings the instances to a new model by itself, batch by batch, and looks at their
// health before and after each (documentation "configure rolling upgrades").
import type { Instance } from '../../compute/fabric.ts';
import type { JsonObject } from '../core/json.ts';
import { asNumber, asObject, asText } from '../core/json.ts';
import { type AppliedModel, appliedModel, applyModel, latestModel } from './applying.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import { pace } from './pace.ts';
import type { ComputeRegistry } from './registry.ts';

export interface RollingUpgrade {
  readonly policy: JsonObject;
  code: 'RollingForward' | 'RollingBack' | 'Cancelled' | 'Completed' | 'Faulted';
  readonly startTime: Date;
  lastAction: 'Start' | 'Cancel';
  lastActionTime: Date;
  successful: number;
  failed: number;
  inProgress: number;
  pending: number;
  error: { readonly code: string; readonly message: string } | null;
  /** Asked for; it ends with the batch that is under way. */
  cancelled: boolean;
  /** Never rejects. */
  ended: Promise<void>;
}

/** How long instances have to become healthy after a batch. */
const HEALTH_WAIT_MS = 300_000; // documentation: up to five minutes

export function isRolling(set: ScaleSet): boolean {
  const code = set.rollingUpgrade?.code;
  return code === 'RollingForward' || code === 'RollingBack';
}

/** Goes on by itself; see the set's rollingUpgrade. Throws as Images.exactVersion does. */
export function startRollingUpgrade(registry: ComputeRegistry, set: ScaleSet): RollingUpgrade {
  const model = latestModel(registry, set);
  const vms = inOrder(registry, set, model);
  const now = registry.context.clock.now();
  const upgrade: RollingUpgrade = {
    policy: asObject(asObject(set.document.properties.upgradePolicy).rollingUpgradePolicy),
    code: 'RollingForward',
    startTime: now,
    lastAction: 'Start',
    lastActionTime: now,
    successful: 0,
    failed: 0,
    inProgress: 0,
    pending: vms.length,
    error: null,
    cancelled: false,
    ended: Promise.resolve(),
  };
  set.rollingUpgrade = upgrade;
  upgrade.ended = roll(registry, set, upgrade, vms, model).catch((error: unknown) => {
    fault(upgrade, 'InternalExecutionError', error instanceof Error ? error.message : 'Unknown error.');
  });
  return upgrade;
}

async function roll(
  registry: ComputeRegistry,
  set: ScaleSet,
  upgrade: RollingUpgrade,
  vms: readonly ScaleSetVm[],
  model: AppliedModel,
): Promise<void> {
  const { clock, latency } = registry.context;
  const before = new Map<ScaleSetVm, AppliedModel>();
  for (const batch of batches(registry, set, upgrade, vms)) {
    if (upgrade.cancelled) return end(registry, upgrade, 'Cancelled');
    if (isTooUnhealthy(registry, set, set.vms.values(), percent(upgrade, 'maxUnhealthyInstancePercent')))
      return fault(
        upgrade,
        ...breach(registry, set, set.vms.values(), upgrade, 'MaxUnhealthyInstancePercent'),
      );
    for (const vm of batch) before.set(vm, appliedModel(vm));
    upgrade.pending -= batch.length;
    upgrade.inProgress = batch.length;
    const settled = await Promise.allSettled(batch.map((vm) => applyModel(registry, set, vm, model)));
    await untilHealthy(registry, set, batch);
    upgrade.inProgress = 0;
    const good = batch.filter(
      (vm, at) => settled[at]?.status === 'fulfilled' && healthOf(registry, set, vm) === 'healthy',
    );
    upgrade.successful += good.length;
    upgrade.failed += batch.length - good.length;
    const upgraded = [...before.keys()];
    if (isTooUnhealthy(registry, set, upgraded, percent(upgrade, 'maxUnhealthyUpgradedInstancePercent'))) {
      const error = breach(registry, set, upgraded, upgrade, 'MaxUnhealthyUpgradedInstancePercent');
      if (upgrade.policy.rollbackFailedInstancesOnPolicyBreach === true && set.orchestration === 'Uniform')
        await rollBack(registry, set, upgrade, before);
      return fault(upgrade, ...error);
    }
    await clock.sleep(pauseMs(upgrade) * pace(latency));
  }
  end(registry, upgrade, upgrade.cancelled ? 'Cancelled' : 'Completed');
}

/** Instances that failed get the model they had before. */
async function rollBack(
  registry: ComputeRegistry,
  set: ScaleSet,
  upgrade: RollingUpgrade,
  before: ReadonlyMap<ScaleSetVm, AppliedModel>,
): Promise<void> {
  upgrade.code = 'RollingBack';
  const failed = [...before].filter(([vm]) => healthOf(registry, set, vm) !== 'healthy');
  await Promise.allSettled(failed.map(([vm, model]) => applyModel(registry, set, vm, model)));
}

/** Those that lack the newest model or image, domain by domain. */
function inOrder(registry: ComputeRegistry, set: ScaleSet, model: AppliedModel): ScaleSetVm[] {
  const lacks = (vm: ScaleSetVm) =>
    vm.generation !== model.generation || vm.exactVersion !== model.exactVersion;
  const domain = (vm: ScaleSetVm) => instanceOf(registry, set, vm)?.updateDomain ?? 0;
  return set.vms
    .values()
    .filter((vm) => lacks(vm) && !vm.protectFromScaleSetActions)
    .toSorted((one, other) => domain(one) - domain(other));
}

/** None larger than the policy allows, none over two update domains. */
function batches(
  registry: ComputeRegistry,
  set: ScaleSet,
  upgrade: RollingUpgrade,
  vms: readonly ScaleSetVm[],
): ScaleSetVm[][] {
  const share = percent(upgrade, 'maxBatchInstancePercent') / 100;
  const size = Math.max(1, Math.floor(set.vms.values().length * share));
  const found: ScaleSetVm[][] = [];
  for (const vm of vms) {
    const last = found.at(-1);
    const fits = last !== undefined && last.length < size && domainOf(last[0]) === domainOf(vm);
    if (fits) last.push(vm);
    else found.push([vm]);
  }
  return found;

  function domainOf(vm: ScaleSetVm | undefined): number | null {
    return vm === undefined ? null : (instanceOf(registry, set, vm)?.updateDomain ?? null);
  }
}

async function untilHealthy(
  registry: ComputeRegistry,
  set: ScaleSet,
  batch: readonly ScaleSetVm[],
): Promise<void> {
  const { clock, latency } = registry.context;
  const step = latency.of('health-report');
  const ends = clock.now().getTime() + HEALTH_WAIT_MS * pace(latency);
  const isOpen = (vm: ScaleSetVm) => {
    const instance = instanceOf(registry, set, vm);
    const at = instance?.healthAt?.getTime() ?? 0;
    return instance?.health !== 'healthy' || at < instance.stateSince.getTime();
  };
  while (batch.some(isOpen) && clock.now().getTime() < ends) await clock.sleep(step);
}

function isTooUnhealthy(
  registry: ComputeRegistry,
  set: ScaleSet,
  vms: readonly ScaleSetVm[],
  allowed: number,
): boolean {
  return unhealthyPercent(registry, set, vms) > allowed;
}

function unhealthyPercent(registry: ComputeRegistry, set: ScaleSet, vms: readonly ScaleSetVm[]): number {
  const unhealthy = vms.filter((vm) => healthOf(registry, set, vm) !== 'healthy');
  return vms.length === 0 ? 0 : Math.round((100 * unhealthy.length) / vms.length);
}

const instanceOf = (registry: ComputeRegistry, set: ScaleSet, vm: ScaleSetVm): Instance | null =>
  registry.context.compute.instance(set.id, vm.id);

const healthOf = (registry: ComputeRegistry, set: ScaleSet, vm: ScaleSetVm) =>
  instanceOf(registry, set, vm)?.health ?? 'unknown';

const percent = (upgrade: RollingUpgrade, member: string): number => asNumber(upgrade.policy[member]) ?? 20;

/** Azure's words (azure-powershell #11896, AzureTRE #1591). */
function breach(
  registry: ComputeRegistry,
  set: ScaleSet,
  vms: readonly ScaleSetVm[],
  upgrade: RollingUpgrade,
  limit: 'MaxUnhealthyInstancePercent' | 'MaxUnhealthyUpgradedInstancePercent',
): [string, string] {
  const allowed = percent(upgrade, limit.replace('Max', 'max'));
  const first = vms.find((vm) => healthOf(registry, set, vm) !== 'healthy')?.id ?? '';
  const when =
    limit === 'MaxUnhealthyInstancePercent'
      ? 'an unhealthy state'
      : 'an unhealthy state after being upgraded';
  return [
    `${limit}ExceededInRollingUpgrade`,
    `Rolling Upgrade failed after exceeding the ${limit} value defined in the RollingUpgradePolicy. ${unhealthyPercent(registry, set, vms)}% of instances are in ${when} - more than the threshold of ${allowed}%. The most impactful error is: Instance found to be unhealthy or unreachable.. First failed instance ID is: ${first}.`,
  ];
}

function fault(upgrade: RollingUpgrade, code: string, message: string): void {
  upgrade.code = 'Faulted';
  upgrade.inProgress = 0;
  upgrade.error = { code, message };
}

function end(registry: ComputeRegistry, upgrade: RollingUpgrade, code: 'Cancelled' | 'Completed'): void {
  upgrade.code = code;
  if (code === 'Cancelled') upgrade.lastActionTime = registry.context.clock.now();
}

/** PT1M30S is 90000. */
function pauseMs(upgrade: RollingUpgrade): number {
  const text = asText(upgrade.policy.pauseTimeBetweenBatches) ?? 'PT0S';
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
