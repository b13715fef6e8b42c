// Two slots seen from outside of the product: who is served by which database, and what can be written.
import type { LocalAzure } from '../../../local-azure/start.ts';
import { type ContosoSlot, SLOTS, type TopologyName } from '../../../local-azure/topologies/contoso.ts';

export interface Layout {
  readonly topology: TopologyName;
  readonly switchMethod: 'traffic-manager' | 'slot-swap';
  readonly freezeMethod: 'read-only' | 'deny-writes';
}

export interface Site {
  readonly name: string;
  /** Of the package that it runs; null where it runs none. */
  readonly version: string | null;
  /** Null where it is no slot's. */
  readonly slot: ContosoSlot | null;
  /** Of its database. */
  readonly server: string | null;
}

export interface Places {
  /** Where DNS sends users now; null: nowhere. */
  serving(): Site | null;
  /** What a slot's users would write to. */
  database(slot: 'blue' | 'green'): string;
  /** The other slot's. */
  otherDatabase(server: string): string;
  exists(server: string): boolean;
  /** Whether users' writes are accepted: neither read-only nor behind the fence. */
  isWritable(server: string): boolean;
  /** Whether any of the upgrade script was done there. */
  isTouched(server: string): boolean;
  /** Whether the upgrade script has come to its end there. */
  isUpgraded(server: string): boolean;
  /** State of the link between the two slots' databases; null where there is none. */
  link(): string | null;
}

export const DATABASE = 'contoso';
const FENCE = 'rolling-upgrade-fence';

interface WebState {
  readonly webApps: readonly {
    readonly name: string;
    readonly slot: string | null;
    readonly package: string | null;
    readonly hostNames: readonly string[];
  }[];
}

export function placesOf(azure: LocalAzure, layout: Layout): Places {
  const slots = SLOTS[layout.topology];
  const { fabric } = azure;
  const serverOf = (slot: ContosoSlot) => slot.primary.sqlServer;
  const [blue, green] = slots;
  const exists = (server: string) => fabric.hasDatabase(server, DATABASE);
  const names = (server: string, query: string) =>
    exists(server) ? fabric.inspect(server, DATABASE, query).map(({ name }) => String(name)) : [];
  return {
    serving: () => {
      const host = servingHost(azure);
      const app = (azure.arm.state() as unknown as WebState).webApps.find(
        ({ slot, hostNames }) => slot === null && hostNames[0] === host,
      );
      if (!app) return null;
      const version = app.package?.match(/-([\d.]+)\.zip$/)?.[1] ?? null;
      const site = { name: app.name, version };
      return { ...site, slot: slotOf(layout, site), server: serverOfSite(layout, site) };
    },
    database: (name) => serverOf(name === 'blue' ? blue : green),
    otherDatabase: (server) => (server === serverOf(blue) ? serverOf(green) : serverOf(blue)),
    exists,
    isWritable: (server) =>
      exists(server) &&
      !fabric.isReadOnly(server, DATABASE) &&
      !(
        layout.freezeMethod === 'deny-writes' &&
        names(server, 'SELECT name FROM sys.database_principals').includes(FENCE)
      ),
    isTouched: (server) =>
      names(
        server,
        "SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Orders'",
      ).includes('Currency'),
    isUpgraded: (server) => names(server, 'SELECT name FROM sys.views').includes('CustomerTotals'),
    link: () => {
      const servers = [serverOf(blue), serverOf(green)];
      const between = servers
        .filter(exists)
        .flatMap((server) => fabric.links(server, DATABASE))
        .find(
          ({ primary, secondary }) => servers.includes(primary.server) && servers.includes(secondary.server),
        );
      return between?.state ?? null;
    },
  };
}

/** The last site in the chain of aliases; null where the name leads nowhere. */
function servingHost(azure: LocalAzure): string | null {
  const { exists, records } = azure.state().publicName;
  if (!exists) return null;
  return records.map(({ name }) => name).findLast((name) => name.endsWith('.azurewebsites.net')) ?? null;
}

/** The server of a site's database; null where the site is no slot's. */
export function serverOfSite(
  layout: Layout,
  site: { readonly name: string; readonly version: string | null },
): string | null {
  const slot = slotOf(layout, site);
  if (slot === null) return null;
  const isBackup =
    layout.switchMethod === 'slot-swap' ? site.name.endsWith('-dr') : slot.backup?.site === site.name;
  return (isBackup ? slot.backup : slot.primary)?.sqlServer ?? null;
}

/** With Traffic Manager a site is its slot's. Sites that are swapped take V1's and V2's connection strings along. */
function slotOf(
  { topology, switchMethod }: Layout,
  { name, version }: { readonly name: string; readonly version: string | null },
): ContosoSlot | null {
  const [blue, green] = SLOTS[topology];
  if (switchMethod === 'slot-swap') return version === '1.0.0' ? blue : green;
  return [blue, green].find((slot) => [slot.primary.site, slot.backup?.site].includes(name)) ?? null;
}
