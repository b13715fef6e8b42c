import { describe, expect, test } from '@jest/globals';
import { variable } from '../../src/config/variables.ts';
import { changed, type Data, load, problemsOf, sample, swapSample } from './sample.ts';

interface Case {
  readonly what: string;
  readonly file: Data;
  /** "path: found": one problem and no other. */
  readonly problem: RegExp;
}

const slots = (data: Data) => data.slots as Data;

const CASES: readonly Case[] = [
  {
    what: 'one slot',
    file: { ...sample(), slots: { blue: slots(sample()).blue } },
    problem: /slots: found one slot; allowed: exactly two/,
  },
  {
    what: 'three slots',
    file: changed(sample(), 'slots.red', {
      'resource-group': 'r',
      'sql-server': 'contoso-sql-red',
      'web-app': 'contoso-red',
    }),
    problem: /slots: found 3 slots/,
  },
  {
    what: 'one server for both slots, once in full',
    file: changed(sample(), 'slots.green.sql-server', { name: 'contoso-sql-blue' }),
    problem: /slots\.green\.sql-server: found the SQL server of slot "blue"/,
  },
  {
    what: 'one site for both slots, in other letters',
    file: changed(sample(), 'slots.green.web-app', 'Contoso-Blue'),
    problem: /slots\.green\.web-app: found the web app of slot "blue"/,
  },
  {
    what: 'two sites to swap',
    file: changed(swapSample(), 'slots.green.web-app', 'contoso-2'),
    problem: /slots\.green\.web-app: found "contoso-2" in "contoso"; allowed: the web app of slot "blue"/,
  },
  {
    what: 'the same site name in two groups to swap',
    file: changed(swapSample(), 'slots.green.resource-group', 'elsewhere'),
    problem: /slots\.green\.web-app: found "contoso" in "elsewhere"/,
  },
  {
    what: 'a site to create where slots are swapped',
    file: changed(swapSample(), 'slots.green.web-app', { name: 'contoso', mode: 'create' }),
    problem: /slots\.green\.web-app\.mode: found "create"/,
  },
  {
    what: 'one endpoint for both slots',
    file: changed(sample(), 'slots.green.endpoint', 'blue'),
    problem: /slots\.green\.endpoint: found the endpoint of slot "blue"/,
  },
  {
    what: 'a plan for a site that exists',
    file: changed(sample(), 'slots.green.web-app', { name: 'contoso-green', 'app-service-plan': 'p' }),
    problem: /slots\.green\.web-app\.app-service-plan: .*only together with "mode: create"/,
  },
  {
    what: 'a database twice',
    file: { ...sample(), databases: ['Orders', 'billing', 'ORDERS'] },
    problem: /databases\[2\]: found "ORDERS"; allowed: each database once/,
  },
  {
    what: 'no Traffic Manager for its method',
    file: changed(sample(), 'traffic-manager', undefined),
    problem: /traffic-manager: found nothing/,
  },
  {
    what: 'no public name for external endpoints',
    file: changed(sample(), 'traffic-manager.public-name', undefined),
    problem: /traffic-manager\.public-name: found nothing.*404/,
  },
  {
    what: 'a deployment slot without a swap',
    file: { ...sample(), switch: { 'deployment-slot': 'staging' } },
    problem: /switch\.deployment-slot: .*only together with "method: slot-swap"/,
  },
  {
    what: 'scripts and a command',
    file: { ...sample(), upgrade: { scripts: ['db/*.sql'], command: ['flyway'] } },
    problem: /upgrade: found scripts and command/,
  },
  {
    what: 'neither scripts nor a command',
    file: { ...sample(), upgrade: { timeout: '5m' } },
    problem: /upgrade: found neither scripts nor command/,
  },
  {
    what: 'scripting variables for a command',
    file: { ...sample(), upgrade: { command: ['flyway'], variables: { A: 'b' } } },
    problem: /upgrade\.variables: .*only together with "scripts"/,
  },
  {
    what: 'a mapping of scripts that forgets a database',
    file: { ...sample(), databases: ['contoso', 'billing'], upgrade: { scripts: { contoso: ['db/*.sql'] } } },
    problem: /upgrade\.scripts: found nothing for the database billing; allowed: .*\[\]/,
  },
  {
    what: 'a mapping of scripts with a database that is none of the application',
    file: changed(sample(), 'upgrade.scripts', { contoso: ['db/*.sql'], orders: [] }),
    problem: /upgrade\.scripts\.orders: found "orders", which is not in databases; allowed: contoso\.$/,
  },
  {
    what: 'a file that is not there, of one database',
    file: changed(sample(), 'upgrade.scripts', { contoso: ['db/*.sql', 'db/*.sqll'] }),
    problem: /upgrade\.scripts\.contoso\[1\]: found "db\/\*\.sqll", which matches no file/,
  },
  {
    what: 'a mapping of commands that forgets a database',
    file: { ...sample(), upgrade: { command: {} } },
    problem: /upgrade\.command: found nothing for the database contoso/,
  },
  {
    what: 'a grace that uses up the read-only time',
    file: { ...sample(), freeze: { grace: '2m' }, 'max-read-only': '2m' },
    problem: /freeze\.grace: found a grace of 2m; allowed: less than max-read-only \(2m\)/,
  },
  {
    what: 'a read-only time below the default grace',
    file: { ...sample(), 'max-read-only': '10s' },
    problem: /max-read-only: found a grace of 10s; allowed: less than max-read-only/,
  },
  {
    what: 'a drain longer than the read-only time',
    file: { ...sample(), drain: { timeout: '31m' } },
    problem: /drain\.timeout: found "31m"; allowed: at most max-read-only \(30m\)/,
  },
  {
    what: 'a script longer than the read-only time',
    file: changed(sample(), 'upgrade.timeout', '1h'),
    problem: /upgrade\.timeout: found "1h"/,
  },
  {
    what: 'more health checks than fit',
    file: changed(sample(), 'health', { 'expected-version': '2', consecutive: 61, timeout: '5m' }),
    problem: /health\.timeout: found 5m for 61 checks, one every 5s; allowed: more than the 300 s/,
  },
];

describe('rules between keys', () => {
  test.each(CASES)('$what is refused, and nothing else is said', ({ file, problem }) => {
    expect(problemsOf(load(file))).toEqual([expect.stringMatching(problem)]);
  });

  test('two sites to swap are told as they are written: a variable may hold a secret', () => {
    let file = changed(swapSample(), 'slots.green.web-app', variable('SITE'));
    file = changed(file, 'slots.green.resource-group', variable('GROUP'));
    expect(problemsOf(load(file, { SITE: 'contoso-2', GROUP: 'hunter2' }))).toEqual([
      expect.stringContaining(`found "${variable('SITE')}" in "${variable('GROUP')}"`),
    ]);
  });

  test('azure endpoints need no public name', () => {
    let file = changed(sample(), 'traffic-manager.public-name', undefined);
    for (const slot of ['blue', 'green']) {
      file = changed(file, `slots.${slot}.endpoint`, { name: slot, type: 'azure' });
    }
    expect(load(file).config?.trafficManager?.publicName).toBeNull();
  });

  test('are told together with mistakes of the shape, but not about what is known to be wrong', () => {
    const file = changed(changed(sample(), 'slots.green.sql-server', 'contoso-sql-blue'), 'databases', [
      'a/b',
      'A/B',
    ]);
    expect(problemsOf(load(file)).map((line) => line.replace(/^\S+ ([^:]+):.*/, '$1'))).toEqual([
      'slots.green.sql-server',
      'databases[0]',
      'databases[1]',
    ]);
  });
});
