import { standbyOf } from '../application/regions.ts';
import type { DatabasePair, Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseInfo } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass, perDatabase } from './verdict.ts';

/**
 * A geo-secondary of the geo-secondary that the stage database is. Azure refuses it for Hyperscale and with
 * customer-managed keys (SecurityAzureKeyVaultGeoChainError); ledger digests have a guard of their own.
 */
export const chainingPossible: Guard = {
  id: 'chaining-possible',
  title: 'The stage database can have a geo-secondary while it is one itself',
  phases: ['prepare'],
  check: (context, observed) =>
    perDatabase(context, observed, (pair, { production, protection }) => {
      if (!production.info) return notKnowable(`${pair.name} is not on ${pair.production.server}`);
      if (protection?.stage) return pass(`${pair.name}: Azure has chained it already`);
      return allOf([hyperscale(context, pair, production.info), customerManaged(context, pair)]);
    }),
};

function hyperscale(context: UpgradeContext, pair: DatabasePair, { sku }: DatabaseInfo): Verdict {
  if (sku?.tier?.toLowerCase() !== 'hyperscale')
    return pass(`${pair.name} is ${sku?.tier ?? 'of unknown tier'}`);
  return notPossible(context, `${pair.name} is Hyperscale, which Azure does not chain`);
}

function customerManaged(context: UpgradeContext, pair: DatabasePair): Verdict {
  const chain = [context.production, context.stage, standbyOf(context, 'stage')];
  const withKey = chain.filter(({ server }) => server.keyId !== null);
  if (withKey.length === 0) return pass('no customer-managed key');
  return notPossible(
    context,
    `${pair.name} would be chained over ${withKey.map(({ server }) => server.name).join(', ')} with a customer-managed key, which Azure refuses`,
    'Or let the servers use service-managed keys while the application is upgraded:',
    ...withKey.map(serviceManagedKey),
  );
}

function serviceManagedKey({ config, server }: Deployment): string {
  const where = ['-g', config.sqlResourceGroup, '-s', server.name];
  return command('az', 'sql', 'server', 'tde-key', 'set', ...where, '-t', 'ServiceManaged');
}

function notPossible(context: UpgradeContext, evidence: string, ...detached: string[]): Verdict {
  const confirm = `longer-read-only ${context.stage.config.name}`;
  return fail(
    'chaining-not-possible',
    evidence,
    `Set standby.mode: after-termination in the configuration file: the stage's geo-secondary is made in phase upgrade, after the link to production is cut. It costs the users its seeding read-only, beside the script, and has to be confirmed in phase upgrade (confirm: "${confirm}").`,
    ...detached,
  );
}
