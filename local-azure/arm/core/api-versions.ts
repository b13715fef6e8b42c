// Which api-versions this Azure knows: those the SDKs of today send, those of azure-cli 2.45, and those of the
// recordings. Anything else is refused, as Azure refuses it.
import type { ArmError } from './errors.ts';
import { refusedByGateway } from './errors.ts';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'microsoft.sql': [
    '2014-04-01',
    '2014-04-01-Preview',
    '2015-05-01-preview',
    '2017-10-01-preview',
    '2018-06-01-preview',
    '2019-06-01-preview',
    '2020-02-02-preview',
    '2020-08-01-preview',
    '2020-11-01-preview',
    '2021-02-01-preview',
    '2021-05-01-preview',
    '2021-08-01-preview',
    '2021-11-01',
    '2021-11-01-preview',
    '2022-02-01-preview',
    '2022-05-01-preview',
    '2022-08-01-preview',
    '2022-11-01-preview',
    '2023-08-01',
    '2023-08-01-preview',
    '2024-05-01-preview',
    '2025-01-01',
  ],
  'microsoft.network': [
    '2017-05-01',
    '2018-03-01',
    '2018-04-01',
    '2018-08-01',
    '2022-04-01',
    '2022-04-01-preview',
    '2022-05-01',
    '2024-04-01-preview',
    '2024-07-01',
    '2025-05-01',
    '2026-01-01',
  ],
  'microsoft.insights': ['2015-04-01', '2021-05-01-preview', '2022-10-01'],
  'microsoft.web': [
    '2018-02-01',
    '2018-11-01',
    '2019-08-01',
    '2020-06-01',
    '2020-09-01',
    '2020-12-01',
    '2021-01-15',
    '2021-02-01',
    '2022-03-01',
    '2022-09-01',
    '2023-01-01',
    '2023-12-01',
    '2024-04-01',
    '2024-11-01',
    '2025-03-01',
    '2025-05-01',
  ],
  'microsoft.compute': [
    '2020-06-01',
    '2020-10-01-preview',
    '2020-12-01',
    '2021-03-01',
    '2021-07-01',
    '2023-09-01',
    '2024-03-03',
    '2024-07-01',
    '2024-11-01',
    '2024-11-04',
    '2025-04-01',
    '2025-12-03',
    '2026-04-01',
  ],
  'microsoft.authorization': [
    '2015-07-01',
    '2018-01-01-preview',
    '2018-07-01',
    '2020-04-01-preview',
    '2022-04-01',
  ],
  'microsoft.resources': ['2019-10-01', '2020-06-01', '2020-10-01', '2021-04-01', '2022-09-01', '2024-03-01'],
};

/** Resource manager's own resources: subscriptions, tenants, resource groups, providers. */
const CORE: readonly string[] = [
  '2015-01-01',
  '2016-06-01',
  '2018-05-01',
  '2019-06-01',
  '2019-07-01',
  '2019-10-01',
  '2019-11-01',
  '2020-01-01',
  '2020-06-01',
  '2020-10-01',
  '2021-01-01',
  '2021-04-01',
  '2022-09-01',
  '2022-12-01',
  '2023-07-01',
  '2024-03-01',
];

/** Provider namespaces, as Azure writes them. */
export const NAMESPACES = [
  'Microsoft.Sql',
  'Microsoft.Network',
  'Microsoft.Web',
  'Microsoft.Compute',
  'Microsoft.Insights',
  'Microsoft.Authorization',
  'Microsoft.Resources',
];

/** The last provider namespace in a path; null for resource manager's own resources. */
export function namespaceOf(path: string): string | null {
  return [...path.matchAll(/\/providers\/([^/]+)/gi)].at(-1)?.[1] ?? null;
}

/** The resource type below the namespace, e.g. servers/databases. */
export function typeOf(path: string): string {
  const below = path.split(/\/providers\/[^/]+\//i).at(-1) ?? '';
  return below
    .split('/')
    .filter((_, at) => at % 2 === 0)
    .join('/');
}

/** Why this api-version is not served; null where it is. */
export function refusedVersion(path: string, apiVersion: string | null): ArmError | null {
  if (apiVersion === null || apiVersion === '')
    return refusedByGateway(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  const namespace = /\/providers\/[^/]+\/./i.test(path) ? namespaceOf(path) : null;
  if (namespace === null) return refusedOf(CORE, apiVersion);
  const known = KNOWN[namespace.toLowerCase()];
  if (known === undefined)
    return refusedByGateway(
      404,
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid.`,
    );
  if (includes(known, apiVersion)) return null;
  return refusedByGateway(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '' and API version '${apiVersion}' for type '${typeOf(path)}'. The supported api-versions are '${known.join(', ')}'. The supported locations are 'northeurope, westeurope, global'.`,
  );
}

function refusedOf(known: readonly string[], apiVersion: string): ArmError | null {
  if (includes(known, apiVersion)) return null;
  return refusedByGateway(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${apiVersion}' is invalid. The supported versions are '${known.toReversed().join(',')}'.`,
  );
}

const includes = (known: readonly string[], version: string) =>
  known.some((each) => each.toLowerCase() === version.toLowerCase());
