// Law 10, sampled: at every moment the database that serves users has a geo-secondary that has caught up, in the other
// region. And at no moment can users write to two databases.
import type { LocalAzure } from '../../local-azure/start.ts';

/** Where each version's databases are, by the site that uses them. */
export type ServerOfSite = (site: SeenSite) => string;

export interface SeenSite {
  readonly name: string;
  /** Of the package that it runs. */
  readonly version: string;
}

export interface Sampled {
  readonly samples: number;
  /** Servers that served users, in the order in which they began to. */
  readonly served: readonly string[];
  /** What was wrong, each once; empty where the law held. */
  readonly violations: readonly string[];
}

export interface Sampler {
  /** Samples a last time. */
  stop(): Sampled;
}

const EVERY_MS = 20;
const BACKUP_REGION = ['contoso-sql-dr', 'contoso-sql-3'];

/**
 * Looks at the embedded Azure every 20 ms until it is stopped.
 * @param serverOf the server of a site's connection string.
 * @param onServed told when users come to another server, with the server that protects it.
 */
export function sampleLaw10(
  azure: LocalAzure,
  serverOf: ServerOfSite,
  onServed: (server: string, protector: string) => void = () => {},
): Sampler {
  const served: string[] = [];
  const violations = new Set<string>();
  let samples = 0;
  const sample = () => {
    samples++;
    const open = openSites(azure).map(serverOf);
    const [server] = open;
    if (server === undefined) {
      violations.add('users are sent to nobody');
      return;
    }
    const protector = protectorOf(azure, server);
    if (protector === null)
      violations.add(`${server} serves users without protection: ${linksOf(azure, server)}`);
    if (served.at(-1) !== server) {
      served.push(server);
      if (protector !== null) onServed(server, protector);
    }
    const writable = open.filter((each) => isWritable(azure, each));
    if (new Set(writable).size > 1) violations.add(`users can write to ${writable.join(' and ')}`);
  };
  const timer = setInterval(sample, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return { samples, served, violations: [...violations] };
    },
  };
}

interface WebState {
  readonly trafficManagerProfiles: readonly {
    readonly endpoints: readonly {
      readonly status: string;
      readonly priority: number;
      readonly target: string;
    }[];
  }[];
  readonly webApps: readonly {
    readonly name: string;
    readonly slot: string | null;
    readonly package: string | null;
    readonly hostNames: readonly string[];
  }[];
}

/** Sites that users may be sent to, the one that serves them first: the profile says it, or they are open by themselves. */
function openSites(azure: LocalAzure): SeenSite[] {
  const { trafficManagerProfiles, webApps } = azure.arm.state() as unknown as WebState;
  const sites = webApps.map(({ name, slot, hostNames, package: from }) => {
    const version = from?.match(/-([\d.]+)\.zip$/)?.[1] ?? '';
    return { name, slot, version, host: hostNames[0] ?? '' };
  });
  const [profile] = trafficManagerProfiles;
  if (!profile) return sites.filter(({ slot }) => slot === null);
  return profile.endpoints
    .filter(({ status }) => status === 'Enabled')
    .sort((a, b) => a.priority - b.priority)
    .flatMap(({ target }) => sites.filter(({ host }) => host === target));
}

function isWritable({ fabric }: LocalAzure, server: string): boolean {
  return fabric.hasDatabase(server, 'contoso') && !fabric.isReadOnly(server, 'contoso');
}

/** The server of the caught-up geo-secondary in the other region; null where there is none. */
function protectorOf({ fabric }: LocalAzure, server: string): string | null {
  if (!fabric.hasDatabase(server, 'contoso')) return null; // somebody has deleted it
  const region = (name: string) => BACKUP_REGION.includes(name);
  const link = fabric
    .links(server, 'contoso')
    .find(
      ({ primary, secondary, state }) =>
        primary.server === server && state === 'CATCH_UP' && region(secondary.server) !== region(server),
    );
  return link?.secondary.server ?? null;
}

function linksOf({ fabric }: LocalAzure, server: string): string {
  const links = fabric.hasDatabase(server, 'contoso') ? fabric.links(server, 'contoso') : [];
  return (
    links
      .map(({ primary, secondary, state }) => `${primary.server} > ${secondary.server} ${state}`)
      .join(', ') || 'no link'
  );
}
