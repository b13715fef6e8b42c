// The configuration file of topology upgrade-domains, from disk to ServiceConfig.
import { type FileOptions, readChecked } from './checked-file.ts';
import type { ServiceConfig } from './service-config.ts';
import { crossCheckService } from './service-cross-checks.ts';
import { serviceFile } from './service-schema.ts';
import { toServiceConfig } from './service-to-config.ts';

/**
 * Reads and checks the configuration file of a service. Throws UpgradeError 'config-not-found', or 'config-invalid'
 * with every problem of the file, each with path, place, what was found and what is allowed.
 */
export function loadServiceConfig(options: FileOptions): ServiceConfig {
  const file = readChecked(options, {
    schema: serviceFile,
    kind: 'service',
    between: (source) => crossCheckService(source, options.workspace),
    example: 'examples/rolling-upgrade.upgrade-domains.yml',
  });
  return toServiceConfig(file);
}
