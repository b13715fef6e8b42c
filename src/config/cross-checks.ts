// What the schema cannot say: rules between keys. Those between the slots are in cross-check-slots.ts, those of a
// topology in cross-check-topology.ts.

import type { SlotTopology } from './config.ts';
import { checksFitIntoTimeout, eachOnce } from './cross-check-common.ts';
import { SLOT_CHECKS } from './cross-check-slots.ts';
import { TOPOLOGY_CHECKS } from './cross-check-topology.ts';
import { type Check, gatherFacts } from './cross-facts.ts';
import { parseDuration } from './duration.ts';
import { didYouMean } from './near-miss.ts';
import type { Problem } from './problems.ts';
import { valueAt } from './shape.ts';
import { variable } from './variables.ts';
import type { YamlSource } from './yaml-source.ts';

/** Every broken rule, also in a file that breaks the schema: a file gets all its errors at once. */
export function crossCheck(source: YamlSource, topology: SlotTopology): Problem[] {
  const facts = gatherFacts(source, topology);
  return CHECKS.flatMap((check) => check(facts));
}

const databasesOnce: Check = (facts) =>
  eachOnce(facts, ['databases'], 'each database once (case does not count)');

const trafficManagerForItsMethod: Check = (facts) => {
  if (facts.method !== 'traffic-manager' || facts.has(['traffic-manager'])) return [];
  const allowed = 'the profile that sends users to a slot, or "switch: {method: slot-swap}"';
  return [{ path: ['traffic-manager'], found: 'nothing', allowed }];
};

/** facts: an app behind an external endpoint answers 404 for *.trafficmanager.net, which only azure endpoints bind. */
const publicNameForExternalEndpoints: Check = (facts) => {
  const path = ['traffic-manager', 'public-name'];
  if (facts.method !== 'traffic-manager' || !facts.has(['traffic-manager']) || facts.has(path)) return [];
  const external = facts.parts.filter(
    (part) => (facts.text([...part.path, 'endpoint', 'type']) ?? 'external') === 'external',
  );
  if (external.length === 0) return [];
  return [
    {
      path,
      found: 'nothing',
      allowed:
        'the name users open, e.g. www.contoso.com: App Service answers 404 for *.trafficmanager.net behind an endpoint of type external',
    },
  ];
};

const deploymentSlotOnlyToSwap: Check = (facts) => {
  const path = ['switch', 'deployment-slot'];
  if (facts.method !== 'traffic-manager' || !facts.has(path)) return [];
  return [
    { path, found: 'a deployment slot', allowed: 'only together with "method: slot-swap"', atKey: true },
  ];
};

const scriptsOrCommand: Check = ({ has }) => {
  if (!has(['upgrade'])) return [];
  const both = has(['upgrade', 'scripts']) && has(['upgrade', 'command']);
  const neither = !has(['upgrade', 'scripts']) && !has(['upgrade', 'command']);
  if (!both && !neither) {
    if (!has(['upgrade', 'command']) || !has(['upgrade', 'variables'])) return [];
    const allowed = 'only together with "scripts"; a command takes arguments and its environment';
    return [{ path: ['upgrade', 'variables'], found: 'scripting variables', allowed, atKey: true }];
  }
  return [
    {
      path: ['upgrade'],
      found: both ? 'scripts and command' : 'neither scripts nor command',
      allowed: 'one of the two, e.g. scripts: [db/*.sql]',
    },
  ];
};

/** A mapping by database says something about every one of them: what was forgotten would be found by users. */
const upgradeOfEveryDatabase: Check = ({ source }) => {
  const databases = valueAt(source.data, ['databases']);
  const unset = source.problems.some((problem) => problem.path[0] === 'databases');
  if (!Array.isArray(databases) || unset) return [];
  // As written, because the value of a variable may be a secret.
  const written = databases.map(
    (name, index) => source.writtenAt(['databases', index]) ?? JSON.stringify(name),
  );
  return ['scripts', 'command'].flatMap((key) => {
    const path = ['upgrade', key];
    const given = valueAt(source.data, path);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return [];
    const names = Object.keys(given);
    const unknown = names.filter((name) => !databases.includes(name));
    const missing = written.filter((_, index) => !names.includes(databases[index]));
    return [
      ...unknown.map((name) => ({
        path: [...path, name],
        found: `"${name}", which is not in databases`,
        allowed: `${written.join(', ')}.${didYouMean(name, written)}`,
        atKey: true,
      })),
      ...missing.map((name) => ({
        path,
        found: `nothing for the database ${name}`,
        allowed: 'a list for every database; an empty one, [], leaves its database as it is',
      })),
    ];
  });
};

/** Everything between freeze and switch has to fit into the time users may be read-only. */
const withinReadOnly: Check = (facts) => {
  const limit = facts.milliseconds(['max-read-only'], '30m');
  if (limit === null) return [];
  const limitText = facts.text(['max-read-only']) ?? '30m';
  const grace = facts.milliseconds(['freeze', 'grace'], '10s');
  const problems: Problem[] = [];
  if (grace !== null && grace >= limit) {
    const path = facts.has(['freeze', 'grace']) ? ['freeze', 'grace'] : ['max-read-only'];
    problems.push({
      path,
      found: `a grace of ${facts.text(['freeze', 'grace']) ?? '10s'}`,
      allowed: `less than max-read-only (${limitText})`,
    });
  }
  for (const path of [
    ['drain', 'timeout'],
    ['upgrade', 'timeout'],
  ]) {
    const written = facts.text(path);
    const ms = written === null ? null : parseDuration(written);
    if (ms === null || ms <= limit) continue;
    problems.push({
      path,
      found: `"${written}"`,
      allowed: `at most max-read-only (${limitText}): users are read-only meanwhile`,
    });
  }
  return problems;
};

const healthCanPass = checksFitIntoTimeout({ timeout: '5m', interval: '5s' });

const passwordFromEnvironment: Check = ({ source, text }) => {
  const path = ['sql-login', 'password'];
  const unset = source.problems.some((problem) => problem.path.join('.') === path.join('.'));
  if (text(path) === null || unset || source.variablesAt(path).length > 0) return [];
  const allowed = `a variable of the environment, filled from a secret: password: ${variable('SQL_PASSWORD')}`;
  return [{ path, found: 'a password in clear text', allowed }];
};

const CHECKS: readonly Check[] = [
  ...SLOT_CHECKS,
  ...TOPOLOGY_CHECKS,
  databasesOnce,
  trafficManagerForItsMethod,
  publicNameForExternalEndpoints,
  deploymentSlotOnlyToSwap,
  scriptsOrCommand,
  upgradeOfEveryDatabase,
  withinReadOnly,
  healthCanPass,
  passwordFromEnvironment,
];
