// The client of cloud services, over real sockets, at the embedded Azure's pair of them.
import tls from 'node:tls';
import {
  renderConfiguration,
  servicePackageUrl,
} from '../../local-azure/arm/compute/cloud-services/packages.ts';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { createCloudServices } from '../../src/azure/cloud-services.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import type { CloudService, CloudServiceChange } from '../../src/azure/ports/compute.ts';
import { systemClock } from '../../src/clock.ts';
import { addressOf, CLOUD, startCloudArm } from '../local-azure/arm/compute/support/cloud-arm.ts';
import { SUBSCRIPTION } from '../local-azure/arm/support/test-arm.ts';

export const never = new AbortController().signal;
export const refOf = (name: string) => ({ resourceGroup: 'contoso-service', name });

export type EmbeddedCloud = Awaited<ReturnType<typeof startEmbeddedCloud>>;

/** @param pace of Azure's own durations; null: none. */
export async function startEmbeddedCloud(pace: number | null = null) {
  const azure = await startCloudArm(pace);
  const { credential, options } = azure.connection;
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), options.tlsOptions.ca]);
  const context: ArmContext = {
    credential,
    environment: parseAzureEnvironment(
      JSON.stringify({
        name: 'LocalAzure',
        resourceManager: azure.endpoint,
        authority: 'https://localhost:1',
      }),
    ),
    subscriptionId: SUBSCRIPTION,
    userAgent: 'rolling-upgrade/test',
    clock: systemClock,
    log: () => {},
  };
  const services = createCloudServices(context);
  const read = async (name = CLOUD): Promise<CloudService> => {
    const service = await services.get(refOf(name));
    if (service === null) throw new Error(`${name} is not there`);
    return service;
  };
  const updateTo = async (version: string): Promise<void> => {
    const service = await read();
    await services.update(service, to(version, service), never);
  };
  /** Id of the role that is reached at an address. */
  const behind = (address: string) => azure.arm.cloudServices.roleBehind(addressOf(address), 'WebRole');
  return { azure, context, services, read, updateTo, behind };
}

/** To a version, everything else as it is. */
export function to(version: string, { roles, tags }: CloudService): CloudServiceChange {
  return {
    packageUrl: `${servicePackageUrl(version)}?sig=not-a-secret`,
    configuration: renderConfiguration({ WebRole: 8, WorkerRole: 9 }, { Version: version }),
    roles,
    tags: { ...tags, version },
  };
}
