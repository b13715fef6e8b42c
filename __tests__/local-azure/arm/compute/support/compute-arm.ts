// The example company's scale sets on the resource manager of the tests, and the real SDK pointed at them.
import {
  ComputeManagementClient,
  type ComputeManagementClientOptionalParams,
  type VirtualMachineScaleSetVM,
} from '@azure/arm-compute';
import type { JsonObject } from '../../../../../local-azure/arm/core/json.ts';
import type { ArmOptions } from '../../../../../local-azure/arm/create-arm.ts';
import { systemClock } from '../../../../../local-azure/clock.ts';
import { createComputeFabric } from '../../../../../local-azure/compute/create-fabric.ts';
import { createLatency } from '../../../../../local-azure/latency.ts';
import { SUBSCRIPTION, startTestArm } from '../../support/test-arm.ts';

export const GROUP = 'contoso-service';
export const WEB = 'contoso-web';
export const FLEX = 'contoso-flex';
export const V = 'api-version=2026-04-01';
export const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Compute`;
export const setPath = (name: string) => `${COMPUTE}/virtualMachineScaleSets/${name}`;
export const imageId = (version: string) =>
  `${COMPUTE}/galleries/contoso/images/service${version === '' ? '' : `/versions/${version}`}`;

export const profile = (version: string): JsonObject => ({
  osProfile: {
    computerNamePrefix: 'web',
    adminUsername: 'contoso',
    adminPassword: 'Aa1-not-a-secret',
    customData: 'bm90IGEgc2VjcmV0',
  },
  storageProfile: {
    imageReference: { id: imageId(version) },
    osDisk: { createOption: 'FromImage', diskSizeGB: 30 },
  },
  extensionProfile: {
    extensions: [
      {
        name: 'health',
        properties: {
          publisher: 'Microsoft.ManagedServices',
          type: 'ApplicationHealthLinux',
          typeHandlerVersion: '2.0',
          settings: { protocol: 'http', port: 80, requestPath: '/health' },
        },
      },
      {
        name: 'app',
        properties: {
          publisher: 'Microsoft.Azure.Extensions',
          type: 'CustomScript',
          typeHandlerVersion: '2.1',
          settings: { script: 'start' },
          protectedSettings: { storageAccountKey: 'not-a-secret' },
        },
      },
    ],
  },
});

export const image = (version: string) => ({
  virtualMachineProfile: { storageProfile: { imageReference: { id: imageId(version) } } },
});

export type ComputeArm = Awaited<ReturnType<typeof startComputeArm>>;

export async function startComputeArm(change: Partial<ArmOptions> = {}) {
  const { clock = systemClock(), latency = createLatency('off', 1) } = change;
  const compute = createComputeFabric({ clock, latency });
  const azure = await startTestArm({ clock, latency, compute, ...change });
  const { arm } = azure;
  arm.createGroup({ name: GROUP, location: 'northeurope', tags: {} });
  for (const version of ['1.0.0', '2.0.0', '3.0.0', '4.0.0'])
    arm.compute.addImageVersion({
      group: GROUP,
      gallery: 'contoso',
      image: 'service',
      version,
      location: 'northeurope',
      regions: ['North Europe'],
    });
  compute.setVersionBehaviour('3.0.0', { unhealthyAfterMs: 0 });
  compute.setVersionBehaviour('4.0.0', { neverStarts: true });
  arm.compute.createScaleSet({
    name: WEB,
    group: GROUP,
    location: 'northeurope',
    sku: { name: 'Standard_D2s_v5', capacity: 14 },
    properties: { upgradePolicy: { mode: 'Manual' }, virtualMachineProfile: profile('1.0.0') },
  });
  const client = new ComputeManagementClient(azure.connection.credential, SUBSCRIPTION, {
    ...azure.connection.options,
    // Its type does not know the pipeline's own options; it hands them on.
  } as ComputeManagementClientOptionalParams);
  const role = arm.compute.scaleSetId(WEB);
  const versions = () => compute.instances(role).map((instance) => instance.model.version);
  const instances = async (set = WEB, expand = true): Promise<VirtualMachineScaleSetVM[]> => {
    const found: VirtualMachineScaleSetVM[] = [];
    const options = expand ? { expand: 'instanceView' } : {};
    for await (const vm of client.virtualMachineScaleSetVMs.list(GROUP, set, options)) found.push(vm);
    return found;
  };
  const setImage = (version: string, options: { readonly ifMatch?: string } = {}) =>
    client.virtualMachineScaleSets.update(GROUP, WEB, image(version), options);
  const upgrade = (ids: string[], set = WEB) =>
    client.virtualMachineScaleSets.updateInstances(GROUP, set, { instanceIds: ids });
  const addFlexible = () =>
    arm.compute.createScaleSet({
      name: FLEX,
      group: GROUP,
      location: 'northeurope',
      sku: { name: 'Standard_D2s_v5', capacity: 10 },
      properties: {
        orchestrationMode: 'Flexible',
        platformFaultDomainCount: 3,
        virtualMachineProfile: profile('1.0.0'),
      },
    });
  return { ...azure, compute, client, role, versions, instances, setImage, upgrade, addFlexible };
}
