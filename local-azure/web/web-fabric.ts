// The seam between resource manager (ARM) and the running sites. ARM keeps what only ARM knows (plans, tags,
// sticky settings); a site that runs knows its name, its settings and its host names.

export interface RunningSite {
  readonly name: string;
  /** App Service deployment slot; null is production. */
  readonly slot: string | null;
  /** Default host name and every bound one, lower case. */
  readonly hostNames: readonly string[];
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, { readonly value: string; readonly type: string }>>;
  readonly state: 'Running' | 'Stopped';
  /** Deployment unit ("scale unit", "stamp"): a host name is served by one site of a stamp. */
  readonly stamp: string;
}

export interface WebFabric {
  /** Called once a change, with the whole site. The site restarts where its settings changed. */
  siteChanged(site: RunningSite): void;
  siteRemoved(name: string, slot: string | null): void;
  /**
   * The stamp an App Service plan lands on. Azure chooses one a resource group and region, and never moves
   * it ("all plans of a resource group and region share a webspace"), so the plan's resource group decides.
   */
  assignStamp(siteName: string, planId: string): string;
}
