// Rules between the file and the topology of the run: what only one of the topologies has, and what it needs.
import { type Check, nameOf, type Part, placeOf, repetitions } from './cross-facts.ts';
import type { Path } from './problems.ts';

const FAILOVER_GROUP = 'failover-group';

/** Refused rather than passed over: whoever wrote it believes the application to be protected. */
const onlyGeoRedundant: Check = ({ topology, slots, has }) => {
  if (topology === 'geo-redundant') return [];
  const keys: readonly (readonly [Path, string])[] = [
    ...slots.flatMap((slot): (readonly [Path, string])[] => [
      [['slots', slot, 'backup'], 'a standby in a backup region'],
      [['slots', slot, FAILOVER_GROUP], 'a failover group'],
    ]),
    [['standby'], 'how standbys are made'],
  ];
  return keys
    .filter(([path]) => has(path))
    .map(([path, found]) => ({
      path,
      found,
      allowed:
        'nothing, as this run has topology: single-region; remove the key or use topology: geo-redundant',
      atKey: true,
    }));
};

const backupInBothSlots: Check = ({ topology, slots, has }) => {
  if (topology !== 'geo-redundant') return [];
  return slots
    .map((slot) => ['slots', slot, 'backup'])
    .filter((path) => !has(path))
    .map((path) => ({
      path,
      found: 'nothing',
      allowed:
        "the slot's standby, e.g. {resource-group: contoso-blue-dr, sql-server: contoso-sql-dr, web-app: contoso-dr}, or use topology: single-region",
    }));
};

const failoverGroupInBothSlots: Check = ({ topology, slots, has }) => {
  if (topology !== 'geo-redundant') return [];
  const named = slots.find((slot) => has(['slots', slot, FAILOVER_GROUP]));
  if (named === undefined) return [];
  return slots
    .map((slot) => ['slots', slot, FAILOVER_GROUP])
    .filter((path) => !has(path))
    .map((path) => ({
      path,
      found: 'nothing',
      allowed: `a name, as slot "${named}" has one, or none in both: the slots swap roles with every upgrade`,
    }));
};

/** The names of groups and of servers are one DNS zone, database.windows.net. */
const differentFailoverGroups: Check = (facts) => {
  const group = (part: Part) =>
    part.region === 'primary' ? (facts.text([...part.path, FAILOVER_GROUP])?.toLowerCase() ?? null) : null;
  const ofOtherSlot = repetitions(facts.parts, group).map(({ part, first }) => ({
    path: [...part.path, FAILOVER_GROUP],
    found: `the failover group of ${placeOf(first)}`,
    allowed: 'another name: both groups exist between switch and cleanup, and their names are global',
  }));
  const ofServer = facts.parts.flatMap((part) => {
    const server = facts.parts.find((other) => nameOf(facts, other, 'sql-server') === group(part));
    if (group(part) === null || server === undefined) return [];
    return [
      {
        path: [...part.path, FAILOVER_GROUP],
        found: `the name of the SQL server of ${placeOf(server)}`,
        allowed: 'another name: groups and servers share the names before ".database.windows.net"',
      },
    ];
  });
  return [...ofOtherSlot, ...ofServer];
};

export const TOPOLOGY_CHECKS: readonly Check[] = [
  onlyGeoRedundant,
  backupInBothSlots,
  failoverGroupInBothSlots,
  differentFailoverGroups,
];
