// The keys of topology geo-redundant: what they become, and what is refused in which topology.
import { describe, expect, test } from '@jest/globals';
import { changed, type Data, geoSample, geoSwapSample, load, loadGeo, problemsOf, sample } from './sample.ts';

const withGroups = (blue: unknown, green: unknown) =>
  changed(changed(geoSample(), 'slots.blue.failover-group', blue), 'slots.green.failover-group', green);

describe('a file for two regions', () => {
  test('gives each slot its standby, whose endpoint is called like its web app', () => {
    const { config, error } = loadGeo(geoSample());
    expect(error).toBeNull();
    expect(config).toMatchObject({ topology: 'geo-redundant', standbyMode: 'chained' });
    expect(config?.slots.map((slot) => slot.endpoint.name)).toEqual(['blue', 'green']);
    expect(config?.slots[1].failoverGroup).toBeNull();
    expect(config?.slots[1].backup).toEqual({
      resourceGroup: 'contoso-green-dr',
      sqlServer: 'contoso-sql-3',
      sqlResourceGroup: 'contoso-green-dr',
      elasticPool: null,
      webApp: 'contoso-3',
      webAppResourceGroup: 'contoso-green-dr',
      webAppMode: 'existing',
      appServicePlan: null,
      endpoint: { name: 'contoso-3', type: 'external' },
    });
  });

  test('may say everything in full', () => {
    let file = changed(withGroups('contoso-fog-blue', 'contoso-fog-green'), 'standby', {
      mode: 'after-termination',
    });
    file = changed(file, 'slots.green.backup', {
      'resource-group': 'contoso-green-dr',
      'sql-server': { name: 'contoso-sql-3', 'resource-group': 'contoso-sql', 'elastic-pool': 'pool' },
      'web-app': { name: 'contoso-3', 'resource-group': 'web', mode: 'create', 'app-service-plan': 'plan' },
      endpoint: { name: 'second-dr', type: 'azure' },
    });
    const { config, error } = loadGeo(file);
    expect(error).toBeNull();
    expect(config?.standbyMode).toBe('after-termination');
    expect(config?.slots.map((slot) => slot.failoverGroup)).toEqual([
      'contoso-fog-blue',
      'contoso-fog-green',
    ]);
    expect(config?.slots[1].backup).toEqual({
      resourceGroup: 'contoso-green-dr',
      sqlServer: 'contoso-sql-3',
      sqlResourceGroup: 'contoso-sql',
      elasticPool: 'pool',
      webApp: 'contoso-3',
      webAppResourceGroup: 'web',
      webAppMode: 'create',
      appServicePlan: 'plan',
      endpoint: { name: 'second-dr', type: 'azure' },
    });
  });

  test('an endpoint of which only the type is said has the name of the web app too', () => {
    const { config } = loadGeo(changed(geoSample(), 'slots.blue.backup.endpoint', { type: 'azure' }));
    expect(config?.slots[0].backup?.endpoint).toEqual({ name: 'contoso-dr', type: 'azure' });
  });

  test('to swap has one web app a region, and endpoints play no part', () => {
    const { config, error } = loadGeo(geoSwapSample());
    expect(error).toBeNull();
    expect(config?.slots.map((slot) => slot.backup?.webApp)).toEqual(['contoso-dr', 'contoso-dr']);
  });

  test('an unknown key of a standby is told with the one that was meant', () => {
    expect(problemsOf(loadGeo(changed(geoSample(), 'slots.blue.backup.sql-servers', 'a')))).toEqual([
      expect.stringMatching(/slots\.blue\.backup\.sql-servers: .*Did you mean "sql-server"\?/),
    ]);
  });
});

interface Case {
  readonly what: string;
  readonly file: Data;
  /** The only problem. */
  readonly problem: RegExp;
}

const REFUSED: readonly Case[] = [
  {
    what: 'a slot without a standby',
    file: changed(geoSample(), 'slots.green.backup', undefined),
    problem: /slots\.green\.backup: found nothing; .*or use topology: single-region/,
  },
  {
    what: "a standby on the other slot's server",
    file: changed(geoSample(), 'slots.green.backup.sql-server', 'contoso-sql-1'),
    problem:
      /slots\.green\.backup\.sql-server: found the SQL server of slot "blue"; .*another logical server/,
  },
  {
    what: 'one server for both standbys',
    file: changed(geoSample(), 'slots.green.backup.sql-server', { name: 'contoso-sql-dr' }),
    problem: /slots\.green\.backup\.sql-server: found the SQL server of the backup of slot "blue"/,
  },
  {
    what: "a standby's site that is the slot's own",
    file: changed(geoSample(), 'slots.green.backup.web-app', 'Contoso-2'),
    problem: /slots\.green\.backup\.web-app: found the web app of slot "green"/,
  },
  {
    what: "an endpoint called like another one's web app",
    file: changed(geoSample(), 'slots.green.endpoint', 'contoso-dr'),
    problem: /slots\.blue\.backup\.endpoint: found the endpoint of slot "green"/,
  },
  {
    what: 'two web apps to swap in the backup region',
    file: changed(geoSwapSample(), 'slots.green.backup.web-app.name', 'contoso-3'),
    problem: /slots\.green\.backup\.web-app: found "contoso-3" .* the web app of the backup of slot "blue"/,
  },
  {
    what: 'a site to create in the backup region where slots are swapped',
    file: changed(geoSwapSample(), 'slots.blue.backup.web-app.mode', 'create'),
    problem: /slots\.blue\.backup\.web-app\.mode: found "create"/,
  },
  {
    what: "a plan for a standby's site that exists",
    file: changed(geoSample(), 'slots.blue.backup.web-app', { name: 'contoso-dr', 'app-service-plan': 'p' }),
    problem: /slots\.blue\.backup\.web-app\.app-service-plan: .*only together with "mode: create"/,
  },
  {
    what: 'a failover group in one slot',
    file: withGroups('contoso-fog-blue', undefined),
    problem: /slots\.green\.failover-group: found nothing; allowed: a name, as slot "blue" has one, or none/,
  },
  {
    what: 'one failover group for both slots',
    file: withGroups('contoso-fog', 'contoso-fog'),
    problem: /slots\.green\.failover-group: found the failover group of slot "blue"/,
  },
  {
    what: 'a failover group called like a server',
    file: withGroups('contoso-sql-3', 'contoso-fog-green'),
    problem: /slots\.blue\.failover-group: found the name of the SQL server of the backup of slot "green"/,
  },
  {
    what: 'a failover group by its full name',
    file: withGroups('contoso-fog-blue', 'contoso-fog-green.database.windows.net'),
    problem: /slots\.green\.failover-group: .*by its short name/,
  },
  {
    what: 'a mode of standbys that does not exist',
    file: { ...geoSample(), standby: { mode: 'after' } },
    problem: /standby\.mode: found "after"; allowed: one of chained, after-termination/,
  },
];

describe('in topology geo-redundant', () => {
  test.each(REFUSED)('$what is refused, and nothing else is said', ({ file, problem }) => {
    expect(problemsOf(loadGeo(file))).toEqual([expect.stringMatching(problem)]);
  });

  test('one web app for both regions to swap is told in both slots', () => {
    let file = geoSwapSample();
    for (const slot of ['blue', 'green']) {
      file = changed(file, `slots.${slot}.backup.web-app`, {
        name: 'contoso',
        'resource-group': 'contoso-blue-dr',
      });
    }
    expect(problemsOf(loadGeo(file))).toEqual([
      expect.stringMatching(/slots\.blue\.backup\.web-app: found the web app of slot "blue".*each region/),
      expect.stringMatching(/slots\.green\.backup\.web-app: found the web app of slot "green"/),
    ]);
  });

  test('the file of a single region is told what it lacks, in both slots at once', () => {
    expect(problemsOf(loadGeo(sample()))).toEqual([
      expect.stringMatching(/slots\.blue\.backup: found nothing/),
      expect.stringMatching(/slots\.green\.backup: found nothing/),
    ]);
  });

  test('the standbys are external endpoints too, which need a public name', () => {
    let file = changed(geoSample(), 'traffic-manager.public-name', undefined);
    for (const slot of ['blue', 'green']) file = changed(file, `slots.${slot}.endpoint`, { type: 'azure' });
    expect(problemsOf(loadGeo(file))).toEqual([expect.stringMatching(/public-name: found nothing/)]);
  });
});

describe('in topology single-region', () => {
  test('whatever belongs to two regions is refused, all at once, each at its key', () => {
    const file = { ...withGroups('contoso-fog-blue', 'contoso-fog-green'), standby: {} };
    const problems = problemsOf(load(file));
    expect(problems.map((line) => line.replace(/^\S+ ([^:]+):.*/, '$1'))).toEqual([
      'slots.blue.backup',
      'slots.blue.failover-group',
      'slots.green.backup',
      'slots.green.failover-group',
      'standby',
    ]);
    for (const problem of problems) {
      expect(problem).toMatch(/topology: single-region; remove the key or use topology: geo-redundant$/);
    }
  });
});
