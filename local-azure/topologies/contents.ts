// What a topology fills an empty Azure with: the parts it is given, and what it has to say about itself then.
import type { Arm } from '../arm/create-arm.ts';
import type { ComputeFabric } from '../compute/fabric.ts';
import type { SqlFabric } from '../sql/fabric.ts';
import type { TrafficManagerService } from '../traffic-manager/traffic-manager.ts';
import type { ZoneOptions } from '../traffic-manager/zone.ts';
import type { Sites } from '../web/sites.ts';
import type { Front, Ground } from './services.ts';

export interface Parts {
  readonly ground: Ground;
  readonly arm: Arm;
  readonly fabric: SqlFabric;
  readonly compute: ComputeFabric;
  readonly sites: Sites;
  readonly traffic: TrafficManagerService;
  readonly front: Front;
  readonly passwords: { readonly sqlAdministrator: string; readonly application: string };
}

export interface Contents {
  /** By server name: `address:port`. */
  readonly sql: Readonly<Record<string, string>>;
  readonly zone: ZoneOptions;
  /** The name users ask for. */
  readonly publicName: string;
  /** As the company's own workflow does. Throws an Error for sites and versions there are none of. */
  deploy(site: string, deploymentSlot: string | null, version: string): void;
}
