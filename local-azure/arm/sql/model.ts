// The resources of Microsoft.Sql that only resource manager knows about; the rest is the fabric's.
import type { NameMap } from '../core/ids.ts';
import type { DatabaseSku } from './sku.ts';

export interface FirewallRule {
  readonly name: string;
  readonly startIpAddress: string;
  readonly endIpAddress: string;
}

export interface EntraAdministrator {
  readonly login: string;
  readonly objectId: string;
  /** Application id of a service principal; the object id where it is a user. */
  readonly appId: string;
  readonly principalType: 'User' | 'Group' | 'Application';
}

export interface FailoverGroup {
  readonly name: string;
  /** Name of the server that has the primary databases; a failover exchanges it with the partner. */
  primary: string;
  /** Name of the other server, in another region. */
  partner: string;
  /** Names; the databases exist on both servers. */
  databases: readonly string[];
  readWritePolicy: 'Automatic' | 'Manual';
  gracePeriodMinutes: number | null;
  /** Disabled where absent. */
  readOnlyPolicy?: 'Enabled' | 'Disabled';
  tags?: Readonly<Record<string, string>>;
}

export interface Database {
  readonly name: string;
  readonly databaseId: string;
  readonly createdAt: Date;
  sku: DatabaseSku;
  elasticPoolId: string | null;
  maxSizeBytes: number;
  zoneRedundant: boolean;
  /** Minutes; null where the sku has none. */
  autoPauseDelay: number | null;
  backupStorage: string;
  tags: Readonly<Record<string, string>>;
  /** Where its ledger's digests go; null: they are not uploaded. */
  ledgerDigestEndpoint: string | null;
  /** The fabric does not have it yet. */
  creating: boolean;
}

export interface ElasticPool {
  readonly name: string;
  readonly tier: string;
}

export interface Server {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly administratorLogin: string;
  publicNetworkAccess: 'Enabled' | 'Disabled';
  entraAdministrator: EntraAdministrator | null;
  /** Customer-managed key (its URI); null: service-managed. */
  keyUri: string | null;
  tags: Readonly<Record<string, string>>;
  readonly databases: NameMap<Database>;
  readonly firewallRules: NameMap<FirewallRule>;
  readonly elasticPools: NameMap<ElasticPool>;
}

export const SERVER =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Sql/servers/{server}';
export const DATABASE = `${SERVER}/databases/{database}`;
