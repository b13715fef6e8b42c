// The part of the configuration file that names resources: the two slots and the profile before them.
import { z } from 'zod';
import { choice, duration, named, section } from './fields.ts';
import * as rule from './names.ts';

const sqlServer = z
  .union(
    [
      named(rule.SQL_SERVER, 'Logical SQL server, in the resource group of the slot.'),
      section(
        {
          name: named(rule.SQL_SERVER, 'Logical SQL server.'),
          'resource-group': named(
            rule.RESOURCE_GROUP,
            "Resource group of the server. Default: the slot's.",
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
      error: 'a server name, or a mapping with name, resource-group and elastic-pool, e.g. contoso-sql-blue',
    },
  )
  .meta({
    description:
      'Logical SQL server that holds the databases of this slot. The two slots use two servers: Azure refuses a geo-replica on its own server.',
  });

const webApp = z
  .union(
    [
      named(rule.WEB_APP, 'Web app, in the resource group of the slot.'),
      section(
        {
          name: named(rule.WEB_APP, 'Web app.'),
          'resource-group': named(
            rule.RESOURCE_GROUP,
            "Resource group of the web app. Default: the slot's.",
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
  .meta({
    description: 'Web app of this slot. With `switch.method: slot-swap` both slots name the same web app.',
  });

const endpoint = z
  .union(
    [
      named(rule.ENDPOINT, 'Name of the endpoint in the profile.'),
      section(
        {
          name: named(
            rule.ENDPOINT,
            "Name of the endpoint in the profile. Default: the slot's name.",
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
  .meta({
    description:
      "Endpoint of this slot in the Traffic Manager profile. Default: the slot's name, type external.",
  });

export const slot = section(
  {
    'resource-group': named(rule.RESOURCE_GROUP, 'Resource group of the slot.'),
    'sql-server': sqlServer,
    'web-app': webApp,
    endpoint: endpoint.optional(),
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
      'The name users open: a CNAME to the profile, bound as host name on both web apps. Default: the name of the profile itself, which App Service only serves through endpoints of type `azure`.',
    ).optional(),
  },
  'Traffic Manager profile that sends users to one of the slots. Routing method Priority. Required for `switch.method: traffic-manager`.',
);
