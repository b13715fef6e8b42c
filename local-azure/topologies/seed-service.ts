// The example company's services before their first upgrade: every instance runs version 1 and is healthy.
import { renderConfiguration, servicePackageUrl } from '../arm/compute/cloud-services/packages.ts';
import type { JsonObject } from '../arm/core/json.ts';
import type { Parts } from './contents.ts';
import {
  AUTOSCALE,
  CLOUD_ROLES,
  CLOUD_SERVICES,
  CORE_LIMIT,
  type ContosoScaleSet,
  cloudServiceId,
  imageId,
  publicIpAddressId,
  SCALE_SETS,
  SERVICE_GROUP,
  SERVICE_REGION,
  scaleSetId,
  VERSIONS,
} from './contoso-service.ts';

/** So many of Azure's looks at an instance's health are good before the bad version breaks. */
const GOOD_LOOKS = 2;

type Seeded = Pick<Parts, 'arm' | 'compute' | 'ground'>;

export function seedService({ arm, compute, ground }: Seeded): void {
  const [group, location] = [SERVICE_GROUP, SERVICE_REGION.name];
  arm.createGroup({ name: group, location, tags: {} });
  arm.compute.quota.setLimit(location, CORE_LIMIT);
  for (const version of Object.values(VERSIONS)) {
    const place = { group, gallery: 'contoso', image: 'service', location, regions: [location] };
    arm.compute.addImageVersion({ ...place, version });
  }
  const unhealthyAfterMs = GOOD_LOOKS * ground.latency.of('health-report');
  compute.setVersionBehaviour(VERSIONS.breaks, { unhealthyAfterMs });
  compute.setVersionBehaviour(VERSIONS.neverStarts, { neverStarts: true });
  for (const set of SCALE_SETS) {
    arm.compute.createScaleSet({
      name: set.name,
      group,
      location,
      sku: { name: set.size, capacity: set.instances },
      properties: scaleSetProperties(set),
      ...(set.updateDomains === null ? {} : { updateDomains: set.updateDomains }),
    });
  }
  arm.insights.createSetting({
    ...AUTOSCALE,
    group,
    location,
    enabled: true,
    targetResourceId: scaleSetId(AUTOSCALE.target),
  });
  const [production, stage] = CLOUD_SERVICES;
  for (const name of CLOUD_SERVICES) {
    const partner = name === stage ? production : null;
    arm.cloudServices.createService({
      name,
      group,
      location,
      properties: cloudServiceProperties(name, partner),
    });
  }
}

function scaleSetProperties({ name, orchestration }: ContosoScaleSet): JsonObject {
  return {
    orchestrationMode: orchestration,
    upgradePolicy: { mode: 'Manual' },
    automaticRepairsPolicy: { enabled: true, gracePeriod: 'PT10M', repairAction: 'Replace' },
    overprovision: false,
    singlePlacementGroup: orchestration === 'Uniform',
    virtualMachineProfile: {
      storageProfile: {
        imageReference: { id: imageId(VERSIONS.first) },
        osDisk: {
          createOption: 'FromImage',
          osType: 'Linux',
          diskSizeGB: 30,
          managedDisk: { storageAccountType: 'Premium_LRS' },
        },
      },
      osProfile: { computerNamePrefix: name, adminUsername: 'contoso' },
      extensionProfile: { extensions: [HEALTH_EXTENSION] },
    },
  };
}

const HEALTH_EXTENSION: JsonObject = {
  name: 'health',
  properties: {
    publisher: 'Microsoft.ManagedServices',
    type: 'ApplicationHealthLinux',
    typeHandlerVersion: '2.0',
    autoUpgradeMinorVersion: true,
    settings: { protocol: 'http', port: 80, requestPath: '/health', intervalInSeconds: 5, numberOfProbes: 1 },
  },
};

function cloudServiceProperties(name: string, partner: string | null): JsonObject {
  const publicIPAddress = { id: publicIpAddressId(name) };
  return {
    packageUrl: servicePackageUrl(VERSIONS.first),
    configuration: serviceConfiguration(VERSIONS.first),
    upgradeMode: 'Manual',
    roleProfile: {
      roles: CLOUD_ROLES.map((role) => ({
        name: role.name,
        sku: { name: 'Standard_D2_v2', tier: 'Standard', capacity: role.instances },
      })),
    },
    networkProfile: {
      loadBalancerConfigurations: [
        {
          name: `${name}-lb`,
          properties: { frontendIPConfigurations: [{ name: 'frontend', properties: { publicIPAddress } }] },
        },
      ],
      ...(partner === null ? {} : { swappableCloudService: { id: cloudServiceId(partner) } }),
    },
  };
}

/** The service configuration (.cscfg) that the company deploys a version with. */
export function serviceConfiguration(version: string): string {
  const instances = Object.fromEntries(CLOUD_ROLES.map((role) => [role.name, role.instances]));
  return renderConfiguration(instances, { Version: version });
}
