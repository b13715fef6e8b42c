// After a disaster, with slot swaps: the primary region is silent, and production was failed over to contoso-sql-dr.
import { describe, expect, test } from '@jest/globals';
import { settlePivot } from '../../src/application/settle-pivot.ts';
import type { Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { SiteRef } from '../../src/azure/ports.ts';
import { outcomeUnknown } from '../../src/steps/outcome-unknown.ts';
import { site } from '../guards/parts.ts';
import { type Database, entry, type Name, removalWorld } from '../steps/removal-world.ts';

interface Disaster {
  /** Frozen by this tool where not told. */
  readonly dr?: Partial<Database>;
  /** V2's geo-secondary; upgraded where not told, null: not there. */
  readonly three?: Partial<Database> | null;
  /** Whose database the backup region's site is connected to. */
  readonly connected?: Name;
  readonly swapping?: boolean;
  readonly method?: 'slot-swap' | 'traffic-manager';
  readonly failedOver?: boolean;
}

const silent = () =>
  new AzureError('no answer', { status: null, code: null, correlationId: null, outcomeUnknown: true });

function struck({ dr, three, connected = 'dr', swapping = false, ...rest }: Disaster) {
  const world = removalWorld({
    production: 'blue',
    databases: {
      dr: { readOnly: true, entry: entry('1', 'freezing'), ...dr },
      1: { unreachable: true },
      2: { unreachable: true },
      ...(three === null ? {} : { 3: { readOnly: true, entry: entry('2', 'upgraded'), ...three } }),
    },
  });
  const { azure, config, production } = world.context;
  const inBackupRegion = (name: string) => name === 'contoso-dr' || name === 'contoso-3';
  const appService = {
    ...azure.appService,
    getSite: async (ref: SiteRef) => {
      if (!inBackupRegion(ref.site)) throw silent();
      return site(ref.site, { operationInProgress: swapping });
    },
    listConnectionStrings: async (ref: SiteRef) => {
      if (!inBackupRegion(ref.site)) throw silent();
      return { db: { value: `Server=tcp:contoso-sql-${connected}.database.windows.net`, type: 'SQLAzure' } };
    },
    listAppSettings: async () => ({}),
  };
  const slots = config.slots.map(({ name, ...slot }) => ({ ...slot, name }));
  const context: UpgradeContext = {
    ...world.context,
    azure: { ...azure, appService } as unknown as UpgradeContext['azure'],
    config: {
      ...config,
      slots: slots as unknown as typeof config.slots,
      switchMethod: rest.method ?? 'slot-swap',
      deploymentSlot: 'staging',
    },
    ...((rest.failedOver ?? true) ? onStandby(production) : {}),
  };
  return { ...world, context };
}

/** As a run finds it: production's two regions are exchanged. */
function onStandby({ config, standby, ...primary }: Slot): Pick<UpgradeContext, 'production' | 'databases'> {
  if (!standby || !config.backup) throw new Error('no standby');
  const { name, failoverGroup } = config;
  const production = {
    ...standby,
    config: { ...config.backup, name, failoverGroup, backup: config },
    standby: { ...primary, config },
  };
  const at = (group: string, server: string) => ({ resourceGroup: group, server, database: 'contoso' });
  const pair = {
    name: 'contoso',
    production: at('contoso-blue-dr', 'contoso-sql-dr'),
    stage: at('contoso-green', 'contoso-sql-2'),
  };
  return { production, databases: [pair] };
}

async function settled(disaster: Disaster): Promise<unknown> {
  const { context, clock } = struck(disaster);
  let users: unknown = null;
  void settlePivot(context).then((found) => {
    users = found;
  });
  for (let second = 0; second < 300 && users === null; second++) await clock.advance(1_000);
  return users;
}

describe('users are on production for sure', () => {
  test.each<[string, Disaster]>([
    ['V2 is upgraded, nothing was swapped', {}],
    ['V2 has no standby yet: users are sent to none without', { three: null }],
    ['V2 is upgraded no further than the script', { three: { entry: entry('2', 'scripted') } }],
    ['what V2 says came with the data', { three: { entry: entry('1', 'serving') } }],
    ['the freeze had not arrived', { dr: { readOnly: false, entry: null } }],
  ])('%s', async (_, disaster) => {
    expect(await settled(disaster)).toBe('production');
  });
});

describe('users may be on V2', () => {
  test.each<[string, Disaster]>([
    ['V2 says that they are to be switched', { three: { entry: entry('2', 'switching') } }],
    ['V2 says that it serves', { three: { entry: entry('2', 'serving') } }],
    ['V2 says nothing in either region', { three: { unreachable: true } }],
    ['the backup region was swapped: the announcement may not have arrived', { connected: '3' }],
    ['the backup region is being swapped', { swapping: true }],
    ['nobody has failed production over', { failedOver: false }],
    ['a return to V1 was under way', { dr: { entry: entry('1', 'returning') } }],
  ])('%s', async (_, disaster) => {
    expect(await settled(disaster)).toBe('unknown');
  });
});

describe('what is said where it is not known', () => {
  test('a switch that a database tells of was sent, and nothing is given back by hand', async () => {
    const { context } = struck({ three: { entry: entry('2', 'switching') } });
    const { message, advice } = await outcomeUnknown(context, null);
    expect(message).toContain('the switch was sent');
    expect(advice.join('\n')).not.toContain('ALTER DATABASE');
  });

  test('where nothing tells of one it is not said, and there is a command for who knows', async () => {
    const { context } = struck({ three: { unreachable: true } });
    const { message, advice } = await outcomeUnknown(context, null);
    expect(message).not.toContain('the switch was sent');
    expect(advice.join('\n')).toMatch(/nobody was switched.*\nsqlcmd -S contoso-sql-dr.*ALTER DATABASE/);
  });
});
