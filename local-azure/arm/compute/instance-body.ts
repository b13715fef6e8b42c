// An instance of a scale set, and its instance view, as the service shows them.
import type { Instance, InstanceHealth, InstanceState } from '../../compute/fabric.ts';
import type { JsonObject } from '../core/json.ts';
import { asList, asObject } from '../core/json.ts';
import { profileOf } from './document.ts';
import { etagOf, type ScaleSet, type ScaleSetVm } from './model.ts';
import { extensionsOf, withoutSecrets } from './profile.ts';
import type { ComputeRegistry } from './registry.ts';

const POWER: Readonly<Record<InstanceState, readonly [string, string]>> = {
  running: ['PowerState/running', 'VM running'],
  stopping: ['PowerState/stopping', 'VM stopping'],
  stopped: ['PowerState/stopped', 'VM stopped'],
  updating: ['PowerState/stopped', 'VM stopped'],
  starting: ['PowerState/starting', 'VM starting'],
};

/** Codes of Initializing and Unknown are not seen in any recording: by analogy. */
const HEALTH: Readonly<Record<Exclude<InstanceHealth, 'none'>, readonly [string, string, string]>> = {
  healthy: ['HealthState/healthy', 'Info', 'The VM is reporting itself as healthy or has no active issues.'],
  unhealthy: ['HealthState/unhealthy', 'Error', 'The VM is reporting itself as unhealthy.'],
  initializing: ['HealthState/initializing', 'Info', 'The VM is initializing.'],
  unknown: ['HealthState/unknown', 'Warning', 'The health of the VM is unknown.'],
};

export function instanceBody(
  registry: ComputeRegistry,
  set: ScaleSet,
  vm: ScaleSetVm,
  withView: boolean,
): JsonObject {
  const flexible = set.orchestration === 'Flexible';
  const instance = registry.context.compute.instance(set.id, vm.id);
  const extensions = resources(set, vm);
  return {
    name: vm.name,
    id: `${set.id}/virtualMachines/${vm.id}`,
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
    location: set.location,
    tags: set.document.tags,
    ...(instance?.zone == null ? {} : { zones: [instance.zone] }),
    instanceId: vm.id,
    sku: { name: vm.skuName, tier: 'Standard' },
    etag: etagOf(vm),
    properties: {
      latestModelApplied: isLatest(registry, set, vm),
      modelDefinitionApplied: 'VirtualMachineScaleSet',
      ...(withView ? { instanceView: instanceView(set, vm, instance) } : {}),
      ...(flexible ? { virtualMachineResourceId: virtualMachineId(set, vm) } : {}),
      ...(vm.protectFromScaleIn || vm.protectFromScaleSetActions
        ? {
            protectionPolicy: {
              protectFromScaleIn: vm.protectFromScaleIn,
              protectFromScaleSetActions: vm.protectFromScaleSetActions,
            },
          }
        : {}),
      vmId: vm.vmId,
      hardwareProfile: flexible ? { vmSize: vm.skuName } : {},
      ...instanceProfile(set, vm),
      provisioningState: vm.provisioningState,
    },
    ...(extensions.length > 0 ? { resources: extensions } : {}),
  };
}

/** The machine itself, which exists beside a Flexible scale set. */
export function virtualMachineBody(
  registry: ComputeRegistry,
  set: ScaleSet,
  vm: ScaleSetVm,
  withView: boolean,
): JsonObject {
  const {
    id,
    name,
    type,
    instanceId,
    sku,
    properties,
    resources: _,
    ...rest
  } = instanceBody(registry, set, vm, withView);
  const {
    latestModelApplied,
    modelDefinitionApplied,
    virtualMachineResourceId,
    networkProfileConfiguration,
    ...own
  } = asObject(properties);
  return {
    ...rest,
    name: vm.name,
    id: virtualMachineId(set, vm),
    type: 'Microsoft.Compute/virtualMachines',
    properties: { ...own, virtualMachineScaleSet: { id: set.id } },
  };
}

/** See ArmBehaviour.latestModelApplied and tagsAreModel. */
export function isLatest(registry: ComputeRegistry, set: ScaleSet, vm: ScaleSetVm): boolean {
  if (registry.context.behaviour.tagsAreModel && vm.tagging !== set.tagging) return false;
  if (registry.context.behaviour.latestModelApplied === 'generation') return vm.generation === set.generation;
  const text = (value: unknown) => JSON.stringify(value);
  return text([vm.skuName, vm.profile]) === text([set.document.sku.name, profileOf(set.document)]);
}

export function instanceView(set: ScaleSet, vm: ScaleSetVm, instance: Instance | null): JsonObject {
  const [code, displayStatus] = POWER[instance?.state ?? 'stopped'];
  const time = vm.provisionedAt.toISOString();
  const state = vm.provisioningState;
  return {
    placementGroupId: set.placementGroupId,
    ...(instance?.updateDomain == null ? {} : { platformUpdateDomain: instance.updateDomain }),
    platformFaultDomain: instance?.faultDomain ?? 0,
    computerName: computerName(vm),
    osName: 'ubuntu',
    osVersion: '24.04',
    vmAgent: agent(instance?.state === 'running', time),
    ...health(instance),
    disks: [{ name: diskName(set, vm), statuses: [{ ...PROVISIONED, time }] }],
    hyperVGeneration: 'V2',
    statuses: [
      {
        code: `ProvisioningState/${state.toLowerCase()}`,
        level: state === 'Failed' ? 'Error' : 'Info',
        displayStatus: state === 'Succeeded' ? 'Provisioning succeeded' : state,
        ...(state === 'Succeeded' || state === 'Failed' ? { time } : {}),
      },
      { code, level: 'Info', displayStatus },
    ],
  };
}

const PROVISIONED: JsonObject = {
  code: 'ProvisioningState/succeeded',
  level: 'Info',
  displayStatus: 'Provisioning succeeded',
};

function agent(isUp: boolean, time: string): JsonObject {
  const status = isUp
    ? { ...PROVISIONED, displayStatus: 'Ready', message: 'Guest Agent is running' }
    : {
        code: 'ProvisioningState/Unavailable',
        level: 'Warning',
        displayStatus: 'Not Ready',
        message: 'VM status blob is found but not yet populated.',
      };
  return { vmAgentVersion: '2.11.1.4', statuses: [{ ...status, time }], extensionHandlers: [] };
}

/** Absent where nobody reports it. */
function health(instance: Instance | null): JsonObject {
  if (instance === null || instance.health === 'none' || instance.healthAt === null) return {};
  const [code, level, displayStatus] = HEALTH[instance.health];
  return { vmHealth: { status: { code, level, displayStatus, time: instance.healthAt.toISOString() } } };
}

function resources(set: ScaleSet, vm: ScaleSetVm): JsonObject[] {
  return extensionsOf(vm.profile).map((extension) => ({
    name: extension.name,
    id: `${set.id}/virtualMachines/${vm.id}/extensions/${String(extension.name)}`,
    type: 'Microsoft.Compute/virtualMachines/extensions',
    location: set.location,
    properties: {
      ...asObject(withoutSecrets(extension.properties)),
      provisioningState: vm.provisioningState,
    },
  }));
}

/** What became of the set's profile for this instance. */
function instanceProfile(set: ScaleSet, vm: ScaleSetVm): JsonObject {
  const { osProfile, networkProfile, storageProfile } = asObject(withoutSecrets(vm.profile));
  const { computerNamePrefix: _, linuxConfiguration, ...os } = asObject(osProfile);
  const { osDisk, ...storage } = asObject(storageProfile);
  const disk = diskName(set, vm);
  const interfaces = asList(asObject(networkProfile).networkInterfaceConfigurations).map(asObject);
  return {
    networkProfileConfiguration: asObject(networkProfile),
    storageProfile: {
      ...storage,
      imageReference: { ...asObject(storage.imageReference), exactVersion: vm.exactVersion },
      osDisk: {
        ...asObject(osDisk),
        osType: 'Linux',
        name: disk,
        managedDisk: {
          ...asObject(asObject(osDisk).managedDisk),
          id: set.id.replace(/\/virtualMachineScaleSets\/.*$/, `/disks/${disk}`),
        },
      },
      dataDisks: [],
    },
    osProfile: {
      ...os,
      computerName: computerName(vm),
      linuxConfiguration: {
        ...asObject(linuxConfiguration),
        patchSettings: { patchMode: 'ImageDefault' },
      },
    },
    networkProfile: {
      networkInterfaces: interfaces.map(({ name }) => ({
        id: `${set.id}/virtualMachines/${vm.id}/networkInterfaces/${String(name)}`,
      })),
    },
  };
}

const computerName = (vm: ScaleSetVm): string => vm.name.replace('_', '').toLowerCase();

const diskName = (set: ScaleSet, vm: ScaleSetVm): string =>
  `${set.name}_${vm.name}_OsDisk_1_${vm.vmId.replaceAll('-', '')}`;

const virtualMachineId = (set: ScaleSet, vm: ScaleSetVm): string =>
  set.id.replace(/\/virtualMachineScaleSets\/.*$/, `/virtualMachines/${vm.name}`);
