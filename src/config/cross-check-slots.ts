// Rules between the two slots, in both regions.
import {
  type Check,
  type Facts,
  groupOf,
  nameOf,
  type Part,
  placeOf,
  type Region,
  repetitions,
} from './cross-facts.ts';
import type { Path, Problem } from './problems.ts';

const REGIONS: readonly Region[] = ['primary', 'backup'];

const twoSlots: Check = ({ has, slots }) =>
  slots.length === 2 || !has(['slots'])
    ? []
    : [
        {
          path: ['slots'],
          found: slots.length === 1 ? 'one slot' : `${slots.length} slots`,
          allowed: 'exactly two: one serves users, the other becomes the next version',
        },
      ];

const differentServers: Check = (facts) =>
  repetitions(facts.parts, (part) => nameOf(facts, part, 'sql-server')).map(({ part, first }) => ({
    path: [...part.path, 'sql-server'],
    found: `the SQL server of ${placeOf(first)}`,
    allowed:
      'another logical server: Azure refuses a geo-replica on its own server (ReplicationSourceAndTargetMustBeInDifferentServers)',
  }));

const differentSites: Check = (facts) => {
  if (facts.method !== 'traffic-manager') return [];
  return repetitions(facts.parts, (part) => nameOf(facts, part, 'web-app')).map(({ part, first }) => ({
    path: [...part.path, 'web-app'],
    found: `the web app of ${placeOf(first)}`,
    allowed: 'another web app, or "switch: {method: slot-swap}" to swap two deployment slots of one web app',
  }));
};

const oneSiteToSwap: Check = (facts) => {
  if (facts.method !== 'slot-swap' || facts.slots.length !== 2) return [];
  return REGIONS.flatMap((region) => {
    const [first, second] = facts.parts.filter((part) => part.region === region);
    if (first === undefined || second === undefined) return [];
    const [one, other] = [siteOf(facts, first), siteOf(facts, second)];
    if (one === null || other === null || one === other) return [];
    return [
      {
        path: [...second.path, 'web-app'],
        found: siteAsWritten(facts, second),
        allowed: `the web app of ${placeOf(first)}, by name and resource group: with slot-swap both slots are deployment slots of one web app`,
      },
    ];
  });
};

function siteOf(facts: Facts, part: Part): string | null {
  const name = nameOf(facts, part, 'web-app');
  return name === null ? null : `${groupOf(facts, part, 'web-app')}/${name}`;
}

/** As written, because the value of a variable may be a secret. */
function siteAsWritten({ source }: Facts, { path }: Part): string {
  const written = (paths: readonly Path[]) =>
    paths.map((each) => source.writtenAt(each)).find((text) => text !== null) ?? '';
  const site = [...path, 'web-app'];
  const group = written([
    [...site, 'resource-group'],
    [...path, 'resource-group'],
  ]);
  return `"${written([site, [...site, 'name']])}" in "${group}"`;
}

const siteOfEachRegionToSwap: Check = (facts) => {
  if (facts.method !== 'slot-swap') return [];
  return facts.slots.flatMap((slot) =>
    repetitions(
      facts.parts.filter((part) => part.slot === slot),
      (part) => nameOf(facts, part, 'web-app'),
    ).map(({ part, first }) => ({
      path: [...part.path, 'web-app'],
      found: `the web app of ${placeOf(first)}`,
      allowed: 'the web app of the backup region: with slot-swap each region has one',
    })),
  );
};

const existingSiteToSwap: Check = (facts) => {
  if (facts.method !== 'slot-swap') return [];
  return facts.parts
    .map((part) => [...part.path, 'web-app', 'mode'])
    .filter((path) => facts.text(path) === 'create')
    .map((path) => ({
      path,
      found: '"create"',
      allowed: 'existing: with slot-swap the deployment slot must be there',
    }));
};

const differentEndpoints: Check = (facts) =>
  repetitions(facts.parts, (part) => endpointOf(facts, part)).map(({ part, first }) => ({
    path: [...part.path, 'endpoint'],
    found: `the endpoint of ${placeOf(first)}`,
    allowed: 'a name of its own in the profile, e.g. the name of the slot',
  }));

/** The name in the profile, given or by default. Swapped backups share a web app, and nothing uses its default. */
function endpointOf(facts: Facts, part: Part): string | null {
  const given = nameOf(facts, part, 'endpoint');
  if (given !== null) return given;
  if (part.region === 'primary') return part.slot.toLowerCase();
  return facts.method === 'slot-swap' ? null : nameOf(facts, part, 'web-app');
}

const planOnlyToCreate: Check = (facts) =>
  facts.parts
    .map((part) => [...part.path, 'web-app'])
    .filter((path) => facts.has([...path, 'app-service-plan']) && facts.text([...path, 'mode']) !== 'create')
    .map(
      (path): Problem => ({
        path: [...path, 'app-service-plan'],
        found: 'a plan for a web app that is not created',
        allowed: 'only together with "mode: create"',
        atKey: true,
      }),
    );

export const SLOT_CHECKS: readonly Check[] = [
  twoSlots,
  differentServers,
  differentSites,
  oneSiteToSwap,
  siteOfEachRegionToSwap,
  existingSiteToSwap,
  differentEndpoints,
  planOnlyToCreate,
];
