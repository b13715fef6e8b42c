// The service packages (.cspkg) of the example company: what the definition inside each of them (.csdef) says. Only
// the definition decides on update domains, sizes and local storage; nothing of it can be read from Azure again.

export interface RoleDefinition {
  readonly name: string;
  readonly vmSize: string;
  readonly localStorageMb: number;
}

export interface ServicePackage {
  readonly version: string;
  readonly updateDomainCount: number;
  readonly roles: readonly RoleDefinition[];
}

const ROLES: readonly RoleDefinition[] = [
  { name: 'WebRole', vmSize: 'Standard_D2_v2', localStorageMb: 1024 },
  { name: 'WorkerRole', vmSize: 'Standard_D2_v2', localStorageMb: 1024 },
];
const USUAL = { updateDomainCount: 2, roles: ROLES };
const GROWN = ROLES.map((role) => ({ ...role, localStorageMb: 4096 }));

const PACKAGES: readonly ServicePackage[] = [
  { version: '1.0.0', ...USUAL },
  { version: '2.0.0', ...USUAL },
  // In place one way only: local storage can grow, and not shrink again.
  { version: '2.1.0', updateDomainCount: 2, roles: GROWN },
  // Not in place: the number of update domains is for ever.
  { version: '2.2.0', updateDomainCount: 3, roles: ROLES },
  { version: '3.0.0', ...USUAL },
  { version: '4.0.0', ...USUAL },
];

const BLOBS = 'https://contosopackages.blob.core.windows.net/service';

/** Without the signature that a caller adds to it. */
export function servicePackageUrl(version: string): string {
  return `${BLOBS}/contoso-service-${version}.cspkg`;
}

/** Null for an address where no package lies. */
export function findServicePackage(url: string): ServicePackage | null {
  const bare = url.split('?')[0] ?? '';
  return PACKAGES.find(({ version }) => servicePackageUrl(version) === bare) ?? null;
}

/** Null for an address where no configuration lies: there is one beside every package. */
export function findConfiguration(url: string): string | null {
  const found = findServicePackage(url.replace(/\.cscfg(?=\?|$)/, '.cspkg'));
  if (found === null || !/\.cscfg(\?|$)/.test(url)) return null;
  return renderConfiguration({ WebRole: 8, WorkerRole: 9 });
}

/** A service configuration (.cscfg) with so many instances a role, and the same settings for each. */
export function renderConfiguration(
  instances: Readonly<Record<string, number>>,
  settings: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `      <Setting name="${name}" value="${value}" />`,
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<ServiceConfiguration serviceName="contoso-service" osFamily="7" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">',
    ...Object.entries(instances).flatMap(([name, count]) => [
      `  <Role name="${name}">`,
      `    <Instances count="${count}" />`,
      '    <ConfigurationSettings>',
      ...lines,
      '    </ConfigurationSettings>',
      '  </Role>',
    ]),
    '</ServiceConfiguration>',
    '',
  ].join('\n');
}
