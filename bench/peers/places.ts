// Where a peer finds everything of one embedded Azure: the environment of its process.
import type { LocalAzure } from '../../local-azure/start.ts';
import { DATABASE, IDS, SLOTS, siteHost, TRAFFIC } from '../../local-azure/topologies/contoso.ts';

export interface PeerSetting {
  /** Of topology single-region. */
  readonly azure: LocalAzure;
  /** For the peer's own files. */
  readonly directory: string;
  /** Path of the upgrade script. */
  readonly script: string;
  /** That answers after the upgrade. */
  readonly version: string;
}

export function placesOf({ azure, directory, script, version }: PeerSetting): Record<string, string> {
  const { environment, arm, authority, ca, dns, sql, sqlLogin } = azure.description;
  const { connectTo }: { connectTo: Record<string, string> } = JSON.parse(
    environment.INPUT_AZURE_ENVIRONMENT ?? '{}',
  );
  const [production, stage] = SLOTS['single-region'];
  const stageSite = siteHost(stage.primary.site);
  const profile = `resourceGroups/${TRAFFIC.resourceGroup}/providers/Microsoft.Network/trafficManagerProfiles/${TRAFFIC.profile}`;
  return {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    AZURE_TENANT_ID: environment.AZURE_TENANT_ID ?? '',
    AZURE_SUBSCRIPTION_ID: IDS.subscription,
    AZURE_CLIENT_ID: environment.AZURE_CLIENT_ID ?? '',
    AZURE_CLIENT_SECRET: environment.AZURE_CLIENT_SECRET ?? '',
    CA_FILE: ca,
    ARM: arm,
    AUTHORITY: authority,
    DNS: dns,
    SQL_USER: sqlLogin.user,
    SQL_PASSWORD: sqlLogin.password,
    DATABASE,
    PRODUCTION_GROUP: production.primary.resourceGroup,
    PRODUCTION_SERVER: production.primary.sqlServer,
    PRODUCTION_SQL: sql[production.primary.sqlServer] ?? '',
    PRODUCTION_ENDPOINT: production.primary.endpoint,
    STAGE_GROUP: stage.primary.resourceGroup,
    STAGE_SERVER: stage.primary.sqlServer,
    STAGE_SQL: sql[stage.primary.sqlServer] ?? '',
    STAGE_ENDPOINT: stage.primary.endpoint,
    STAGE_SITE: stageSite,
    STAGE_SITE_AT: connectTo[`${stageSite}:443`] ?? '',
    PUBLIC_NAME: TRAFFIC.publicName,
    TRAFFIC_GROUP: TRAFFIC.resourceGroup,
    TRAFFIC_PROFILE: TRAFFIC.profile,
    PROFILE_ID: `/subscriptions/${IDS.subscription}/${profile}`,
    SCRIPT: script,
    VERSION: version,
  };
}
