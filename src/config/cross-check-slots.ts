// Rules between the two slots.
import { type Check, groupOf, nameOf, sameInBothSlots } from './cross-facts.ts';
import type { Problem } from './problems.ts';

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
  sameInBothSlots(facts, (slot) => nameOf(facts, slot, 'sql-server')).map((slot) => ({
    path: ['slots', slot, 'sql-server'],
    found: 'the SQL server of the other slot',
    allowed:
      'another logical server: Azure refuses a geo-replica on its own server (ReplicationSourceAndTargetMustBeInDifferentServers)',
  }));

const differentSites: Check = (facts) => {
  if (facts.method !== 'traffic-manager') return [];
  return sameInBothSlots(facts, (slot) => nameOf(facts, slot, 'web-app')).map((slot) => ({
    path: ['slots', slot, 'web-app'],
    found: 'the web app of the other slot',
    allowed: 'another web app, or "switch: {method: slot-swap}" to swap two deployment slots of one web app',
  }));
};

const oneSiteToSwap: Check = (facts) => {
  const [first, second] = facts.slots;
  if (facts.method !== 'slot-swap' || facts.slots.length !== 2 || first === undefined || second === undefined)
    return [];
  const problems: Problem[] = [];
  const site = (slot: string) => {
    const name = nameOf(facts, slot, 'web-app');
    return name === null ? null : `${groupOf(facts, slot, 'web-app')}/${name}`;
  };
  if (site(first) !== null && site(second) !== null && site(first) !== site(second)) {
    problems.push({
      path: ['slots', second, 'web-app'],
      found: `"${nameOf(facts, second, 'web-app')}" in "${groupOf(facts, second, 'web-app')}"`,
      allowed: `the web app of slot "${first}", by name and resource group: with slot-swap both slots are deployment slots of one web app`,
    });
  }
  for (const slot of facts.slots) {
    if (facts.text(['slots', slot, 'web-app', 'mode']) !== 'create') continue;
    const allowed = 'existing: with slot-swap the deployment slot must be there';
    problems.push({ path: ['slots', slot, 'web-app', 'mode'], found: '"create"', allowed });
  }
  return problems;
};

const differentEndpoints: Check = (facts) =>
  sameInBothSlots(facts, (slot) => (nameOf(facts, slot, 'endpoint') ?? slot).toLowerCase()).map((slot) => ({
    path: ['slots', slot, 'endpoint'],
    found: 'the endpoint of the other slot',
    allowed: 'a name of its own in the profile, e.g. the name of the slot',
  }));

const planOnlyToCreate: Check = (facts) =>
  facts.slots
    .map((slot) => ['slots', slot, 'web-app'])
    .filter((path) => facts.has([...path, 'app-service-plan']) && facts.text([...path, 'mode']) !== 'create')
    .map((path) => ({
      path: [...path, 'app-service-plan'],
      found: 'a plan for a web app that is not created',
      allowed: 'only together with "mode: create"',
      atKey: true,
    }));

export const SLOT_CHECKS: readonly Check[] = [
  twoSlots,
  differentServers,
  differentSites,
  oneSiteToSwap,
  differentEndpoints,
  planOnlyToCreate,
];
