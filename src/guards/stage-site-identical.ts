import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { SiteConfiguration, SlotSettingNames } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { isSticky, readSettings, type Setting, siteName, told } from './site-settings.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/**
 * The article's "identical web site": same runtime, health path and settings by name, and connected to the stage
 * database. Values are compared and never told.
 */
export const stageSiteIdentical: Guard = {
  id: 'stage-site-identical',
  title: "The stage web app is production's twin, on the stage database",
  phases: ['prepare', 'upgrade', 'switch'],
  check: async (context, observed, phase) => {
    const { production, stage } = context;
    if (!observed.sites.production) {
      return fail(
        'resource-not-found',
        `the production web app ${production.site.site} is not in ${production.site.resourceGroup}`,
        'Correct the slot in the configuration file; these are there:',
        command('az', 'webapp', 'list', '-g', production.site.resourceGroup, '-o', 'table'),
      );
    }
    if (!observed.sites.stage)
      return notKnowable(`the stage web app ${siteName(stage.site)} is not there yet`);
    return compare(context, phase);
  },
};

async function compare(context: UpgradeContext, phase: GuardedPhase): Promise<Verdict> {
  const { production, stage, azure, config } = context;
  const { appService } = azure;
  const [here, there, ours, theirs, sticky] = await Promise.all([
    appService.getConfiguration(production.site),
    appService.getConfiguration(stage.site),
    readSettings(appService, production.site, context),
    readSettings(appService, stage.site, context),
    config.switchMethod === 'slot-swap' ? appService.listSlotSettingNames(production.site) : NONE_STICKY,
  ]);
  if (phase === 'switch' && isSwapped(context, ours, theirs))
    return pass(
      `${siteName(production.site)} has V2 already: a switch that was not seen to its end has swapped it`,
    );
  return allOf([
    sameConfiguration(context, here, there),
    sameNames(
      context,
      ours.filter((one) => !isSticky(sticky, one)),
      theirs,
    ),
    namesStageServer(context, ours, theirs),
  ]);
}

/** The backup region is swapped first, and the switch that goes on finds it so. */
function isSwapped(
  { config }: UpgradeContext,
  ours: readonly Setting[],
  theirs: readonly Setting[],
): boolean {
  const nameOnly = (settings: readonly Setting[], server: 'production' | 'stage') => {
    const named = settings.map(({ names }) => names).filter((names) => names !== 'neither');
    return named.length > 0 && named.every((names) => names === server);
  };
  return config.switchMethod === 'slot-swap' && nameOnly(ours, 'stage') && nameOnly(theirs, 'production');
}

/** Sticky settings take no part in a swap, so they may be on one side only. */
const NONE_STICKY: SlotSettingNames = { appSettings: [], connectionStrings: [] };

function sameConfiguration(
  context: UpgradeContext,
  here: SiteConfiguration,
  there: SiteConfiguration,
): Verdict {
  const keys = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort();
  const differing = keys.filter((key) => (here[key] ?? null) !== (there[key] ?? null));
  if (differing.length === 0) return pass(`same configuration (${keys.length} keys)`);
  return fail(
    'stage-site-differs',
    `${siteName(context.stage.site)} differs from ${siteName(context.production.site)} in ${differing.join(', ')}`,
    'Configure the stage web app as production is; this shows both:',
    configure(context, 'production', ['show']),
    configure(context, 'stage', ['show']),
  );
}

/** What V2 has in addition is its own affair; what it lacks is what V1 could not do without. */
function sameNames(context: UpgradeContext, ours: readonly Setting[], theirs: readonly Setting[]): Verdict {
  const missing = ours.filter((one) => !has(theirs, one));
  const more = theirs.filter((one) => !has(ours, one));
  const added = more.length > 0 ? `; in addition: ${more.map(told).join(', ')}` : '';
  if (missing.length === 0) return pass(`every setting is there by name (${ours.length})${added}`);
  return fail(
    'stage-site-differs',
    `${siteName(context.stage.site)} lacks ${missing.map(told).join(', ')}`,
    'Add them to the stage web app, with the values that V2 needs:',
    ...(missing.some((one) => one.kind === 'app setting') ? [setAppSetting(context)] : []),
    ...(missing.some((one) => one.kind === 'connection string') ? [setConnectionString(context)] : []),
  );
}

function has(settings: readonly Setting[], wanted: Setting): boolean {
  return settings.some((one) => one.kind === wanted.kind && one.name === wanted.name);
}

function namesStageServer(
  context: UpgradeContext,
  ours: readonly Setting[],
  theirs: readonly Setting[],
): Verdict {
  const { production, stage } = context;
  const site = siteName(stage.site);
  const wrong = theirs.filter((one) => one.names === 'production' || one.names === 'both');
  if (wrong.length > 0) {
    return fail(
      'stage-site-differs',
      `${site} names production's SQL server ${production.server.name} in ${wrong.map(told).join(', ')}: V2 would work on V1's data`,
      `Let them name ${stage.server.fullyQualifiedDomainName} instead; connection strings are set by:`,
      setConnectionString(context),
    );
  }
  if (theirs.some((one) => one.names === 'stage')) return pass(`${site} names ${stage.server.name}`);
  const seen = ours.filter((one) => one.names === 'production');
  const hidden = theirs.some((one) => one.isReference);
  if (seen.length === 0 || hidden) {
    return notKnowable(
      `no setting of ${site} shows which SQL server it uses (a reference, or outside App Service)`,
    );
  }
  return fail(
    'stage-site-differs',
    `no setting of ${site} names ${stage.server.name}; production names its server in ${seen.map(told).join(', ')}`,
    `Let the stage web app name ${stage.server.fullyQualifiedDomainName}; connection strings are set by:`,
    setConnectionString(context),
  );
}

/** `az webapp config …` of one of the two web apps. */
function configure(
  context: UpgradeContext,
  role: Role,
  subcommand: readonly string[],
  options: readonly string[] = [],
): string {
  const { resourceGroup, site, deploymentSlot } = context[role].site;
  const slot = deploymentSlot === null ? [] : ['--slot', deploymentSlot];
  const where = ['-g', resourceGroup, '-n', site, ...slot];
  return command('az', 'webapp', 'config', ...subcommand, ...where, ...options);
}

function setConnectionString(context: UpgradeContext): string {
  const options = ['-t', 'SQLAzure', '--settings', 'NAME=VALUE'];
  return configure(context, 'stage', ['connection-string', 'set'], options);
}

function setAppSetting(context: UpgradeContext): string {
  return configure(context, 'stage', ['appsettings', 'set'], ['--settings', 'NAME=VALUE']);
}
