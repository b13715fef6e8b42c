// What Azure sends of scale sets and their instances, in the words of the port.
import type {
  InstanceViewStatus,
  OrchestrationServiceSummary,
  VirtualMachineExtension,
  VirtualMachineScaleSet,
  VirtualMachineScaleSetExtension,
  VirtualMachineScaleSetVM,
} from '@azure/arm-compute';
import type {
  ComputeRef,
  InstanceExtension,
  InstanceHealth,
  ScaleSet,
  ScaleSetExtension,
  ServiceInstance,
} from './ports/compute.ts';
import { imageOf } from './scale-sets-images.ts';

/** What the instance view of a machine and of a Uniform set's instance have in common. */
export interface InstanceView {
  readonly platformUpdateDomain?: number;
  readonly platformFaultDomain?: number;
  readonly vmHealth?: { readonly status?: InstanceViewStatus };
  readonly statuses?: readonly InstanceViewStatus[];
}

/** Of a Flexible set the list knows the model, and the machine itself how it is. */
export interface Machine {
  readonly provisioningState?: string;
  readonly instanceView?: InstanceView;
  readonly storageProfile?: VirtualMachineScaleSetVM['storageProfile'];
  readonly hardwareProfile?: VirtualMachineScaleSetVM['hardwareProfile'];
  /** Its extensions. */
  readonly resources?: readonly VirtualMachineExtension[];
  readonly zones?: readonly string[];
}

const HEALTH: ReadonlySet<string> = new Set<InstanceHealth>([
  'healthy',
  'unhealthy',
  'initializing',
  'unknown',
]);

export function scaleSetOf(
  set: VirtualMachineScaleSet,
  ref: ComputeRef,
  automaticRepairs: ScaleSet['automaticRepairs'],
): ScaleSet {
  const { sku, virtualMachineProfile, upgradePolicy } = set;
  return {
    id: set.id ?? '',
    ref,
    location: set.location,
    orchestration: orchestrationOf(set),
    upgradeMode: (upgradePolicy?.mode as ScaleSet['upgradeMode'] | undefined) ?? null,
    provisioningState: set.provisioningState ?? 'Unknown',
    capacity: sku?.capacity ?? 0,
    model: {
      sku: { name: sku?.name ?? '', tier: sku?.tier ?? null },
      image: imageOf(virtualMachineProfile?.storageProfile?.imageReference),
      extensions: Object.fromEntries(
        extensionsIn(set).map((extension) => [extension.name ?? '', extensionOf(extension)]),
      ),
    },
    etag: set.etag ?? null,
    tags: set.tags ?? {},
    tellsHealth: tellsHealth(set),
    automaticRepairs,
  };
}

export function orchestrationOf(set: VirtualMachineScaleSet): ScaleSet['orchestration'] {
  return set.orchestrationMode === 'Flexible' ? 'Flexible' : 'Uniform';
}

export function extensionsIn(set: VirtualMachineScaleSet): VirtualMachineScaleSetExtension[] {
  return set.virtualMachineProfile?.extensionProfile?.extensions ?? [];
}

/** @param services as the instance view has them; null where there is none to be had (Flexible) */
export function automaticRepairsOf(
  set: VirtualMachineScaleSet,
  services: readonly OrchestrationServiceSummary[] | null,
): ScaleSet['automaticRepairs'] {
  if (set.automaticRepairsPolicy?.enabled !== true) return 'none';
  const service = services?.find(({ serviceName }) => serviceName === 'AutomaticRepairs');
  return service?.serviceState === 'Suspended' ? 'suspended' : 'running';
}

export function uniformInstance(vm: VirtualMachineScaleSetVM): ServiceInstance {
  return instanceOf(vm, vm, vm.instanceView?.platformUpdateDomain ?? null);
}

/** Whatever a machine's view says of update domains: a Flexible set has none. */
export function flexibleInstance(vm: VirtualMachineScaleSetVM, machine: Machine): ServiceInstance {
  return instanceOf(vm, machine, null);
}

function instanceOf(
  vm: VirtualMachineScaleSetVM,
  machine: Machine,
  updateDomain: number | null,
): ServiceInstance {
  const { instanceView: view, storageProfile } = machine;
  const health = view?.vmHealth?.status;
  return {
    id: vm.instanceId ?? vm.name ?? '',
    updateDomain,
    faultDomain: view?.platformFaultDomain ?? null,
    zone: vm.zones?.[0] ?? machine.zones?.[0] ?? null,
    exactVersion: storageProfile?.imageReference?.exactVersion ?? null,
    latestModelApplied: vm.latestModelApplied ?? null,
    skuName: vm.sku?.name ?? machine.hardwareProfile?.vmSize ?? null,
    extensions: extensionsOn(machine.resources ?? vm.resources),
    provisioningState: machine.provisioningState ?? 'Unknown',
    powerState: powerState(view?.statuses ?? []),
    health: healthOf(health?.code),
    healthAt: health?.time ?? null,
    isProtected: vm.protectionPolicy?.protectFromScaleSetActions === true,
  };
}

/** Null where Azure names none at all, which is not the same as having none. */
function extensionsOn(resources: Machine['resources']): Readonly<Record<string, InstanceExtension>> | null {
  if (resources === undefined) return null;
  const told = resources.flatMap(({ name, typeHandlerVersion, settings }) =>
    name && typeHandlerVersion ? [[name, { typeHandlerVersion, settings: settings ?? null }] as const] : [],
  );
  return Object.fromEntries(told);
}

/** Absent: no extension, or one that has told nothing yet. A code that is not known proves no health either. */
function healthOf(code: string | undefined): InstanceHealth {
  if (code === undefined) return 'none';
  const state = afterPrefix(code);
  return isHealth(state) ? state : 'unknown';
}

const isHealth = (state: string): state is InstanceHealth => HEALTH.has(state);

function powerState(statuses: readonly InstanceViewStatus[]): string {
  const status = statuses.find(({ code }) => /^PowerState\//i.test(code ?? ''));
  return status?.code === undefined ? 'unknown' : afterPrefix(status.code);
}

/** "healthy" of HealthState/Healthy: Azure's own tools do not agree on the case. */
const afterPrefix = (code: string): string => code.slice(code.lastIndexOf('/') + 1).toLowerCase();

/** A health extension, or the probe of a load balancer. */
function tellsHealth(set: VirtualMachineScaleSet): boolean {
  const probe = set.virtualMachineProfile?.networkProfile?.healthProbe?.id;
  if (probe) return true;
  return extensionsIn(set).some((extension) =>
    /^ApplicationHealth(Linux|Windows)$/i.test(extensionOf(extension).type),
  );
}

/** The SDK keeps `type` for the type of the resource. */
function extensionOf({
  publisher = '',
  typePropertiesType: type = '',
  typeHandlerVersion = '',
  settings,
}: VirtualMachineScaleSetExtension): ScaleSetExtension {
  return { publisher, type, typeHandlerVersion, settings: settings ?? {} };
}
