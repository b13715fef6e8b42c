// Law 10: who protects from a disaster is looked at before the freeze, after the cut, and before users arrive.
import { describe, expect, test } from '@jest/globals';
import type { ReplicationLink } from '../../src/azure/ports.ts';
import { makeReady } from '../../src/steps/make-ready.ts';
import { nothingRead } from '../../src/steps/read-ahead.ts';
import { terminateLink } from '../../src/steps/terminate-link.ts';
import { verifyStandby } from '../../src/steps/verify-standby.ts';
import { link, site } from '../guards/parts.ts';
import {
  type BeforeTheSwitch,
  beforeTheSwitch,
  type Name,
  type Options,
  primaryTo,
  run,
  secondaryOf,
} from './before-the-switch.ts';

const suspended = { replication_state_desc: 'SUSPENDED' };

describe('before the freeze', () => {
  const ready = (options: Options) => {
    const appService = { getSite: async () => null };
    const app = beforeTheSwitch({ azure: { appService }, ...options });
    return app.ended(makeReady(app.context).apply(run));
  };

  test('both slots have a geo-secondary that has caught up', async () => {
    expect(await ready({})).toEqual([
      expect.anything(),
      'contoso: contoso-sql-1 → contoso-sql-dr CATCH_UP',
      'contoso: contoso-sql-2 → contoso-sql-3 CATCH_UP',
    ]);
  });

  test.each<[string, Options['databases'], string]>([
    ['production has none', { '1': { links: {} } }, 'contoso-sql-1 → contoso-sql-dr'],
    ['its server does not answer', { dr: { unreachable: true } }, 'contoso-sql-1 → contoso-sql-dr'],
    ["the stage's has none", { '2': { links: {} } }, 'contoso-sql-2 → contoso-sql-3'],
    [
      "the stage's is suspended, as it says itself",
      { '3': { links: { '2': secondaryOf('2', suspended) } } },
      'contoso-sql-2 → contoso-sql-3',
    ],
    [
      'production was failed over there: the link goes on, the other way round',
      { '1': { links: { dr: secondaryOf('dr') } }, dr: { links: { '1': primaryTo('1') } } },
      'contoso-sql-1 → contoso-sql-dr',
    ],
  ])('nothing is frozen where %s', async (_where, databases, name) => {
    await expect(ready(databases ? { databases } : {})).rejects.toMatchObject({
      reason: 'standby-not-caught-up',
      message: expect.stringContaining(name),
    });
  });

  test("the stage's is not there yet where it cannot be chained", async () => {
    const config = { standbyMode: 'after-termination' } as const;
    const databases = { '2': { links: {} }, '3': { unreachable: true } };
    expect(await ready({ config, databases })).toHaveLength(2);
  });
});

describe('the cut', () => {
  /** Production with three links, as its server lists them: DR first. */
  function linked(): { app: BeforeTheSwitch; removed: string[] } {
    const removed: string[] = [];
    const listed: ReplicationLink[] = [
      link({ id: 'to-dr', partnerServer: 'contoso-sql-dr' }),
      link({ id: 'to-stage', partnerServer: 'contoso-sql-2' }),
    ];
    const sql = {
      listLinks: async () => listed.filter(({ id }) => !removed.includes(id)),
      removeLink: async (_ref: unknown, id: string) => {
        removed.push(id);
        delete app.databases['1'].links['2'];
        delete app.databases['2'].links['1'];
      },
    };
    const app = beforeTheSwitch({
      azure: { sql },
      databases: {
        '1': { links: { dr: primaryTo('dr'), '2': primaryTo('2') } },
        '2': { links: { '1': secondaryOf('1'), '3': primaryTo('3') } },
      },
    });
    return { app, removed };
  }

  test('removes the link to the stage database only, and tells that the others stand', async () => {
    const { app, removed } = linked();
    const evidence = await app.ended(terminateLink(app.context).apply(run));
    expect(removed).toEqual(['to-stage']);
    expect(evidence[0]).toContain('contoso-sql-1 → contoso-sql-dr is still there (CATCH_UP)');
    expect(evidence[0]).toContain('contoso-sql-2 → contoso-sql-3 is still there (CATCH_UP)');
    expect(app.warnings).toEqual([]);
  });

  test('a link that runs the other way by now protects nobody', async () => {
    const { app } = linked();
    app.databases['2'].links['3'] = secondaryOf('3');
    await app.ended(terminateLink(app.context).apply(run));
    expect(app.warnings).toEqual([expect.stringContaining('contoso-sql-2 → contoso-sql-3')]);
  });

  test.each<[Name, Name, string]>([
    ['1', 'dr', 'contoso-sql-1 → contoso-sql-dr'],
    ['2', '3', 'contoso-sql-2 → contoso-sql-3'],
  ])('goes on with a warning where the one of contoso-sql-%s is missing', async (at, partner, name) => {
    const { app } = linked();
    delete app.databases[at].links[partner];
    const evidence = await app.ended(terminateLink(app.context).apply(run));
    expect(evidence[0]).not.toContain(name);
    expect(app.warnings).toEqual([
      expect.stringContaining(`${name}, which protects from a disaster, is missing`),
    ]);
  });
});

describe('before users arrive', () => {
  const VERSION = '2.0.0';

  /** What answers at the stage's site in the backup region. */
  function answering(version: string, databases: Options['databases'] = {}) {
    const asked: string[] = [];
    const sites: string[] = [];
    const appService = {
      getSite: async (ref: { site: string }) => {
        sites.push(ref.site);
        return site('x', { defaultHostName: `${ref.site}.azurewebsites.net` });
      },
    };
    const web = {
      get: async (url: string) => {
        asked.push(url);
        return { kind: 'answered', status: 200, headers: {}, body: JSON.stringify({ version }), chain: [] };
      },
    };
    const app = beforeTheSwitch({ databases, azure: { appService, web } });
    return { app, asked, sites };
  }

  const verify = (app: BeforeTheSwitch) => app.ended(verifyStandby(app.context).apply(run));

  test("V2 has answered at the backup region's own address, and its database has caught up", async () => {
    const { app, asked } = answering(VERSION);
    expect(await verify(app)).toEqual([
      expect.stringContaining('version 2.0.0'),
      'contoso: contoso-sql-2 → contoso-sql-3 CATCH_UP, lag 0 s',
    ]);
    expect(new Set(asked)).toEqual(new Set(['https://contoso-3.azurewebsites.net/health']));
  });

  test('where it answers is read before the freeze, and not again while users wait', async () => {
    const { app, asked, sites } = answering(VERSION);
    const ahead = nothingRead();
    await app.ended(makeReady(app.context, ahead).apply(run));
    const before = sites.length;
    await app.ended(verifyStandby(app.context, ahead).apply(run));
    expect([before, sites.length]).toEqual([1, 1]);
    expect(new Set(asked)).toEqual(new Set(['https://contoso-3.azurewebsites.net/health']));
  });

  test('V1 there is not V2', async () => {
    const { app } = answering('1.0.0');
    await expect(verify(app)).rejects.toMatchObject({ reason: 'standby-unhealthy' });
  });

  const lag = (seconds: number | null): Options['databases'] => ({
    '2': { links: { '3': primaryTo('3', { replication_lag_sec: seconds }) } },
  });

  test.each<[string, Options['databases']]>([
    ['it is 6 s behind', lag(6)],
    ['nobody knows how far it is behind', lag(null)],
    ['V2 was failed over to it', { '2': { links: { '3': secondaryOf('3') } } }],
    ['it is suspended', { '2': { links: { '3': primaryTo('3', suspended) } } }],
    ['it cannot be read', { '3': { unreachable: true } }],
  ])('nobody is sent there while %s', async (_while, databases) => {
    const { app } = answering(VERSION, databases);
    await expect(verify(app)).rejects.toMatchObject({
      reason: 'standby-not-caught-up',
      message: expect.stringContaining('Users are not sent to green'),
    });
  });

  test('5 s are as good as none; a lag that is not known for a moment is asked for again', async () => {
    const { app } = answering(VERSION, lag(null));
    void app.clock.sleep(10_000).then(() => {
      app.databases['2'].links['3'] = primaryTo('3', { replication_lag_sec: 5 });
    });
    expect(await verify(app)).toEqual([expect.anything(), expect.stringContaining('lag 5 s')]);
  });
});
