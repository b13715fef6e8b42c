// Microsoft.Web's resources: App Service plans, web apps, and their deployment slots.
import type { JsonObject } from '../core/json.ts';

export interface Plan {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  skuName: string;
  capacity: number;
  /** linux, app … */
  readonly kind: string;
  readonly reserved: boolean;
  readonly number: number;
  tags: Readonly<Record<string, string>>;
}

export interface ConnectionString {
  readonly value: string;
  readonly type: string;
}

/** What travels when slots are swapped, sticky names aside. */
export interface AppContent {
  appSettings: Readonly<Record<string, string>>;
  connectionStrings: Readonly<Record<string, ConnectionString>>;
  /** config/web: runtime, health check path, and so on. */
  config: JsonObject;
}

export interface App extends AppContent {
  readonly site: string;
  /** Deployment slot; null is the production slot. */
  readonly slot: string | null;
  readonly group: string;
  readonly location: string;
  readonly kind: string;
  readonly planId: string;
  readonly stamp: string;
  readonly defaultHostName: string;
  /** Bound by the owner. */
  hostNames: readonly string[];
  /** Put there by Traffic Manager profiles that have the app as an Azure endpoint. */
  trafficManagerHostNames: readonly string[];
  state: 'Running' | 'Stopped';
  httpsOnly: boolean;
  clientAffinityEnabled: boolean;
  tags: Readonly<Record<string, string>>;
  slotSwapStatus: JsonObject | null;
  modifiedAt: Date;
  etag: string;
}

/** Names that stay with a slot when it is swapped; null, as the service says it, where none was ever set. */
export interface SlotConfigNames {
  readonly appSettingNames: readonly string[] | null;
  readonly connectionStringNames: readonly string[] | null;
  readonly azureStorageConfigNames: readonly string[] | null;
}

export const NO_SLOT_CONFIG_NAMES: SlotConfigNames = {
  appSettingNames: null,
  connectionStringNames: null,
  azureStorageConfigNames: null,
};

export const WEB = '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web';
export const SITE = `${WEB}/sites/{site}`;
export const SLOT = `${SITE}/slots/{slot}`;
