import type { UpgradeContext } from '../application/upgrade-context.ts';
import { command } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { isSticky, readSettings, type Setting, told } from './site-settings.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/**
 * Where slots are swapped, V2 takes its database with it. A "deployment slot setting" stays behind: V2 would come
 * to production and find V1's connection string there.
 */
export const connectionStringTravels: Guard = {
  id: 'connection-string-travels',
  title: 'The connection string travels with the deployment slot',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async (context, observed) => {
    const { production, stage, azure } = context;
    if (!observed.sites.stage) {
      return notKnowable(
        `deployment slot ${stage.site.deploymentSlot ?? ''} of ${stage.site.site} is not there yet`,
      );
    }
    const [slotSettings, ...settings] = await Promise.all([
      azure.appService.listSlotSettingNames(production.site),
      readSettings(azure.appService, production.site, context),
      readSettings(azure.appService, stage.site, context),
    ]);
    const naming = settings.flat().filter((one) => one.names !== 'neither');
    const sticky = naming.filter((one) => isSticky(slotSettings, one));
    const names = (list: readonly Setting[]) => [...new Set(list.map(told))].join(', ');
    if (sticky.length > 0) {
      return fail(
        'connection-string-sticky',
        `${names(sticky)} of ${stage.site.site} names a SQL server and stays with its deployment slot: after the swap V2 would work on V1's data`,
        'In both deployment slots clear "Deployment slot setting" for it (portal: Environment variables; the command shows which are set):',
        ...showSticky(context),
      );
    }
    if (naming.length === 0)
      return notKnowable('no setting names a SQL server, so what travels cannot be seen');
    return pass(`${names(naming)} travels with the deployment slot`);
  },
};

function showSticky(context: UpgradeContext): string[] {
  const { resourceGroup, site } = context.production.site;
  const which = ['-g', resourceGroup, '-n', site, '--query', '[?slotSetting].name'];
  return [
    command('az', 'webapp', 'config', 'connection-string', 'list', ...which),
    command('az', 'webapp', 'config', 'appsettings', 'list', ...which),
  ];
}
