// The ports over a world: each answers for the server or web app that it is asked about.
import {
  type DatabaseObservation,
  type DatabaseSide,
  linkToSecondary,
  type Observation,
} from '../../src/application/observe.ts';
import { databaseOn } from '../../src/application/regions.ts';
import type { Deployment, Role, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { Azure, DatabaseRef, ServerRef, SiteRef, SqlConnection } from '../../src/azure/ports.ts';
import type { DeploymentConfig, SlotConfig } from '../../src/config/config.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { databaseInfo, link, START } from './parts.ts';
import type { BackupWorld, Region, RegionName, World } from './world.ts';

const ROLES: readonly Role[] = ['production', 'stage'];

interface Place {
  readonly role: Role;
  readonly region: RegionName;
  readonly parts: Region;
}

export function contextOf(world: World): UpgradeContext {
  const slots = { production: slotOf(world, 'production'), stage: slotOf(world, 'stage') };
  const parts: Partial<UpgradeContext> = {
    ...slots,
    config: world.config,
    azure: azureOf(world),
    clock: createSimulatedClock(START),
    sessions: sessionsWith(async (target, use) =>
      use(connectionTo(world, byHost(world, target.host), target.database)),
    ),
    databases: world.config.databases.map((name) => ({
      name,
      production: databaseOn(slots.production, name),
      stage: databaseOn(slots.stage, name),
    })),
    confirm: world.confirm,
    jobEndsAt: world.jobEndsAt,
    readScript: world.readScript,
  };
  return parts as UpgradeContext;
}

export function observationOf(world: World): Observation {
  const databases = world.config.databases.map((name): DatabaseObservation => {
    const production = sideOf(world, world, 'primary', 'production', name);
    const stage = sideOf(world, world, 'primary', 'stage', name);
    const protection = world.backup && {
      production: linkToSecondary(production.links, refOn(world.backup, world, 'production', name)),
      stage: linkToSecondary(stage.links, refOn(world.backup, world, 'stage', name)),
      beforeUpgrade: world.config.standbyMode === 'chained',
    };
    return { name, production, stage, link: linkToSecondary(production.links, stage.ref), protection };
  });
  return { profile: world.profile, profileUnread: false, sites: world.sites, databases, state: world.state };
}

function slotConfig(world: World, role: Role): SlotConfig {
  return world.config.slots[role === 'production' ? 0 : 1];
}

function slotOf(world: World, role: Role): Slot {
  const config = slotConfig(world, role);
  const { backup } = world;
  const standby = backup && config.backup ? deploymentOf(world, backup, role, config.backup) : null;
  return { ...deploymentOf(world, world, role, config), config, standby };
}

function deploymentOf(world: World, parts: Region, role: Role, config: DeploymentConfig): Deployment {
  const swap = world.config.switchMethod === 'slot-swap';
  return {
    config,
    server: parts.servers[role],
    site: {
      resourceGroup: config.webAppResourceGroup,
      site: config.webApp,
      deploymentSlot: swap && role === 'stage' ? world.config.deploymentSlot : null,
    },
  };
}

function refOn(parts: Region, world: World, role: Role, database: string): DatabaseRef {
  const config = slotConfig(world, role);
  const { sqlResourceGroup } = parts === world.backup && config.backup ? config.backup : config;
  return { resourceGroup: sqlResourceGroup, server: parts.servers[role].name, database };
}

/** Linked and caught up as the topology wants it, but for what the test changes. */
function sideOf(world: World, parts: Region, region: RegionName, role: Role, name: string): DatabaseSide {
  const changes = parts.databases[world.config.databases.indexOf(name)]?.[role];
  return {
    ref: refOn(parts, world, role, name),
    info: databaseInfo({ name }),
    links: linksOf(world, region, role).map((one) => ({ ...one, partnerDatabase: name })),
    access: region === 'primary' && role === 'production' ? 'read-write' : 'read-only',
    why: '',
    journal: null,
    ...changes,
  };
}

function linksOf(world: World, region: RegionName, role: Role) {
  if (region === 'backup') return [link({ role: 'Secondary', partnerServer: world.servers[role].name })];
  const own = world.backup
    ? [link({ id: `own-${role}`, partnerServer: world.backup.servers[role].name })]
    : [];
  return role === 'production' ? [...own, link({ partnerServer: world.servers.stage.name })] : own;
}

function places(world: World): Place[] {
  const of = (parts: Region, region: RegionName) => ROLES.map((role) => ({ role, region, parts }));
  return [...of(world, 'primary'), ...(world.backup ? of(world.backup, 'backup') : [])];
}

function found(place: Place | undefined, name: string): Place {
  if (place) return place;
  throw new Error(`nothing in the world is called ${name}`);
}

function byHost(world: World, host: string): Place {
  const has = ({ parts, role }: Place) => parts.servers[role].fullyQualifiedDomainName === host;
  return found(places(world).find(has), host);
}

function connectionTo(world: World, { role, region, parts }: Place, database: string): SqlConnection {
  const connection: Partial<SqlConnection> = {
    server: parts.servers[role].name,
    database,
    query: async (text) => {
      const answer = world.sql(role, database, text, region);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return connection as SqlConnection;
}

function azureOf(world: World): Azure {
  const isDown = (place: Place) => (place.parts as Partial<BackupWorld>).outage ?? null;
  const answering = (place: Place): Place => {
    const outage = isDown(place);
    if (outage) throw outage;
    return place;
  };
  const byServer = ({ server }: ServerRef) =>
    answering(
      found(
        places(world).find(({ parts, role }) => parts.servers[role].name === server),
        server,
      ),
    );
  const bySite = ({ site, deploymentSlot }: SiteRef) => {
    const swap = world.config.switchMethod === 'slot-swap';
    const named = ({ region, role }: Place) => {
      const config = slotConfig(world, role);
      const { webApp } = region === 'backup' && config.backup ? config.backup : config;
      // In a slot swap both roles are one site; the deployment slot tells them apart.
      return webApp === site && (!swap || (deploymentSlot !== null) === (role === 'stage'));
    };
    return answering(found(places(world).find(named), site));
  };
  const side = (ref: DatabaseRef) => {
    const { parts, region, role } = byServer(ref);
    return sideOf(world, parts, region, role, ref.database);
  };
  const ports = {
    sql: {
      getServer: async (ref: ServerRef) => {
        const { parts, role } = byServer(ref);
        return world.backup?.missing.includes(ref.server) ? null : parts.servers[role];
      },
      getDatabase: async (ref: DatabaseRef) => side(ref).info,
      listLinks: async (ref: DatabaseRef) => side(ref).links,
      listFirewallRules: async (ref: ServerRef) => sidesOf(byServer(ref), 'firewall'),
      listFailoverGroups: async (ref: ServerRef) => sidesOf(byServer(ref), 'failoverGroups'),
      hasLedgerDigestUploads: async () => world.ledgerDigests,
    },
    trafficManager: { getProfile: async () => world.profile },
    appService: {
      getSite: async (ref: SiteRef) => sidesOf(bySite(ref), 'sites'),
      getConfiguration: async (ref: SiteRef) => sidesOf(bySite(ref), 'configuration'),
      listAppSettings: async (ref: SiteRef) => sidesOf(bySite(ref), 'appSettings'),
      listConnectionStrings: async (ref: SiteRef) =>
        Object.fromEntries(
          Object.entries(sidesOf(bySite(ref), 'connectionStrings')).map(([name, value]) => [
            name,
            { value, type: 'SQLAzure' },
          ]),
        ),
      listSlotSettingNames: async () => world.sticky,
    },
    authorization: {
      missingActions: async (id: string, actions: readonly string[]) => world.missingActions(id, actions),
    },
    web: {
      get: async (url: string) => world.answers[url.includes('contoso-green') ? 'stage' : 'production'],
      resolve: async () => world.resolution,
    },
    credentialExpiresAt: async () => world.credentialExpiresAt,
  };
  return ports as unknown as Azure;
}

type OfSides = Exclude<keyof Region, 'databases'>;

function sidesOf<K extends OfSides>({ parts, role }: Place, key: K): Region[K][Role] {
  return parts[key][role];
}
