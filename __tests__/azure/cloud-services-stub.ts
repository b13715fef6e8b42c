// A cloud service as Resource Manager tells of it, with members that the embedded Azure does not have.
import { createCloudServices } from '../../src/azure/cloud-services.ts';
import type { CloudService } from '../../src/azure/ports/compute.ts';
import { type Reply, type SeenRequest, type StubArm, stubArm } from './stub-arm.ts';

const PROVIDERS = '/subscriptions/sub-1/resourceGroups/contoso/providers';
export const PATH = `${PROVIDERS}/Microsoft.Compute/cloudServices/cloud`;
export const PARTNER = `${PROVIDERS}/Microsoft.Compute/cloudServices/stage`;
export const ref = { resourceGroup: 'contoso', name: 'cloud' };

export const web = (capacity: number) => ({
  name: 'WebRole',
  sku: { name: 'Standard_D1_v2', tier: 'Standard', capacity },
});
export const networkProfile = {
  loadBalancerConfigurations: [{ name: 'lb', properties: { frontendIPConfigurations: [{ name: 'fe' }] } }],
  swappableCloudService: { id: PARTNER },
};
export const extensionProfile = {
  extensions: [{ name: 'RDP', properties: { settings: '<PublicConfig/>' } }],
};
export const document = {
  id: PATH,
  name: 'cloud',
  type: 'Microsoft.Compute/cloudServices',
  location: 'northeurope',
  zones: ['1'],
  tags: { team: 'orders' },
  systemData: { createdBy: 'somebody' },
  properties: {
    configuration: '<old/>',
    upgradeMode: 'Auto',
    allowModelOverride: true,
    roleProfile: { roles: [web(2)] },
    osProfile: { secrets: [{ sourceVault: { id: '/vault' } }] },
    networkProfile: { ...networkProfile, slotType: 'Production' },
    extensionProfile,
    provisioningState: 'Succeeded',
    uniqueId: 'unique',
    memberOfTomorrow: { kept: true },
  },
};
export const servicesOf = (stub: StubArm) => createCloudServices(stub.context);

export async function read(stub: StubArm): Promise<CloudService> {
  const service = await servicesOf(stub).get(ref);
  if (service === null) throw new Error('not there');
  return service;
}

/** Reads as given, writes as given. */
export function answering(
  put: Reply | ((request: SeenRequest) => Reply),
  reads: Record<string, unknown> = {},
): StubArm {
  const bodies: Record<string, unknown> = { [PATH]: document, ...reads };
  return stubArm((request): Reply => {
    if (request.method === 'PUT') return typeof put === 'function' ? put(request) : put;
    const body = bodies[request.path];
    return body === undefined
      ? { status: 404, body: { error: { code: 'ResourceNotFound' } } }
      : { status: 200, body };
  });
}
