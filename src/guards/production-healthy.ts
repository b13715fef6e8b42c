import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { WebAnswer } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import { FREEZE_STATUSES } from '../engine/journal.ts';
import type { Guard, Verdict } from './guard.ts';
import { siteName } from './site-settings.ts';
import { allOf, fail, pass, perDatabase } from './verdict.ts';

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
        return fail(
          'production-unhealthy',
          `${where} is ${access}${why ? `: ${why}` : ''}`,
          'Make the database reachable first, then run the upgrade again.',
        );
      }),
      await siteAnswers(context, observed),
      pass(await stageAnswers(context, observed)),
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
  const { url, answer } = await ask(context, site.defaultHostName);
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
    return pass(`${url} answered ${answer.status}`);
  }
  const said = answer.kind === 'answered' ? `answered ${answer.status}` : answer.why;
  if (observed.state === 'frozen') return pass(`${url} ${said}, while production is frozen`);
  return fail(
    'production-unhealthy',
    `${url} ${said}`,
    'Bring production in order before it is upgraded:',
    tail,
  );
}

/** Told, not judged: V2 on a database that is not upgraded yet may well be unhealthy. */
async function stageAnswers(context: UpgradeContext, observed: Observation): Promise<string> {
  const site = observed.sites.stage;
  if (!site) return `the stage web app ${siteName(context.stage.site)} does not exist`;
  const { url, answer } = await ask(context, site.defaultHostName);
  return answer.kind === 'answered'
    ? `stage: ${url} answered ${answer.status}`
    : `stage: ${url}: ${answer.why}`;
}

async function ask(context: UpgradeContext, host: string): Promise<{ url: string; answer: WebAnswer }> {
  const { protocol, path, requestTimeoutMs } = context.config.health;
  const url = `${protocol}://${host}${path}`;
  return { url, answer: await context.azure.web.get(url, requestTimeoutMs) };
}
