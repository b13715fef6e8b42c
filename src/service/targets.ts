// What the configuration calls the service, as something that an update can be done to.
import type { Compute } from '../azure/ports/compute.ts';
import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import { cloudServiceTarget } from './cloud-service/cloud-service-target.ts';
import { scaleSetsTarget } from './scale-sets/scale-sets-target.ts';
import type { ServiceTarget } from './target.ts';

export interface TargetParts {
  readonly config: ServiceConfig;
  readonly compute: Compute;
  /** The one that is asked: of the input subscription-id. */
  readonly subscriptionId: string;
  readonly clock: Clock;
  /** A file of the workspace, by its path in there. */
  readonly readFile: (path: string) => Promise<string>;
}

export function serviceTarget(parts: TargetParts): ServiceTarget {
  const { service } = parts.config;
  switch (service.kind) {
    case 'scale-sets':
      return scaleSetsTarget(service, parts);
    case 'cloud-service':
      return cloudServiceTarget(service, parts);
  }
}
