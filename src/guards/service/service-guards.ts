// Which guard stands before which phase of topology upgrade-domains. Those that are cheap to tell come first.
import type { ServiceConfig } from '../../config/service-config.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { Guard } from '../guard.ts';

export type ServiceGuard = Guard<ServiceContext, ServiceObservation>;

export function serviceGuards(_config: ServiceConfig): readonly ServiceGuard[] {
  return [];
}
