// The shape of the configuration file for topology upgrade-domains: one service, what is to be changed on it, and how
// its update domains are walked. As schema.ts is for slots.
import { z } from 'zod';
import { choice, duration, flag, named, section, text, wholeNumber } from './fields.ts';
import * as rule from './names.ts';
import { image, minimum, settings } from './service-fields.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const minimumHealthy = minimum(
  'How many of its instances that were walked have to be in a good state before the next domain: a number, or a share of them in percent, rounded up.',
).default('100%');

const size = named(
  rule.VM_SIZE,
  'Size that the instances are to have. Data on local and temporary disks is lost.',
);

const extension = section(
  {
    version: named(rule.HANDLER_VERSION, 'Version of its handler. Default: as it is.').optional(),
    settings: settings('Its public settings, all of them. Default: as they are.').optional(),
  },
  'What is to change on an extension: `version`, `settings` or both.',
);

const scaleSet = section(
  {
    name: named(rule.SCALE_SET, 'Virtual machine scale set that is this role.'),
    'resource-group': named(rule.RESOURCE_GROUP, 'Resource group of the scale set.'),
    'minimum-healthy': minimumHealthy,
    image: image(
      'Image that the instances are to run, always with its version. Default: `update.image`; without that, as it is.',
    ).optional(),
    size: size.optional().meta({
      description:
        'Size that the instances are to have. Data on local and temporary disks is lost. Default: `update.size`; without that, as it is.',
    }),
    extensions: z
      .record(named(rule.EXTENSION, 'Name of the extension.'), extension, {
        error: 'a mapping of extensions by name, e.g. {app: {version: "2.1"}}',
      })
      .meta({
        description: "Extensions of the scale set's model that are to change; others stay as they are.",
      })
      .optional(),
  },
  'One role of the service.',
);

const cloudRole = section({ 'minimum-healthy': minimumHealthy }, 'One role of the cloud service.');

const cloudService = section(
  {
    name: named(rule.CLOUD_SERVICE, 'Cloud service that users are on.'),
    'resource-group': named(rule.RESOURCE_GROUP, 'Resource group of the cloud service.'),
    package: named(
      rule.PACKAGE_URL,
      'Address of the service package (.cspkg) to update to. The signature in it is masked in the log; better, take the address from the environment.',
    ),
    configuration: text(
      'Service configuration (.cscfg) to update to: a file, relative to the workspace.',
      'service/ServiceConfiguration.Cloud.cscfg',
    ),
    'previous-package': named(
      rule.PACKAGE_URL,
      'Address of the package that runs now; for `switch.method: swap`, on the service that users are not on. Azure never tells it, and without it there is no way back.',
    ),
    'previous-configuration': text(
      'Service configuration (.cscfg) that runs now: a file, relative to the workspace. Needed for the way back where it differs from `configuration`: Azure shows it only until the new one is written. Default: the same as `configuration`.',
      'service/ServiceConfiguration.Previous.cscfg',
    ).optional(),
    staging: named(
      rule.CLOUD_SERVICE,
      'For `switch.method: swap`: the cloud service in the same resource group that the new version is deployed to, and whose address is swapped.',
    ).optional(),
    roles: z
      .record(named(rule.CLOUD_ROLE, 'Name of the role.'), cloudRole, {
        error: 'a mapping of roles by name, e.g. {WebRole: {minimum-healthy: 3}}',
      })
      .refine(isNotEmpty, { error: 'at least one role, e.g. {WebRole: {minimum-healthy: 3}}' })
      .meta({
        description: 'The roles of the service, by the names of the service definition.',
        minProperties: 1,
      }),
  },
  'A cloud service (extended support). Microsoft retires these on 2027-03-31.',
);

const service = section(
  {
    'scale-sets': z
      .record(named(rule.ROLE, 'Name of the role.'), scaleSet, {
        error: 'a mapping of role names to scale sets, e.g. front: {…}',
      })
      .refine(isNotEmpty, { error: 'at least one role, e.g. front: {…}' })
      .meta({
        description: 'Virtual machine scale sets, each one role of the service, by names of your choice.',
        minProperties: 1,
      })
      .optional(),
    'virtual-domains': wholeNumber(
      'For scale sets of orchestration mode Flexible, which have no update domains: into how many their instances are divided. Default: 5.',
      { min: 1, max: 20, example: 5 },
    ).optional(),
    'cloud-service': cloudService.optional(),
  },
  'The service whose instances are updated: `scale-sets` or `cloud-service`, one of the two.',
).meta({ oneOf: [{ required: ['scale-sets'] }, { required: ['cloud-service'] }] });

const walk = section(
  {
    roles: z
      .array(text('Name of a role.', 'front'), { error: 'a list of role names, e.g. [front]' })
      .min(1, { error: 'at least one role, e.g. [front]; without the key all are updated' })
      .meta({ description: 'Roles that are updated. Default: all of the service, together.' })
      .optional(),
    mode: choice(
      ['automatic', 'manual'],
      '`automatic`: one run walks all domains. `manual`: one domain a run, so that people approve between domains.',
    ).default('automatic'),
    'start-timeout': duration('How long an instance may take to start.', {
      max: 24 * HOUR,
      example: '30m',
    }).default('30m'),
    'on-start-timeout': choice(
      ['rollback', 'fail', 'continue'],
      'What follows where an instance has not started in time. `rollback`: back to the version before. `fail`: the run ends as it stands. `continue`: on to the next instance, which is what Microsoft’s Fabric Controller does; `minimum-healthy` still holds before the next domain.',
    ).default('rollback'),
    'stuck-after': duration(
      'How long a domain may be below its minimum, with nothing changing, until the update is called stuck.',
      { max: 24 * HOUR, example: '10m' },
    ).default('10m'),
    'on-stuck': choice(
      ['rollback', 'supersede', 'hold'],
      'What follows where the update is stuck. `rollback`: back to the version before. `supersede`: it makes way for a fresh update over the top, which waits until no two domains are down at once. `hold`: the run ends with the update as it stands, and a person decides.',
    ).default('rollback'),
    'accept-downtime': flag(
      'Whether a role with a single instance may be updated: it is down meanwhile. Refused otherwise.',
    ).default(false),
  },
  'How the update domains are walked.',
).prefault({});

/** The whole file. Output: as written, with the defaults filled in. */
export const serviceFile = section(
  {
    version: z.literal(1, { error: '1, the version of this file format' }).meta({
      description: 'Version of this file format.',
    }),
    application: named(rule.APPLICATION, 'Name of the application, for log, summary and the journal.'),
    service,
    update: section(
      {
        image: image('Image that the instances are to run, always with its version.').optional(),
        size: size.optional(),
      },
      'What is to change on every scale set that does not say it itself.',
    ).optional(),
    walk,
    health: section(
      {
        consecutive: wholeNumber('How often in a row the minimum of every role has to be seen.', {
          min: 1,
          max: 100,
          example: 3,
        }).default(3),
        interval: duration('Time from one look to the next.', { max: HOUR, example: '10s' }).default('10s'),
        timeout: duration('How long a walked domain may take until its health is good.', {
          max: 24 * HOUR,
          example: '15m',
        }).default('15m'),
      },
      'When a walked domain counts as healthy.',
    ).prefault({}),
    switch: section(
      {
        method: choice(
          ['in-place', 'swap'],
          '`in-place`: the instances are updated where they are, domain by domain. `swap`: the new version is deployed to `service.cloud-service.staging` and the addresses of the two are swapped, for changes that cannot go in place.',
        ).default('in-place'),
      },
      'How users come to the new version.',
    ).prefault({}),
  },
  'Configuration of the rolling-upgrade action for topology upgrade-domains.',
);

function isNotEmpty(mapping: object): boolean {
  return Object.keys(mapping).length > 0;
}

export type ServiceFile = z.output<typeof serviceFile>;
