// What this Azure looks like now, as one JSON value without secrets.
import type { Arm } from '../arm/create-arm.ts';
import type { Regions } from '../regions.ts';
import type { SqlFabric } from '../sql/fabric.ts';
import type { TrafficManagerService } from '../traffic-manager/traffic-manager.ts';
import type { ZoneAnswer } from '../traffic-manager/zone.ts';

export interface LocalAzureState {
  /** Resource manager's view. */
  readonly arm: unknown;
  readonly databases: readonly {
    readonly server: string;
    readonly database: string;
    readonly access: 'read-only' | 'read-write';
    readonly links: ReturnType<SqlFabric['links']>;
  }[];
  /** Taken by a disaster. */
  readonly lostRegions: readonly string[];
  readonly profiles: readonly { readonly name: string; readonly status: unknown }[];
  /** Where the public name leads. */
  readonly publicName: ZoneAnswer;
}

export function stateOf(
  arm: Arm,
  fabric: SqlFabric,
  traffic: TrafficManagerService,
  regions: Regions,
  publicName: ZoneAnswer,
): LocalAzureState {
  return {
    arm: arm.state(),
    databases: fabric.hosts().flatMap(({ serverName: server }) =>
      fabric
        .databases(server)
        .filter((database) => database !== 'master')
        .map((database) => ({
          server,
          database,
          access: fabric.isReadOnly(server, database) ? ('read-only' as const) : ('read-write' as const),
          links: fabric.links(server, database),
        })),
    ),
    lostRegions: regions.lost(),
    profiles: traffic.profiles().map(({ id, name }) => ({ name, status: traffic.status(id) })),
    publicName,
  };
}
