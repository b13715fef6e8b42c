import type { Observation } from '../application/observe.ts';
import { findEndpoint, sameName } from '../application/production-slot.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { EndpointType, Site } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { sameRegion } from './region.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/**
 * A profile takes one App Service endpoint a region: an endpoint of type azure binds the profile's name to its web
 * app, and a name can be bound to one web app of a deployment unit. Endpoints of type external bind nothing, so
 * both web apps need the name that users open.
 */
export const sameRegionEndpoints: Guard = {
  id: 'same-region-endpoints',
  title: 'Both web apps can be reached through one profile',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async (context, observed) => {
    const types = [typeOf(context, observed, 'production'), typeOf(context, observed, 'stage')];
    const bothAzure = types.every((type) => type === 'azure');
    return bothAzure ? azureTwice(context, observed) : publicNameBound(context, observed);
  },
};

/** As it stands in the profile; as configured where it is not there yet. */
function typeOf(context: UpgradeContext, { profile }: Observation, role: Role): EndpointType {
  const { config } = context[role];
  return (profile ? findEndpoint(profile, config) : null)?.type ?? config.endpoint.type;
}

function azureTwice(context: UpgradeContext, { profile, sites }: Observation): Verdict {
  const { production, stage } = context;
  const region = sites.production?.location ?? production.server.location;
  if (!sameRegion(region, sites.stage?.location ?? stage.server.location)) {
    return pass('the web apps are in different regions');
  }
  const accepted = profile && findEndpoint(profile, production.config) && findEndpoint(profile, stage.config);
  if (accepted) return pass(`Azure has accepted both endpoints of type azure in ${profile.name}`);
  return fail(
    'same-region-endpoints',
    `both endpoints are of type azure and both web apps are in ${region}: Azure allows one App Service endpoint of a region in a profile`,
    `Make both endpoints external (slots.${production.config.name}.endpoint.type and slots.${stage.config.name}.endpoint.type), with traffic-manager.public-name bound on both web apps, which have to be in different deployment units. Or swap deployment slots of one web app instead (switch.method: slot-swap).`,
  );
}

function publicNameBound(context: UpgradeContext, { sites }: Observation): Verdict {
  const name = context.config.trafficManager?.publicName ?? null;
  if (!name) {
    return fail(
      'same-region-endpoints',
      'an endpoint is external and no public name is configured: its web app answers 404 for *.trafficmanager.net',
      'Give users a name of your own, a CNAME to the profile, and set traffic-manager.public-name to it.',
    );
  }
  const bound = [
    boundOn(context, 'production', sites.production, name),
    boundOn(context, 'stage', sites.stage, name),
  ];
  const boundOnBoth = bound.every((verdict) => verdict.kind === 'pass');
  return allOf([...bound, deploymentUnits(sites.production, sites.stage, name, boundOnBoth)]);
}

function boundOn(context: UpgradeContext, role: Role, site: Site | null, name: string): Verdict {
  const ref = context[role].site;
  if (!site) return notKnowable(`web app ${ref.site} is not there yet; it will need the host name ${name}`);
  if (site.hostNames.some((bound) => isBound(bound, name))) return pass(`${name} is bound on ${site.name}`);
  return fail(
    'same-region-endpoints',
    `${name} is not bound on ${site.name}: its users would get 404`,
    'Bind the name that users open, with its certificate, on the web app, or correct traffic-manager.public-name:',
    command(
      'az',
      'webapp',
      'config',
      'hostname',
      'add',
      '-g',
      ref.resourceGroup,
      '--webapp-name',
      site.name,
      '--hostname',
      name,
    ),
  );
}

function isBound(bound: string, name: string): boolean {
  if (!bound.startsWith('*.')) return sameName(bound, name);
  return sameName(bound.slice(1), name.slice(name.indexOf('.')));
}

/** Bound on both, Azure has accepted it, whatever the units are called. */
function deploymentUnits(
  production: Site | null,
  stage: Site | null,
  name: string,
  boundOnBoth: boolean,
): Verdict {
  const [here, there] = [production?.homeStamp ?? null, stage?.homeStamp ?? null];
  if (here === null || there === null) return pass('');
  if (boundOnBoth || !sameName(here, there)) return pass(`deployment units ${here} and ${there}`);
  return fail(
    'same-region-endpoints',
    `both web apps are in deployment unit ${here}, where ${name} can be bound to one of them only`,
    'Put the stage web app on a new plan in a new resource group, which gives a chance of another deployment unit; repeat until it is one.',
  );
}
