// The action's configuration as the example company wrote it.
import {
  type ContosoPlace,
  type ContosoSlot,
  databaseNames,
  SLOTS,
  SQL_ADMINISTRATOR,
  SWAPPED_SITES,
  type TopologyName,
  TRAFFIC,
} from './contoso.ts';

export interface ConfigVariant {
  readonly topology: TopologyName;
  readonly switchMethod: 'traffic-manager' | 'slot-swap';
  /** SQL logins instead of Microsoft Entra tokens; the password is in SQL_PASSWORD. */
  readonly sqlLogins: boolean;
  /** How long resolvers may keep an answer; also the profile's. */
  readonly ttlSeconds: number;
  /** `prepare` creates the stage sites. */
  readonly createWebApp: boolean;
  /** Production's servers are in a failover group, and the configuration names one for each slot. */
  readonly failoverGroup: boolean;
  /** How many databases the application has, 1 at least. */
  readonly databases: number;
  /** When the stage slot gets its geo-secondary; of no meaning in a single region. */
  readonly standby: 'chained' | 'after-termination';
}

/** The YAML of the upgrade to a version. */
export function renderConfig(variant: ConfigVariant, version: '2.0.0' | '3.0.0'): string {
  const scripts = `db/v${version.split('.')[0]}/*.sql`;
  const parts = [
    'version: 1',
    'application: contoso-orders',
    'slots:',
    ...renderSlots(variant),
    ...(variant.topology === 'geo-redundant' ? ['standby:', `  mode: ${variant.standby}`] : []),
    `databases: [${databaseNames(variant.databases).join(', ')}]`,
    ...renderTraffic(variant),
    'upgrade:',
    `  scripts: [${scripts}]`,
    'freeze:',
    '  grace: 2s',
    'health:',
    '  path: /health',
    `  expected-version: "${version}"`,
    '  version-from: { json: version }',
    '  consecutive: 2',
    '  interval: 1s',
    '  request-timeout: 10s',
    '  timeout: 2m',
    'switch:',
    `  method: ${variant.switchMethod}`,
    ...(variant.switchMethod === 'slot-swap' ? [`  deployment-slot: ${SWAPPED_SITES.deploymentSlot}`] : []),
    // The workspace's file names a variable of the job; nothing is filled in here.
    ...(variant.sqlLogins
      ? ['sql-login:', `  user: ${SQL_ADMINISTRATOR}`, '  password: $'.concat('{SQL_PASSWORD}')]
      : []),
  ];
  return `${parts.join('\n')}\n`;
}

function renderSlots(variant: ConfigVariant): string[] {
  // Where sites are swapped, those of both slots are beside the first one's databases.
  const [{ primary, backup }] = SLOTS[variant.topology];
  return SLOTS[variant.topology].flatMap((slot) => [
    `  ${slot.name}:`,
    ...renderPlace(slot.primary, { name: SWAPPED_SITES.primary, host: primary }, variant).map(indented(4)),
    ...(slot.backup === null || backup === null
      ? []
      : [
          '    backup:',
          ...renderPlace(slot.backup, { name: SWAPPED_SITES.backup, host: backup }, variant).map(indented(6)),
        ]),
    ...renderFailoverGroup(slot, variant).map(indented(4)),
  ]);
}

const indented = (spaces: number) => (line: string) => ' '.repeat(spaces) + line;

function renderPlace(
  place: ContosoPlace,
  swapped: { readonly name: string; readonly host: ContosoPlace },
  variant: ConfigVariant,
): string[] {
  const head = [`resource-group: ${place.resourceGroup}`, `sql-server: ${place.sqlServer}`];
  if (variant.switchMethod === 'slot-swap') {
    return [...head, `web-app: { name: ${swapped.name}, resource-group: ${swapped.host.resourceGroup} }`];
  }
  const mode = variant.createWebApp ? 'create' : 'existing';
  return [
    ...head,
    `web-app: { name: ${place.site}, mode: ${mode} }`,
    `endpoint: { name: ${place.endpoint}, type: external }`,
  ];
}

function renderFailoverGroup(
  { failoverGroup: name }: ContosoSlot,
  { failoverGroup }: ConfigVariant,
): string[] {
  return failoverGroup && name !== null ? [`failover-group: ${name}`] : [];
}

function renderTraffic({ switchMethod, ttlSeconds }: ConfigVariant): string[] {
  if (switchMethod === 'slot-swap') return [];
  return [
    'traffic-manager:',
    `  resource-group: ${TRAFFIC.resourceGroup}`,
    `  profile: ${TRAFFIC.profile}`,
    `  dns-name: ${TRAFFIC.profile}`,
    `  ttl: ${ttlSeconds}s`,
    `  public-name: ${TRAFFIC.publicName}`,
  ];
}
