// The names of the example company's Azure in DNS: the public name, the profile, the sites, the SQL servers and the
// listeners of failover groups.
import type { SqlFabric } from '../sql/fabric.ts';
import type { TrafficManagerService } from '../traffic-manager/traffic-manager.ts';
import type { ZoneOptions } from '../traffic-manager/zone.ts';
import type { Sites } from '../web/sites.ts';
import { siteHost, sqlHost, TRAFFIC } from './contoso.ts';
import { listenerAlias } from './listeners.ts';
import type { TopologyOptions } from './options.ts';
import { sitePlaces } from './site-places.ts';

export interface Named {
  readonly traffic: TrafficManagerService;
  readonly sites: Pick<Sites, 'hasHostName'>;
  readonly fabric: Pick<SqlFabric, 'hosts' | 'listenerTarget'>;
}

export function publicZone(options: TopologyOptions, { traffic, sites, fabric }: Named): ZoneOptions {
  const production = siteHost(sitePlaces(options).production.primary.name);
  return {
    traffic,
    ttlSeconds: options.ttlSeconds,
    hasAddress: (name) =>
      name.endsWith('.azurewebsites.net')
        ? sites.hasHostName(name)
        : fabric.hosts().some((host) => sqlHost(host.serverName) === name),
    alias: (name) => {
      if (name !== TRAFFIC.publicName) return listenerAlias(fabric, name);
      // The company's own record: to the profile, and before there is one straight to the site.
      return traffic.resolve(TRAFFIC.fqdn).kind === 'unknown-name' ? production : TRAFFIC.fqdn;
    },
  };
}
