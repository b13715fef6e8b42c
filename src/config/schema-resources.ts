// The part of the configuration file that names resources: the two slots and the profile before them.
import { z } from 'zod';
import { choice, duration, named, section } from './fields.ts';
import * as rule from './names.ts';

/** What the descriptions say of one region's part of a slot. */
interface Wording {
  readonly resourceGroup: string;
  readonly sqlServer: string;
  readonly webApp: string;
  readonly endpoint: string;
  /** After "Default: ", of the endpoint's name. */
  readonly endpointName: string;
}

function sqlServer({ sqlServer: description }: Wording) {
  return z
    .union(
      [
        named(rule.SQL_SERVER, 'Logical SQL server, in the `resource-group` beside it.'),
        section(
          {
            name: named(rule.SQL_SERVER, 'Logical SQL server.'),
            'resource-group': named(
              rule.RESOURCE_GROUP,
              'Resource group of the server. Default: the one beside it.',
            ).optional(),
            'elastic-pool': named(
              rule.ELASTIC_POOL,
              "Elastic pool on this server that takes the databases. Default: the service objective of the production database's copy, outside a pool.",
            ).optional(),
          },
          'Logical SQL server with its resource group and elastic pool.',
        ),
      ],
      {
        error:
          'a server name, or a mapping with name, resource-group and elastic-pool, e.g. contoso-sql-blue',
      },
    )
    .meta({ description });
}

function webApp({ webApp: description }: Wording) {
  return z
    .union(
      [
        named(rule.WEB_APP, 'Web app, in the `resource-group` beside it.'),
        section(
          {
            name: named(rule.WEB_APP, 'Web app.'),
            'resource-group': named(
              rule.RESOURCE_GROUP,
              'Resource group of the web app. Default: the one beside it.',
            ).optional(),
            mode: choice(
              ['existing', 'create'],
              '`existing`: your own workflow deploys it, and it is verified to be identical to production. `create`: `prepare` makes it where it does not exist, with the configuration, the settings and the package of production.',
            ).default('existing'),
            'app-service-plan': named(
              rule.APP_SERVICE_PLAN,
              "App Service plan for `mode: create`, in the web app's resource group. Default: a new plan like production's.",
            ).optional(),
          },
          'Web app with its resource group and how it comes to be.',
        ),
      ],
      {
        error:
          'a web app name, or a mapping with name, resource-group, mode and app-service-plan, e.g. contoso-blue',
      },
    )
    .meta({ description });
}

function endpoint({ endpoint: description, endpointName }: Wording) {
  return z
    .union(
      [
        named(rule.ENDPOINT, 'Name of the endpoint in the profile.'),
        section(
          {
            name: named(
              rule.ENDPOINT,
              `Name of the endpoint in the profile. Default: ${endpointName}.`,
            ).optional(),
            type: choice(
              ['external', 'azure'],
              '`external` points to the default host name of the web app. `azure` points to the web app itself; Azure refuses two of those from one region in one profile.',
            ).default('external'),
          },
          'Endpoint in the Traffic Manager profile.',
        ),
      ],
      { error: 'an endpoint name, or a mapping with name and type, e.g. {name: blue, type: external}' },
    )
    .meta({ description: `${description} Default: ${endpointName}, type external.` });
}

/** One region's part of a slot. */
function deploymentKeys(words: Wording) {
  return {
    'resource-group': named(rule.RESOURCE_GROUP, words.resourceGroup),
    'sql-server': sqlServer(words),
    'web-app': webApp(words),
    endpoint: endpoint(words).optional(),
  };
}

const backup = section(
  deploymentKeys({
    resourceGroup: "Resource group of the slot's part in the backup region.",
    sqlServer:
      "Logical SQL server in the backup region that holds the geo-secondaries of this slot's databases.",
    webApp:
      "Web app in the backup region, on those geo-secondaries. With `switch.method: slot-swap` both slots' backups name the same web app.",
    endpoint: "Endpoint in the Traffic Manager profile of the slot's web app in the backup region.",
    endpointName: 'the name of that web app',
  }),
  "The slot's standby in the backup region. Required in both slots for `topology: geo-redundant`, and only for it.",
);

export const slot = section(
  {
    ...deploymentKeys({
      resourceGroup: 'Resource group of the slot.',
      sqlServer:
        'Logical SQL server that holds the databases of this slot. The two slots use two servers: Azure refuses a geo-replica on its own server.',
      webApp: 'Web app of this slot. With `switch.method: slot-swap` both slots name the same web app.',
      endpoint: 'Endpoint of this slot in the Traffic Manager profile.',
      endpointName: "the slot's name",
    }),
    backup: backup.optional(),
    'failover-group': named(
      rule.FAILOVER_GROUP,
      "Failover group that this slot's two SQL servers have while the slot is production: made by `switch`, removed by `cleanup`. In both slots or in none.",
    ).optional(),
  },
  'One complete copy of the application.',
);

export const trafficManager = section(
  {
    'resource-group': named(rule.RESOURCE_GROUP, 'Resource group of the profile.'),
    profile: named(rule.PROFILE, 'Traffic Manager profile. `prepare` creates it where it does not exist.'),
    'dns-name': named(
      rule.DNS_LABEL,
      'DNS name before `.trafficmanager.net`, for a profile that `prepare` creates. Default: the name of the profile.',
    ).optional(),
    ttl: duration('How long resolvers may keep an answer, for a profile that `prepare` creates.', {
      min: 0,
      max: 24 * 3_600_000,
      example: '30s',
    }).default('30s'),
    'public-name': named(
      rule.HOST_NAME,
      'The name users open: a CNAME to the profile, bound as host name on every web app. Default: the name of the profile itself, which App Service only serves through endpoints of type `azure`.',
    ).optional(),
  },
  'Traffic Manager profile that sends users to one of the slots. Routing method Priority. Required for `switch.method: traffic-manager`.',
);
