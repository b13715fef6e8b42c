// The files that are a version of the service: the package by its address, the configuration (.cscfg) in the workspace.
import { readServiceConfiguration } from '../service-configuration.ts';
import type { UpdateModels } from '../target.ts';
import { type CloudVersion, digestOf, hasContent, hasPackage } from './cloud-version.ts';
import type { CloudParts } from './service-pair.ts';

export type Which = 'target' | 'previous';

export interface VersionFiles extends CloudVersion {
  /** Path of the .cscfg, for sentences. */
  readonly file: string;
}

/** A file that cannot be read has no configuration; `missing` says so. */
export async function versionFiles({ service, readFile }: CloudParts, which: Which): Promise<VersionFiles> {
  const isTarget = which === 'target';
  const file = isTarget
    ? service.configurationFile
    : (service.previousConfigurationFile ?? service.configurationFile);
  const configuration = await readFile(file).catch(() => null);
  return { packageUrl: isTarget ? service.packageUrl : service.previousPackageUrl, configuration, file };
}

/** What stands in the way of writing this version, each in a sentence. */
export async function missingOf(parts: CloudParts, { cloud }: UpdateModels, which: Which): Promise<string[]> {
  const files = await versionFiles(parts, which);
  if (cloud === null) return ['The update that is written down is not of a cloud service.'];
  const read = files.configuration === null ? null : readServiceConfiguration(files.configuration);
  if (read === null) {
    return [`${files.file} cannot be read, or is no service configuration (.cscfg).`];
  }
  return [...differences(files, cloud[which], which), ...rolesMissing(parts, files.file, read.roles)];
}

function differences(files: VersionFiles, digest: string, which: Which): string[] {
  const { packageUrl, file, configuration } = files;
  if (which === 'target') {
    const isSame = digestOf(files) === digest;
    return isSame ? [] : [`The package, or ${file}, is not the one that the update in progress is to.`];
  }
  return [
    ...(hasPackage(digest, packageUrl)
      ? []
      : [
          '"previous-package" names another package than the one that this product has written to the service before.',
        ]),
    ...(hasContent(digest, configuration)
      ? []
      : [
          `${file} is not the configuration of the version before. "previous-configuration" has to name the .cscfg that runs before the update: Azure shows it only until the new one is written, and it is stored nowhere, since it may hold secrets.`,
        ]),
  ];
}

function rolesMissing(
  { service }: CloudParts,
  file: string,
  roles: readonly { readonly name: string }[],
): string[] {
  const names = roles.map(({ name }) => name.toLowerCase());
  return service.roles
    .filter(({ name }) => !names.includes(name.toLowerCase()))
    .map(({ name }) => `${file} has no role ${name}.`);
}
