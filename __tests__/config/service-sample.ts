// Right configuration files of services with update domains, and a way to load changed copies of them.
import type { ServiceConfig } from '../../src/config/service-config.ts';
import { loadServiceConfig } from '../../src/config/service-load.ts';
import { changed, type Data, type Loaded, loadBy } from './sample.ts';

export const GALLERY =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers/Microsoft.Compute/galleries/contoso/images/service';
export const CSCFG = 'service/Cloud.cscfg';
const BLOBS = 'https://contoso.blob.core.windows.net/service';
/** To update to. */
export const PACKAGE = `${BLOBS}/contoso-2.0.0.cspkg`;

/** The smallest file that is right for scale sets. */
export function scaleSets(): Data {
  return {
    version: 1,
    application: 'contoso',
    service: {
      'scale-sets': {
        front: { name: 'contoso-front', 'resource-group': 'contoso' },
        worker: { name: 'contoso-worker', 'resource-group': 'contoso' },
      },
    },
    update: { image: `${GALLERY}/versions/2.0.0` },
  };
}

/** The smallest file that is right for a cloud service. */
export function cloudService(): Data {
  return {
    version: 1,
    application: 'contoso',
    service: {
      'cloud-service': {
        name: 'contoso-cloud',
        'resource-group': 'contoso',
        package: PACKAGE,
        'previous-package': `${BLOBS}/contoso-1.0.0.cspkg`,
        configuration: CSCFG,
        roles: { WebRole: { 'minimum-healthy': 3 }, WorkerRole: {} },
      },
    },
  };
}

/** The same to swap. */
export function swappedService(): Data {
  const file = changed(cloudService(), 'service.cloud-service.staging', 'contoso-cloud-stage');
  return changed(file, 'switch', { method: 'swap' });
}

export function loadService(
  file: Data | string,
  environment: Record<string, string> = {},
  /** Files of the workspace, besides the configuration. */
  others: readonly string[] = [],
): Loaded<ServiceConfig> {
  const files = [CSCFG, ...others].map((name) => [name, '<ServiceConfiguration />']);
  return loadBy(loadServiceConfig, file, environment, Object.fromEntries(files));
}
