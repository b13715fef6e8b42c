// Which slot users are on is read from Azure at every run; it swaps at every upgrade.
import type { Azure, Endpoint, Profile, SiteRef } from '../azure/ports.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../config/config.ts';
import { UpgradeError } from '../reasons.ts';

export interface SlotRoles {
  readonly production: SlotConfig;
  readonly stage: SlotConfig;
  /** What it was read from. */
  readonly evidence: string;
}

/** Reads which slot is production. Throws 'production-slot-unclear'. */
export async function readSlotRoles(config: Config, azure: Azure): Promise<SlotRoles> {
  if (config.switchMethod === 'slot-swap') return rolesFromConnectionStrings(config, azure);
  const profile = await readProfile(config, azure);
  const byEndpoint = profile ? rolesFromEndpoints(config, profile) : null;
  return byEndpoint ?? rolesFromDatabases(config, azure);
}

async function readProfile(config: Config, azure: Azure): Promise<Profile | null> {
  return config.trafficManager ? azure.trafficManager.getProfile(config.trafficManager) : null;
}

function rolesFromEndpoints(config: Config, profile: Profile): SlotRoles | null {
  const served = servedSlot(config, profile);
  if (!served) return null;
  const { slot, endpoint, standby } = served;
  const what = standby ? `, the standby of ${slot.name},` : '';
  return roles(config, slot, `endpoint "${endpoint.name}" of profile ${profile.name}${what} is online`);
}

/** Where users are sent first. */
export interface ServedSlot {
  readonly slot: SlotConfig;
  readonly endpoint: Endpoint;
  /** Whether that is the slot's part in the backup region: the profile was failed over by hand. */
  readonly standby: boolean;
}

/**
 * Where Priority routing sends users: of the slots' endpoints that are enabled, in both regions, the one with the
 * lowest priority. The one place that decides it; null where none is enabled.
 */
export function servedSlot(config: Pick<Config, 'slots'>, profile: Profile): ServedSlot | null {
  const enabled = config.slots
    .flatMap((slot) => [
      { slot, endpoint: findEndpoint(profile, slot), standby: false },
      { slot, endpoint: slot.backup && findEndpoint(profile, slot.backup), standby: true },
    ])
    .filter((candidate): candidate is ServedSlot => candidate.endpoint?.status === 'Enabled');
  const rank = ({ endpoint }: ServedSlot) => endpoint.priority ?? Number.MAX_SAFE_INTEGER;
  return enabled.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** Before there is a profile: production is the slot that has the databases, or is their geo-primary. */
async function rolesFromDatabases(config: Config, azure: Azure): Promise<SlotRoles> {
  const database = config.databases[0] ?? '';
  const candidates: SlotConfig[] = [];
  for (const slot of config.slots) {
    const ref = { resourceGroup: slot.sqlResourceGroup, server: slot.sqlServer, database };
    if (!(await azure.sql.getDatabase(ref))) continue;
    const links = await azure.sql.listLinks(ref);
    const other = config.slots.find((candidate) => candidate !== slot);
    const secondaryOfOther = links.some(
      (link) => link.role !== 'Primary' && sameName(link.partnerServer, other?.sqlServer ?? ''),
    );
    if (!secondaryOfOther) candidates.push(slot);
  }
  const only = candidates.length === 1 ? candidates[0] : undefined;
  if (only) return roles(config, only, `database ${database} is on ${only.sqlServer}`);
  if (candidates.length === 0) throw nowhere(config, database);
  throw unclear(
    config,
    `both servers have a writable database ${database} and no endpoint of the profile is enabled`,
  );
}

/** With slot swaps the production site's own connection strings say which server users are on. */
async function rolesFromConnectionStrings(config: Config, azure: Azure): Promise<SlotRoles> {
  const [first] = config.slots;
  const site: SiteRef = {
    resourceGroup: first.webAppResourceGroup,
    site: first.webApp,
    deploymentSlot: null,
  };
  const strings = await azure.appService.listConnectionStrings(site);
  const settings = await azure.appService.listAppSettings(site);
  const texts = [...Object.values(strings).map((string) => string.value), ...Object.values(settings)];
  const named = config.slots.filter((slot) => texts.some((text) => namesServer(text, slot.sqlServer)));
  const only = named.length === 1 ? named[0] : undefined;
  if (only)
    return roles(config, only, `the production site of ${site.site} is connected to ${only.sqlServer}`);
  throw unclear(
    config,
    named.length === 0
      ? `no connection string or setting of ${site.site} names one of the slots' SQL servers`
      : `connection strings and settings of ${site.site} name both SQL servers`,
  );
}

/** Whether a connection string names this logical server: its fully qualified name begins with "server." */
export function namesServer(text: string, server: string): boolean {
  const pattern = server.replace(/[^a-z0-9-]/gi, '');
  return new RegExp(`(^|[^a-z0-9-])${pattern}\\.`, 'i').test(text);
}

/** The slot's endpoint in the profile, by the configured name. */
export function findEndpoint(profile: Profile, slot: Pick<DeploymentConfig, 'endpoint'>): Endpoint | null {
  return profile.endpoints.find((endpoint) => sameName(endpoint.name, slot.endpoint.name)) ?? null;
}

/** Azure compares names without case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function roles(config: Config, production: SlotConfig, evidence: string): SlotRoles {
  const stage = config.slots.find((slot) => slot !== production) ?? config.slots[1];
  return { production, stage, evidence };
}

/** Whoever made one slot production now would move users: it is the names that are wrong. */
function nowhere({ slots }: Config, database: string): UpgradeError {
  const servers = slots.map(({ sqlServer }) => sqlServer).join(' nor on ');
  return new UpgradeError(
    'resource-not-found',
    `It cannot be told which slot users are on: the database ${database} is neither on ${servers}`,
    {
      advice: [
        'Look at subscription-id, databases, and sql-server and resource-group of both slots: none of them leads to it. Change nothing in Azure.',
      ],
    },
  );
}

function unclear(config: Config, why: string): UpgradeError {
  return new UpgradeError(
    'production-slot-unclear',
    `It cannot be told whether users are on ${config.slots[0].name} or ${config.slots[1].name}: ${why}`,
    {
      advice: [
        'Make exactly one slot production (enable its endpoint, disable the other one) and run again.',
      ],
    },
  );
}
