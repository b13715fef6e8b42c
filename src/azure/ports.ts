// What the steps and guards may ask of Azure. Clients beside this file implement these ports with the
// Azure SDKs and a TDS driver; nothing outside this folder sees an SDK type.
import type { AppService } from './ports/app-service.ts';
import type { Compute } from './ports/compute.ts';
import type { Authorization, PublicWeb } from './ports/seen-from-outside.ts';
import type { SqlConnector } from './ports/sql-connection.ts';
import type { SqlManagement } from './ports/sql-management.ts';
import type { TrafficManager } from './ports/traffic-manager.ts';

export type * from './ports/app-service.ts';
export type * from './ports/common.ts';
export type * from './ports/seen-from-outside.ts';
export type * from './ports/sql-connection.ts';
export type * from './ports/sql-management.ts';
export type * from './ports/traffic-manager.ts';

export interface Azure {
  readonly sql: SqlManagement;
  readonly tsql: SqlConnector;
  readonly trafficManager: TrafficManager;
  readonly appService: AppService;
  readonly compute: Compute;
  readonly authorization: Authorization;
  readonly web: PublicWeb;
  /** When the current token lapses and cannot be renewed; null where every token is minted afresh. */
  credentialExpiresAt(): Promise<Date | null>;
}
