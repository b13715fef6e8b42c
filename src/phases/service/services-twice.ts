import type { Plan } from '../../engine/report.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/** In place nothing is; with a swap the service that users are not on. */
export async function servicesTwice(
  { config, azure }: ServiceContext,
  { look }: ServiceObservation,
): Promise<Plan['twice']> {
  const { service } = config;
  if (service.kind !== 'cloud-service' || service.stagingService === null) return [];
  const [updated] = look.resources;
  const names = [service.service, service.stagingService];
  // Once users have been moved, it is the one that they were on.
  const idle = names.find((name) => (name === updated?.name) === (look.usersOn !== 'this')) ?? names[1] ?? '';
  const found = await azure.compute.cloudServices.get({ resourceGroup: service.resourceGroup, name: idle });
  const sizes = found?.roles.map(({ name, skuName, capacity }) => `${name}: ${capacity} × ${skuName}`);
  return [
    {
      resource: `cloud service ${idle}`,
      sku: sizes?.join(', ') ?? 'as production',
      since: found ? 'before this run' : 'its deployment',
    },
  ];
}
