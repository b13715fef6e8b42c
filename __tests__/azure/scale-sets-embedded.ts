// The embedded Azure's scale sets on a real socket, and the product's own pipeline pointed at them.
import tls from 'node:tls';
import type { ArmOptions } from '../../local-azure/arm/create-arm.ts';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { systemClock } from '../../src/clock.ts';
import { startComputeArm } from '../local-azure/arm/compute/support/compute-arm.ts';
import { SUBSCRIPTION } from '../local-azure/arm/support/test-arm.ts';

export type EmbeddedCompute = Awaited<ReturnType<typeof startEmbeddedCompute>>;

export async function startEmbeddedCompute(change: Partial<ArmOptions> = {}) {
  const azure = await startComputeArm(change);
  const { credential, options } = azure.connection;
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), options.tlsOptions.ca]);
  const environment = parseAzureEnvironment(
    JSON.stringify({
      name: 'LocalAzure',
      resourceManager: azure.endpoint,
      authority: 'https://localhost:1',
    }),
  );
  const context: ArmContext = {
    credential,
    environment,
    subscriptionId: SUBSCRIPTION,
    userAgent: 'rolling-upgrade/test',
    clock: systemClock,
    log: () => {},
  };
  return { ...azure, context };
}
