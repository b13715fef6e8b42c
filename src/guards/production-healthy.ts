import type { Observation } from '../application/observe.ts';
import { askHealth } from '../application/site-health.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import { FREEZE_STATUSES } from '../engine/journal.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass, perDatabase } from './verdict.ts';

/** Nothing is begun on something broken: whoever looks afterwards could not tell what broke it. */
export const productionHealthy: Guard = {
  id: 'production-healthy',
  title: 'Production answers and takes writes',
  phases: ['upgrade'],
  check: async (context, observed) =>
    allOf([
      await perDatabase(context, observed, (pair, { production: { access, why, journal } }) => {
        const where = `${pair.name} on ${pair.production.server}`;
        if (access === 'read-write') return pass(`${where} takes writes`);
        if (access === 'read-only' && journal && FREEZE_STATUSES.includes(journal.status))
          return pass(`${where} is frozen by this tool`);
        if (access === 'read-only') return frozenElsewhere(where);
        if (access === 'absent') return notKnowable(`${pair.name} is not on ${pair.production.server}`);
        return fail(
          'production-unhealthy',
          `${where} is ${access}${why ? `: ${why}` : ''}`,
          'Make the database reachable first, then run the upgrade again.',
        );
      }),
      await siteAnswers(context, observed),
    ]),
};

function frozenElsewhere(where: string): Verdict {
  return fail(
    'production-frozen-elsewhere',
    `${where} is read-only, but not by this tool`,
    'Find out who set it read-only, and why; this tool does not undo what it has not done.',
  );
}

/** Any 2xx will do: what V1 tells about itself is not V2's business. Its writes fail while it is frozen. */
async function siteAnswers(context: UpgradeContext, observed: Observation): Promise<Verdict> {
  const site = observed.sites.production;
  const { resourceGroup, site: name } = context.production.site;
  const tail = command('az', 'webapp', 'log', 'tail', '-g', resourceGroup, '-n', name);
  if (!site) {
    return fail(
      'resource-not-found',
      `the production web app ${name} is not in ${resourceGroup}`,
      'Correct the slot in the configuration file; these are there:',
      command('az', 'webapp', 'list', '-g', resourceGroup, '-o', 'table'),
    );
  }
  const { status, version, evidence } = await askHealth(context, site.defaultHostName);
  if (status !== null && status >= 200 && status < 300) {
    return pass(`${evidence}${alreadyExpected(observed, version, context.config.health.expectedVersion)}`);
  }
  if (observed.state === 'frozen') return pass(`${evidence}, while production is frozen`);
  return fail(
    'production-unhealthy',
    evidence,
    status === 404
      ? 'Bring production in order before it is upgraded, or correct health.path:'
      : 'Bring production in order before it is upgraded:',
    tail,
  );
}

/** Where V1 answers as V2 should, every verification of V2 passes for nothing. */
function alreadyExpected(observed: Observation, version: string | null, expected: string): string {
  if (version !== expected || observed.state === 'switched') return '';
  return `: production answers health.expected-version (${expected}) before the upgrade, so that version proves nothing of V2`;
}
