// The repository of the example company as a job sees it: the action's configuration and, where there are databases,
// the upgrade scripts.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigVariant, renderConfig } from './config-file.ts';
import { VERSIONS } from './contoso-service.ts';
import { serviceConfiguration } from './seed-service.ts';
import {
  CONFIGURED_SERVICES,
  CONFIGURED_VERSIONS,
  cscfgPath,
  renderServiceConfig,
  serviceConfigPath,
} from './service-config-file.ts';

export interface Workspace {
  readonly directory: string;
  /** Relative to it, by the version each leads to. */
  readonly configs: { readonly '2.0.0': string; readonly '3.0.0': string };
}

const CONFIGS = {
  '2.0.0': '.github/rolling-upgrade.yml',
  '3.0.0': '.github/rolling-upgrade-v3.yml',
} as const;

/** Fills an existing directory. The upgrade to 2.0.0 succeeds, the one to 3.0.0 fails in its second file. */
export async function writeWorkspace(directory: string, variant: ConfigVariant): Promise<Workspace> {
  const source = join(dirname(fileURLToPath(import.meta.url)), 'workspace');
  await cp(source, directory, { recursive: true });
  await mkdir(join(directory, '.github'), { recursive: true });
  await writeFile(join(directory, CONFIGS['2.0.0']), renderConfig(variant, '2.0.0'));
  await writeFile(join(directory, CONFIGS['3.0.0']), renderConfig(variant, '3.0.0'));
  return { directory, configs: CONFIGS };
}

/**
 * Fills an existing directory for topology upgrade-domains: a configuration for each service and version, and the
 * service configurations of the cloud service. Returns the path of the first configuration, relative to the directory.
 */
export async function writeServiceWorkspace(directory: string): Promise<string> {
  for (const folder of ['.github', 'service']) await mkdir(join(directory, folder), { recursive: true });
  for (const version of CONFIGURED_VERSIONS) {
    for (const service of CONFIGURED_SERVICES) {
      const path = join(directory, serviceConfigPath(service, version));
      await writeFile(path, renderServiceConfig(service, version));
    }
  }
  for (const version of Object.values(VERSIONS)) {
    await writeFile(join(directory, cscfgPath(version)), serviceConfiguration(version));
  }
  return serviceConfigPath('web', '2.0.0');
}
