// The repository of the example company as a job sees it: the action's configuration and the upgrade scripts.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATABASE, SLOTS, SQL_ADMINISTRATOR, SWAPPED_SITE, TRAFFIC } from './contoso.ts';

export interface ConfigVariant {
  readonly switchMethod: 'traffic-manager' | 'slot-swap';
  /** SQL logins instead of Microsoft Entra tokens; the password is in SQL_PASSWORD. */
  readonly sqlLogins: boolean;
  /** How long resolvers may keep an answer; also the profile's. */
  readonly ttlSeconds: number;
  /** `prepare` creates the stage site. */
  readonly createWebApp: boolean;
}

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

function renderConfig(variant: ConfigVariant, version: '2.0.0' | '3.0.0'): string {
  const scripts = `db/v${version.split('.')[0]}/*.sql`;
  const parts = [
    'version: 1',
    'application: contoso-orders',
    'slots:',
    ...SLOTS.flatMap((slot) => renderSlot(slot, variant)),
    `databases: [${DATABASE}]`,
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
    ...(variant.switchMethod === 'slot-swap' ? [`  deployment-slot: ${SWAPPED_SITE.deploymentSlot}`] : []),
    // The workspace's file names a variable of the job; nothing is filled in here.
    ...(variant.sqlLogins
      ? ['sql-login:', `  user: ${SQL_ADMINISTRATOR}`, '  password: $'.concat('{SQL_PASSWORD}')]
      : []),
  ];
  return `${parts.join('\n')}\n`;
}

function renderSlot(slot: (typeof SLOTS)[number], variant: ConfigVariant): string[] {
  const head = [
    `  ${slot.name}:`,
    `    resource-group: ${slot.resourceGroup}`,
    `    sql-server: ${slot.sqlServer}`,
  ];
  if (variant.switchMethod === 'slot-swap') {
    return [
      ...head,
      `    web-app: { name: ${SWAPPED_SITE.name}, resource-group: ${SLOTS[0].resourceGroup} }`,
    ];
  }
  const mode = variant.createWebApp ? 'create' : 'existing';
  return [
    ...head,
    `    web-app: { name: contoso-${slot.name}, mode: ${mode} }`,
    `    endpoint: { name: ${slot.name}, type: external }`,
  ];
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
