// (1) The web site in the stage slot: verified where the user's workflow deploys it, created by parts where the
// configuration says so.

import { creationTags, type UpgradeContext } from '../application/upgrade-context.ts';
import type { ConnectionString } from '../azure/ports.ts';
import { blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

export function stageSite(context: UpgradeContext): Step {
  const { site } = context.stage.site;
  const create = context.stage.config.webAppMode === 'create';
  return {
    id: 'stage-site',
    title: create ? `Create the stage site ${site} like production's` : `The stage site ${site} exists`,
    article: null,
    phase: 'prepare',
    changes: create
      ? `${site} is created on a plan like production's, with the same package and settings and the stage database in its connection strings`
      : '',
    pivot: false,
    wayBack: `${site} stays for the next upgrade`,
    assess: async () => {
      const existing = await context.azure.appService.getSite(context.stage.site);
      if (existing) return done(`${existing.name} exists at ${existing.defaultHostName}`);
      if (create) return toDo(`${site} does not exist`);
      return blocked(
        'resource-not-found',
        `The stage site ${site} does not exist in ${context.stage.site.resourceGroup}`,
        'Deploy it with your own workflow, or set web-app.mode: create for this slot.',
      );
    },
    apply: async (run) => {
      const created = await createLikeProduction(context, run.progress);
      return [`${created.name} created at ${created.defaultHostName}`];
    },
    undo: null,
  };
}

async function createLikeProduction(context: UpgradeContext, onProgress: (line: string) => void) {
  const { appService } = context.azure;
  const template = context.production.site;
  const source = await appService.getSite(template);
  if (!source)
    throw new UpgradeError('resource-not-found', `The production site ${template.site} does not exist`);
  const [settings, strings] = await Promise.all([
    appService.listAppSettings(template),
    appService.listConnectionStrings(template),
  ]);
  return appService.createSite(
    {
      ref: context.stage.site,
      template,
      planName: context.stage.config.appServicePlan ?? `${context.stage.site.site}-plan`,
      appSettings: mapValues(settings, (value) => toStageServer(context, value)),
      connectionStrings: mapValues(strings, (string: ConnectionString) => ({
        ...string,
        value: toStageServer(context, string.value),
      })),
      tags: creationTags(context),
    },
    onProgress,
  );
}

/**
 * The same text with production's SQL server replaced by the stage slot's, as host and in `User ID=name@server`
 * (with another server there the login is refused, error 40532); other text is left alone.
 */
export function toStageServer(context: Pick<UpgradeContext, 'production' | 'stage'>, text: string): string {
  const from = context.production.server;
  const to = context.stage.server;
  // A host name that only begins or ends like it is another host.
  const host = new RegExp(`(?<![a-z0-9.-])${escaped(from.fullyQualifiedDomainName)}(?!\\.?[a-z0-9-])`, 'gi');
  if (!host.test(text)) return text;
  const user = new RegExp(`(\\b(?:user id|uid|user)\\s*=[^;@]*@)${escaped(from.name)}(?![a-z0-9.-])`, 'gi');
  return text
    .replaceAll(host, () => to.fullyQualifiedDomainName)
    .replaceAll(user, (_, before: string) => before + to.name);
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.');
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
