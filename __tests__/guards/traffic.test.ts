import { describe } from '@jest/globals';
import { priorityRouting } from '../../src/guards/priority-routing.ts';
import { publicName } from '../../src/guards/public-name.ts';
import { sameRegionEndpoints } from '../../src/guards/same-region-endpoints.ts';
import { config, endpoint, profile, resolvedThrough, site, slot } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';

describe('priority-routing', () => {
  tableOf(priorityRouting, [
    { when: 'Priority, enabled', says: 'pass', telling: [/TTL 10 s$/] },
    {
      when: 'no profile yet',
      world: { profile: null },
      phase: 'prepare',
      says: 'not-knowable',
      telling: ['prepare creates'],
    },
    {
      when: 'no profile when users are about to be read-only',
      world: { profile: null },
      phase: 'upgrade',
      says: 'resource-not-found',
      telling: ['profile contoso does not exist'],
      advising: ['phase prepare', 'traffic-manager profile list -g contoso-traffic'],
    },
    {
      when: 'no stage endpoint when users are about to be read-only',
      world: { profile: profile({ endpoints: [endpoint('blue')] }) },
      phase: 'upgrade',
      says: 'resource-not-found',
      telling: ['no endpoint green'],
      advising: ['phase prepare'],
    },
    {
      when: 'no stage endpoint before prepare has added it',
      world: { profile: profile({ endpoints: [endpoint('blue')] }) },
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'another routing method',
      world: { profile: profile({ routingMethod: 'Weighted' }) },
      says: 'routing-not-priority',
      telling: ['Weighted'],
      advising: ['profile update -g contoso-traffic -n contoso --routing-method Priority'],
    },
    {
      when: 'the profile is disabled',
      world: { profile: profile({ status: 'Disabled' }) },
      says: 'routing-not-priority',
      advising: ['--status Enabled'],
    },
    {
      when: 'the stage endpoint is always served',
      world: {
        profile: profile({ endpoints: [endpoint('blue'), endpoint('green', { alwaysServe: 'Enabled' })] }),
      },
      says: 'routing-not-priority',
      telling: ['green'],
      advising: ['--profile-name contoso -n green --type externalEndpoints --always-serve Disabled'],
    },
    {
      when: 'both endpoints have one priority',
      world: { profile: profile({ endpoints: [endpoint('blue'), endpoint('green', { priority: 1 })] }) },
      says: 'routing-not-priority',
      telling: ['blue, green'],
    },
    {
      when: 'priorities are left to the order',
      world: {
        profile: profile({
          endpoints: [endpoint('blue', { priority: null }), endpoint('green', { priority: null })],
        }),
      },
      says: 'pass',
    },
    {
      when: 'an endpoint of no slot comes first',
      world: {
        profile: profile({
          endpoints: [endpoint('old', { status: 'Enabled', priority: 1 }), endpoint('blue', { priority: 2 })],
        }),
      },
      says: 'routing-not-priority',
      telling: ['old of contoso belongs to no slot'],
    },
    {
      when: 'an endpoint of no slot comes last',
      world: {
        profile: profile({
          endpoints: [endpoint('blue'), endpoint('sorry-page', { status: 'Enabled', priority: 9 })],
        }),
      },
      says: 'pass',
    },
    ...(['upgrade', 'switch'] as const).map((phase) => ({
      when: `the stage endpoint is enabled before ${phase}`,
      world: {
        profile: profile({ endpoints: [endpoint('blue'), endpoint('green', { status: 'Enabled' })] }),
      },
      phase,
      says: 'production-slot-unclear' as const,
      telling: ['stage endpoint green'],
      advising: ['--profile-name contoso -n green --type externalEndpoints --endpoint-status Disabled'],
    })),
    {
      when: 'a long TTL',
      world: { profile: profile({ ttlSeconds: 3600 }) },
      says: 'pass',
      telling: ['TTL 3600 s, which is long'],
    },
  ]);
});

const bothAzure = config({
  slots: [
    slot('blue', { endpoint: { name: 'blue', type: 'azure' } }),
    slot('green', { endpoint: { name: 'green', type: 'azure' } }),
  ],
});
const onlyBlue = (type: 'azure' | 'external') => profile({ endpoints: [endpoint('blue', { type })] });
const withoutPublicName = config({
  trafficManager: {
    resourceGroup: 'g',
    profile: 'contoso',
    dnsName: 'contoso',
    ttlSeconds: 30,
    publicName: null,
  },
});
const unbound = { hostNames: ['contoso-green.azurewebsites.net'] };

describe('same-region-endpoints', () => {
  tableOf(sameRegionEndpoints, [
    {
      when: 'external, the public name bound on both',
      says: 'pass',
      telling: ['waws-prod-db3-101 and waws-prod-db3-202'],
    },
    {
      when: 'both of type azure in one region',
      world: { config: bothAzure, profile: null },
      says: 'same-region-endpoints',
      telling: ['one App Service endpoint of a region'],
      advising: ['slots.blue.endpoint.type', 'public-name', 'deployment units', 'slot-swap'],
    },
    {
      when: "production's in the profile is of type azure, stage's is to be",
      world: {
        config: bothAzure,
        profile: onlyBlue('azure'),
        sites: { production: site('blue'), stage: null },
      },
      says: 'same-region-endpoints',
    },
    {
      when: 'both of type azure in two regions',
      world: {
        config: bothAzure,
        profile: null,
        sites: { production: site('blue'), stage: site('green', { location: 'West Europe' }) },
      },
      says: 'pass',
    },
    {
      when: 'both of type azure, and Azure has taken them',
      world: {
        config: bothAzure,
        profile: profile({
          endpoints: [endpoint('blue', { type: 'azure' }), endpoint('green', { type: 'azure' })],
        }),
      },
      says: 'pass',
      telling: ['accepted'],
    },
    {
      when: 'the public name is not bound on the stage web app',
      world: { sites: { production: site('blue'), stage: site('green', unbound) } },
      says: 'same-region-endpoints',
      telling: ['www.contoso.example is not bound on contoso-green', '404'],
      advising: [
        'az webapp config hostname add -g contoso-green --webapp-name contoso-green --hostname www.contoso.example',
        'or correct traffic-manager.public-name',
      ],
    },
    {
      when: 'not bound, and it could not be: one deployment unit',
      world: {
        sites: {
          production: site('blue'),
          stage: site('green', { ...unbound, homeStamp: 'waws-prod-db3-101' }),
        },
      },
      says: 'same-region-endpoints',
      telling: ['both web apps are in deployment unit waws-prod-db3-101'],
      advising: ['new resource group'],
    },
    {
      when: 'bound on both, in what Azure calls one deployment unit',
      world: {
        sites: { production: site('blue'), stage: site('green', { homeStamp: 'waws-prod-db3-101' }) },
      },
      says: 'pass',
    },
    {
      when: 'not bound, and the deployment units are not told',
      world: {
        sites: {
          production: site('blue', { homeStamp: null }),
          stage: site('green', { ...unbound, homeStamp: null }),
        },
      },
      says: 'same-region-endpoints',
      telling: [/^(?!.*deployment unit)/],
    },
    {
      when: "production's of type azure, stage's external and not bound",
      world: {
        config: config({
          slots: [slot('blue', { endpoint: { name: 'blue', type: 'azure' } }), slot('green')],
        }),
        profile: onlyBlue('azure'),
        sites: { production: site('blue'), stage: site('green', unbound) },
      },
      says: 'same-region-endpoints',
      telling: ['not bound on contoso-green'],
    },
    {
      when: 'bound by a wildcard',
      world: {
        sites: { production: site('blue'), stage: site('green', { hostNames: ['*.contoso.example'] }) },
      },
      says: 'pass',
    },
    {
      when: 'a wildcard of another domain',
      world: { sites: { production: site('blue'), stage: site('green', { hostNames: ['*.example'] }) } },
      says: 'same-region-endpoints',
    },
    {
      when: 'external, without a public name',
      world: {
        config: withoutPublicName,
      },
      says: 'same-region-endpoints',
      advising: ['traffic-manager.public-name'],
    },
    {
      when: 'the stage web app is not there yet',
      world: { sites: { production: site('blue'), stage: null } },
      phase: 'prepare',
      says: 'not-knowable',
      telling: ['www.contoso.example'],
    },
  ]);
});

describe('public-name', () => {
  tableOf(publicName, [
    { when: 'a CNAME to the profile', says: 'pass', telling: ['contoso.trafficmanager.net'] },
    {
      when: 'it leads elsewhere',
      world: { resolution: resolvedThrough('www.contoso.example', 'contoso.cdn.example') },
      says: 'not-knowable',
      telling: ['contoso.cdn.example'],
    },
    {
      when: 'it leads to the profile, which sends users nowhere',
      world: {
        resolution: { kind: 'no-such-name', chain: ['www.contoso.example', 'contoso.trafficmanager.net'] },
      },
      says: 'not-knowable',
      telling: ['answers no address'],
    },
    {
      when: "users open the profile's own name",
      world: { config: withoutPublicName, resolution: resolvedThrough('contoso-blue.azurewebsites.net') },
      says: 'pass',
    },
    { when: 'no profile yet', world: { profile: null, resolution: resolvedThrough() }, says: 'not-knowable' },
    {
      when: 'the name leads to the profile that prepare will make',
      world: {
        profile: null,
        resolution: { kind: 'no-such-name', chain: ['www.contoso.example', 'contoso.trafficmanager.net'] },
      },
      phase: 'prepare',
      says: 'not-knowable',
      telling: [/^the profile is not there yet$/],
    },
    {
      when: 'the profile is live, and not where the configuration says',
      world: { profile: null },
      phase: 'prepare',
      says: 'resource-not-found',
      telling: [
        'www.contoso.example leads through contoso.trafficmanager.net, which exists, but not as profile contoso in resource group contoso-traffic',
      ],
      advising: [
        'Correct traffic-manager.resource-group or traffic-manager.profile',
        'az network traffic-manager profile list -o table',
      ],
    },
    {
      when: 'the public name is misspelt',
      world: { resolution: { kind: 'no-such-name', chain: ['www.contoso.example'] } },
      says: 'not-knowable',
      advising: ['correct traffic-manager.public-name'],
    },
    {
      when: 'another profile has the users, and the configured one is not there',
      world: { profile: null, resolution: resolvedThrough('contoso-live.trafficmanager.net') },
      says: 'resource-not-found',
      telling: ['leads through contoso-live.trafficmanager.net', 'would move nobody'],
      advising: ['traffic-manager.profile'],
    },
    {
      when: 'another profile has the users',
      world: { resolution: resolvedThrough('contoso-live.trafficmanager.net') },
      says: 'resource-not-found',
    },
    {
      when: 'the profile is nested in another',
      world: { resolution: resolvedThrough('parent.trafficmanager.net', 'contoso.trafficmanager.net') },
      says: 'pass',
    },
  ]);
});
