import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { FirewallRule } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { fail, pass } from './verdict.ts';

/** Rules of a server do not replicate (those of a database do): whoever reaches V1's data has to reach V2's. */
export const stageFirewall: Guard = {
  id: 'stage-firewall',
  title: "The stage server's firewall lets in what production's lets in",
  phases: ['prepare', 'upgrade'],
  check: async (context) => {
    const { production, stage } = context;
    if (isPrivate(production.server.publicNetworkAccess) && isPrivate(stage.server.publicNetworkAccess)) {
      return pass('both servers have public network access disabled; firewall rules do not apply');
    }
    const [wanted, there] = await Promise.all([rulesOf(context, 'production'), rulesOf(context, 'stage')]);
    const missing = wanted.filter((rule) => !there.some((other) => covers(other, rule)));
    if (missing.length === 0) {
      return pass(
        `${stage.server.name} lets in every range of ${production.server.name} (${wanted.length}); virtual network rules and private endpoints are not compared`,
      );
    }
    return fail(
      'sql-firewall',
      `${stage.server.name} lacks firewall rules of ${production.server.name}: ${missing.map(told).join(', ')}`,
      'Create the rules on the stage server, or delete them from the production server where nobody needs them:',
      ...missing.map((rule) => creation(context, rule)),
    );
  },
};

function isPrivate(publicNetworkAccess: string | null): boolean {
  return publicNetworkAccess?.toLowerCase() === 'disabled';
}

function rulesOf(context: UpgradeContext, role: 'production' | 'stage'): Promise<FirewallRule[]> {
  const { sqlResourceGroup, sqlServer } = context[role].config;
  return context.azure.sql.listFirewallRules({ resourceGroup: sqlResourceGroup, server: sqlServer });
}

/** From 0.0.0.0 to 0.0.0.0 is no address but "services within Azure". */
function isAzureServices(rule: FirewallRule): boolean {
  return rule.startIpAddress === '0.0.0.0' && rule.endIpAddress === '0.0.0.0';
}

function covers(rule: FirewallRule, wanted: FirewallRule): boolean {
  if (isAzureServices(wanted) && isAzureServices(rule)) return true;
  if (isAzureServices(wanted) && rule.endIpAddress !== '255.255.255.255') return false;
  return (
    address(rule.startIpAddress) <= address(wanted.startIpAddress) &&
    address(rule.endIpAddress) >= address(wanted.endIpAddress)
  );
}

/** An IPv4 address as a number; NaN, which is in no range, where it is none. */
function address(text: string): number {
  const parts = text.split('.').map(Number);
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}

function told({ name, startIpAddress, endIpAddress }: FirewallRule): string {
  return `${name} (${startIpAddress} to ${endIpAddress})`;
}

function creation(context: UpgradeContext, rule: FirewallRule): string {
  const { sqlResourceGroup, sqlServer } = context.stage.config;
  const range = ['--start-ip-address', rule.startIpAddress, '--end-ip-address', rule.endIpAddress];
  const where = ['-g', sqlResourceGroup, '-s', sqlServer, '-n', rule.name];
  return command('az', 'sql', 'server', 'firewall-rule', 'create', ...where, ...range);
}
