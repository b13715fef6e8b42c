// (4) The stage slot's site in the backup region: like production's standby site, and tied to the stage slot's server
// there.
import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { AppService, NewSite, SqlConnection } from '../../src/azure/ports.ts';
import { stageSite, standbySite } from '../../src/steps/stage-site.ts';
import { site } from '../guards/parts.ts';
import { type Options, preparing, run } from './preparing.ts';
import { sessionsWith } from './sessions-with.ts';

const HOST = 'database.windows.net';

/** Every site of production is there, with these connection strings by site. */
function world(strings: Readonly<Record<string, string>>, options: Options = {}) {
  const created: NewSite[] = [];
  const appService: Partial<AppService> = {
    getSite: async ({ site: name }) =>
      ['contoso-1', 'contoso-dr'].includes(name) || created.some(({ ref }) => ref.site === name)
        ? site(name, { name })
        : null,
    listAppSettings: async ({ site: name }) => ({ NAME: name }),
    listConnectionStrings: async ({ site: name }) => ({
      contoso: { value: strings[name] ?? '', type: 'SQLAzure' },
    }),
    createSite: async (one) => {
      created.push(one);
      return site(one.ref.site, { name: one.ref.site });
    },
  };
  const asked: string[] = [];
  const locked: Partial<SqlConnection> = { query: async () => [{ mode: 'Exclusive' }] };
  const sessions = sessionsWith((target, use) => {
    asked.push(target.host);
    return use(locked as SqlConnection);
  });
  const context = preparing({
    stage: { webAppMode: 'create' },
    standby: { webAppMode: 'create' },
    ...options,
    context: {
      azure: { appService } as unknown as UpgradeContext['azure'],
      sessions,
    },
  });
  return { context, created, asked };
}

describe('the standby site', () => {
  test("is made like production's standby site, with its own plan, tied to its own server", async () => {
    const { context, created } = world({ 'contoso-dr': `Server=contoso-sql-dr.${HOST};Database=contoso` });
    const step = standbySite(context);
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    await step.apply(run);
    expect(created).toMatchObject([
      {
        ref: { resourceGroup: 'contoso-green-dr', site: 'contoso-3' },
        template: { resourceGroup: 'contoso-blue-dr', site: 'contoso-dr' },
        planName: 'contoso-3-plan',
        appSettings: { NAME: 'contoso-dr' },
        connectionStrings: { contoso: { value: `Server=contoso-sql-3.${HOST};Database=contoso` } },
      },
    ]);
    expect(await step.assess(run)).toMatchObject({ kind: 'done' });
  });

  test('takes the lock where production is, not on its read-only copy', async () => {
    const { context, asked } = world({});
    await standbySite(context).apply(run);
    expect(asked).toEqual([`contoso-sql-1.${HOST}`]);
  });

  test('is refused where it is the workflow that deploys it, with the key that would have it created', async () => {
    const { context } = world({}, { standby: { webAppMode: 'existing' } });
    expect(await standbySite(context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'resource-not-found',
      message: 'The standby site contoso-3 does not exist in contoso-green-dr',
      advice: [expect.stringContaining('backup.web-app.mode: create')],
    });
  });
});

test('a site of either region that names both servers of production is given both of the stage slot', async () => {
  const both = `Server=contoso-sql-1.${HOST};Failover Partner=contoso-sql-dr.${HOST}`;
  const { context, created } = world({ 'contoso-1': both, 'contoso-dr': both });
  await stageSite(context).apply(run);
  await standbySite(context).apply(run);
  const expected = `Server=contoso-sql-2.${HOST};Failover Partner=contoso-sql-3.${HOST}`;
  expect(created.map(({ connectionStrings }) => connectionStrings.contoso?.value)).toEqual([
    expected,
    expected,
  ]);
});
