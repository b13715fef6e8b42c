// The web site in the stage slot, and in its backup region: verified where the user's workflow deploys it, created by
// parts where the configuration says so.
import { inBackupRegion } from '../application/regions.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  creationTags,
  type Deployment,
  type Role,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import type { ConnectionString } from '../azure/ports.ts';
import { blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/** The site of the stage slot, like production's. */
export function stageSite(context: UpgradeContext): Step {
  return siteStep(context, context, {
    id: 'stage-site',
    called: 'stage site',
    setting: 'web-app.mode',
  });
}

/** The site of the stage slot in the backup region, like production's standby site there. */
export function standbySite(context: UpgradeContext): Step {
  return siteStep(context, inBackupRegion(context), {
    id: 'standby-site',
    called: 'standby site',
    setting: 'backup.web-app.mode',
  });
}

interface SiteStep {
  readonly id: string;
  readonly called: string;
  /** Key of the slot in the configuration that has it created. */
  readonly setting: string;
}

type Sides = Readonly<Record<Role, Deployment>>;

/** @param sides production's site, which is the template, and the stage slot's in the same region. */
function siteStep(context: UpgradeContext, sides: Sides, { id, called, setting }: SiteStep): Step {
  const { site, resourceGroup } = sides.stage.site;
  const create = sides.stage.config.webAppMode === 'create';
  return {
    id,
    title: create ? `Create the ${called} ${site} like production's` : `The ${called} ${site} exists`,
    article: null,
    phase: 'prepare',
    changes: create
      ? `${site} is created on a plan like production's, with the same package and settings and the stage database in its connection strings`
      : '',
    pivot: false,
    wayBack: `${site} stays for the next upgrade`,
    assess: async () => {
      const existing = await context.azure.appService.getSite(sides.stage.site);
      if (existing) return done(`${existing.name} exists at ${existing.defaultHostName}`);
      if (create) return toDo(`${site} does not exist`);
      return blocked(
        'resource-not-found',
        `The ${called} ${site} does not exist in ${resourceGroup}`,
        `Deploy it with your own workflow, or set ${setting}: create for this slot.`,
      );
    },
    apply: async (run) => {
      await ensureStillAlone(context);
      const created = await createLikeProduction(context, sides, run);
      return [`${created.name} created at ${created.defaultHostName}`];
    },
    undo: null,
  };
}

async function createLikeProduction(context: UpgradeContext, { production, stage }: Sides, run: StepRun) {
  const { appService } = context.azure;
  const template = production.site;
  const source = await appService.getSite(template);
  if (!source)
    throw new UpgradeError('resource-not-found', `The production site ${template.site} does not exist`);
  const [settings, strings] = await Promise.all([
    appService.listAppSettings(template),
    appService.listConnectionStrings(template),
  ]);
  return appService.createSite(
    {
      ref: stage.site,
      template,
      planName: stage.config.appServicePlan ?? `${stage.site.site}-plan`,
      appSettings: mapValues(settings, (value) => toStageServers(context, value)),
      connectionStrings: mapValues(strings, (string: ConnectionString) => ({
        ...string,
        value: toStageServers(context, string.value),
      })),
      tags: creationTags(context),
    },
    run.progress,
  );
}

/** In both regions: a site may name its region's server, and the other region's to fall back on. */
function toStageServers({ production, stage }: UpgradeContext, text: string): string {
  const own = toStageServer({ production, stage }, text);
  if (!production.standby || !stage.standby) return own;
  return toStageServer({ production: production.standby, stage: stage.standby }, own);
}

/**
 * The same text with production's SQL server replaced by the stage slot's, as host and in `User ID=name@server`
 * (with another server there the login is refused, error 40532); other text is left alone.
 */
export function toStageServer(
  sides: Readonly<Record<Role, Pick<Deployment, 'server'>>>,
  text: string,
): string {
  const from = sides.production.server;
  const to = sides.stage.server;
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
