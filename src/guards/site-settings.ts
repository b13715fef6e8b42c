// App settings and connection strings of a site, as far as guards need them: names, and which SQL server a
// value names. Values do not leave this file.
import { namesServer } from '../application/production-slot.ts';
import type { Role } from '../application/upgrade-context.ts';
import type { AppService, SiteRef, SlotSettingNames, SqlServerInfo } from '../azure/ports.ts';

export type SettingKind = 'app setting' | 'connection string';

export interface Setting {
  readonly kind: SettingKind;
  readonly name: string;
  readonly names: 'production' | 'stage' | 'both' | 'neither';
  /** The value is elsewhere (Key Vault, App Configuration), so which server it names cannot be seen. */
  readonly isReference: boolean;
}

/** What a value may name: the part of the fully qualified name before the first dot. */
export type NamedServers = Readonly<Record<Role, { readonly server: Pick<SqlServerInfo, 'name'> }>>;

/** Both kinds of settings of one site. */
export async function readSettings(
  appService: AppService,
  site: SiteRef,
  servers: NamedServers,
): Promise<Setting[]> {
  const [settings, strings] = await Promise.all([
    appService.listAppSettings(site),
    appService.listConnectionStrings(site),
  ]);
  return [
    ...Object.entries(settings).map(([name, value]) => describe('app setting', name, value, servers)),
    ...Object.entries(strings).map(([name, { value }]) =>
      describe('connection string', name, value, servers),
    ),
  ];
}

function describe(
  kind: SettingKind,
  name: string,
  value: string,
  { production, stage }: NamedServers,
): Setting {
  const ofProduction = namesServer(value, production.server.name);
  const ofStage = namesServer(value, stage.server.name);
  const one = ofProduction ? 'production' : ofStage ? 'stage' : 'neither';
  const isReference = /^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value.trim());
  return { kind, name, names: ofProduction && ofStage ? 'both' : one, isReference };
}

/** "connection string Orders" */
export function told({ kind, name }: Pick<Setting, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** A "deployment slot setting" stays with its slot when slots are swapped. */
export function isSticky(sticky: SlotSettingNames, { kind, name }: Setting): boolean {
  return (kind === 'app setting' ? sticky.appSettings : sticky.connectionStrings).includes(name);
}

/** The site's name, with the deployment slot's where it is in one. */
export function siteName({ site, deploymentSlot }: SiteRef): string {
  return deploymentSlot === null ? site : `${site}/${deploymentSlot}`;
}
