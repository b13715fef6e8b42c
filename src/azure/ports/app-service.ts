// App Service: sites, their deployment slots, settings and plans.
import type { BeforeSending, OnProgress, Sku } from './common.ts';

export interface SiteRef {
  readonly resourceGroup: string;
  readonly site: string;
  /** An App Service deployment slot; null is the site's production slot. */
  readonly deploymentSlot: string | null;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly kind: string | null;
  readonly state: string | null;
  readonly defaultHostName: string;
  readonly hostNames: readonly string[];
  readonly planId: string | null;
  readonly httpsOnly: boolean | null;
  /** Scale unit ("deployment unit"), where Azure tells it: one host name serves one app a unit. */
  readonly homeStamp: string | null;
  /** Whether Azure is changing the site at this moment, by a swap for one. */
  readonly operationInProgress: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Settings that must be the same on both slots, already reduced to those (see app-service.ts). */
export type SiteConfiguration = Readonly<Record<string, string | number | boolean | null>>;

export interface ConnectionString {
  readonly value: string;
  readonly type: string;
}

export interface SlotSettingNames {
  readonly appSettings: readonly string[];
  readonly connectionStrings: readonly string[];
}

export interface PlanInfo {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly sku: Sku;
  readonly kind: string | null;
}

export interface NewSite {
  readonly ref: SiteRef;
  readonly template: SiteRef;
  readonly planName: string;
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, ConnectionString>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AppService {
  getSite(ref: SiteRef): Promise<Site | null>;
  getConfiguration(ref: SiteRef): Promise<SiteConfiguration>;
  /** Values are masked in the log before they are returned. */
  listAppSettings(ref: SiteRef): Promise<Readonly<Record<string, string>>>;
  /** Values are masked in the log before they are returned. */
  listConnectionStrings(ref: SiteRef): Promise<Readonly<Record<string, ConnectionString>>>;
  listSlotSettingNames(ref: SiteRef): Promise<SlotSettingNames>;
  getPlan(planId: string): Promise<PlanInfo | null>;
  /** Plan, site, configuration, settings and connection strings, by parts: cloning refuses Linux. */
  createSite(site: NewSite, onProgress: OnProgress): Promise<Site>;
  /** Never removes the plan with it (Azure's default does). */
  deleteSite(ref: SiteRef, beforeSending: BeforeSending): Promise<void>;
  /** Swaps the deployment slot with production; resolves when Azure has finished. */
  swapWithProduction(
    ref: SiteRef,
    deploymentSlot: string,
    onProgress: OnProgress,
    signal: AbortSignal,
    beforeSending: BeforeSending,
  ): Promise<void>;
}
