import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { SLOT_TOPOLOGIES, type SlotTopology, TOPOLOGIES } from '../../src/config/config.ts';
import { configJsonSchema, serviceJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadServiceConfig } from '../../src/config/service-load.ts';
import { PHASES } from '../../src/engine/report.ts';
import { allRequiredActions, REQUIRED_ACTIONS, requiredActions } from '../../src/guards/required-actions.ts';
import { actionTables } from '../../tools/documents/action-tables.ts';
import { fillRegions } from '../../tools/documents/markdown.ts';
import { generatedFiles, staleFiles } from '../../tools/generate.ts';
import { changed, geoSample, geoSwapSample, loadGeo, sample, swapSample } from '../config/sample.ts';
import { cloudService, scaleSets, swappedService } from '../config/service-sample.ts';

const OF_SERVICES = ['cloud-service', 'upgrade-domains'];
const isOfService = (path: string) => OF_SERVICES.some((words) => path.includes(words));
const ALL_CONFIGS = globSync('examples/rolling-upgrade*.yml').sort();
const CONFIGS = ALL_CONFIGS.filter((path) => !isOfService(path));
const SERVICE_CONFIGS = ALL_CONFIGS.filter(isOfService);
const WORKFLOWS = globSync('examples/{approvals,dispatch,domains}.yml').sort();
const SECRETS = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  PACKAGE_URL: 'https://contoso.blob.core.windows.net/service/contoso-2.0.0.cspkg?sig=abc',
  PREVIOUS_PACKAGE_URL: 'https://contoso.blob.core.windows.net/service/contoso-1.0.0.cspkg?sig=def',
};

/** Which an example is for is in its name. */
function topologyOf(path: string): SlotTopology {
  return SLOT_TOPOLOGIES.find((topology) => path.includes(topology)) ?? 'single-region';
}

const compiled = (file: string) =>
  new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
const validate = compiled('schema.json');
const validateService = compiled('service-schema.json');

describe('generated documents', () => {
  test('are as they would be generated now', () => {
    expect(staleFiles('.')).toEqual([]);
  });

  test('are noticed where they are not', () => {
    const root = mkdtempSync(join(tmpdir(), 'rolling-upgrade-documents-'));
    mkdirSync(join(root, 'docs'));
    for (const [path, content] of generatedFiles('.')) {
      if (path !== 'README.md') writeFileSync(join(root, path), content);
    }
    writeFileSync(join(root, 'action.yml'), readFileSync('action.yml'));
    expect(staleFiles(root)).toEqual([]);
    writeFileSync(
      join(root, 'docs', 'config.md'),
      readFileSync('docs/config.md', 'utf8').replace('| `version`', '| `versio`'),
    );
    expect(staleFiles(root)).toEqual(['docs/config.md']);
  });

  test('cannot be made of an input without a description', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rolling-upgrade-documents-')), 'action.yml');
    writeFileSync(file, 'inputs:\n  phase:\n    required: true\n    description: " "\noutputs: {}\n');
    expect(() => actionTables(file)).toThrow(/has no description/);
  });

  test('a region that nothing generates is refused', () => {
    expect(() => fillRegions('<!-- generated:nonsense -->\n<!-- /generated -->', {})).toThrow(/nonsense/);
  });
});

describe.each([
  ['schema.json', configJsonSchema],
  ['service-schema.json', serviceJsonSchema],
])('%s', (name, schemaOf) => {
  test('has an id, and a description for every key', () => {
    expect(schemaOf().$id).toMatch(new RegExp(`^https:.*/${name}$`));
    const undescribed: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties, ...rest } = schema as { properties?: Record<string, { description?: string }> };
      for (const [key, child] of Object.entries(properties ?? {})) {
        if (child.description === undefined) undescribed.push(`${path}.${key}`);
        walk(child, `${path}.${key}`);
      }
      for (const child of Object.values(rest)) walk(child, path);
    };
    walk(schemaOf(), '');
    expect(undescribed).toEqual([]);
  });

  test('is what the documents tell editors to take, for the files that it is for', () => {
    const ofIt = name === 'schema.json' ? CONFIGS : SERVICE_CONFIGS;
    for (const path of ofIt) expect(readFileSync(path, 'utf8')).toContain(`$schema=${schemaOf().$id}\n`);
    expect(readFileSync('docs/config.md', 'utf8')).toContain(`$schema=${schemaOf().$id}\n`);
  });
});

describe('schema.json', () => {
  test.each(CONFIGS)('accepts %s as it is written, with its variables', (file) => {
    expect(validate(parse(readFileSync(file, 'utf8'))) || validate.errors).toBe(true);
  });

  test('agrees with the loader about what is right', () => {
    for (const file of [sample(), swapSample(), geoSample(), geoSwapSample()])
      expect(validate(file) || validate.errors).toBe(true);
  });

  test.each([
    ['an unknown key', 'max-readonly', '5m'],
    ['a wrong duration', 'max-read-only', 'ten minutes'],
    ['a wrong choice', 'switch', { method: 'dns' }],
    ['a wrong server name', 'slots.blue.sql-server', 'Contoso_SQL'],
    ['a number for a version', 'health.expected-version', 2],
    ['scripts and a command', 'upgrade', { scripts: ['a.sql'], command: ['b'] }],
    ['a standby without a server', 'slots.green.backup', { 'resource-group': 'a', 'web-app': 'b' }],
    ['a wrong mode of standbys', 'standby', { mode: 'later' }],
    ['a third slot', 'slots.red', { 'resource-group': 'a', 'sql-server': 'b', 'web-app': 'cc' }],
  ])('refuses %s, for editors', (_, path, value) => {
    expect(validate(changed(sample(), path, value))).toBe(false);
  });
});

describe('service-schema.json', () => {
  test.each(SERVICE_CONFIGS)('accepts %s as it is written, with its variables', (file) => {
    expect(validateService(parse(readFileSync(file, 'utf8'))) || validateService.errors).toBe(true);
  });

  test('agrees with the loader about what is right', () => {
    for (const file of [scaleSets(), cloudService(), swappedService()])
      expect(validateService(file) || validateService.errors).toBe(true);
  });

  test.each([
    ['an unknown key', 'walk.start-time', '5m'],
    ['a wrong duration', 'walk.start-timeout', 'half an hour'],
    ['a wrong choice', 'walk.on-stuck', 'continue'],
    ['a wrong minimum', 'service.scale-sets.front.minimum-healthy', 'most'],
    [
      'a number for a version of an extension',
      'service.scale-sets.front.extensions',
      { app: { version: 2 } },
    ],
    ['scale sets and a cloud service', 'service.cloud-service', cloudService()],
    ['the keys of slots', 'databases', ['contoso']],
  ])('refuses %s, for editors', (_, path, value) => {
    expect(validateService(changed(scaleSets(), path, value))).toBe(false);
  });

  test('and schema.json do not take each other’s files', () => {
    expect(validateService(sample())).toBe(false);
    expect(validate(scaleSets())).toBe(false);
  });
});

describe('examples', () => {
  test('there are some', () => expect(CONFIGS.length).toBeGreaterThanOrEqual(2));

  test.each(SERVICE_CONFIGS)('%s loads', (path) => {
    const config = loadServiceConfig({
      path: path.replace(/^examples./, ''),
      workspace: 'examples', // its .cscfg stands beside it
      environment: { VERSION: '2.0.0', ...SECRETS },
      mask: () => undefined,
    });
    expect(config.application).toBe('contoso');
  });

  test('there is one of each kind of service', () => {
    const kinds = SERVICE_CONFIGS.map((path) => Object.keys(parse(readFileSync(path, 'utf8')).service)[0]);
    expect(new Set(kinds)).toEqual(new Set(['scale-sets', 'cloud-service']));
  });

  test.each(TOPOLOGIES)('who has no file for %s is told an example of it that there is', (topology) => {
    const nowhere = { path: 'nowhere.yml', workspace: 'examples', environment: {}, mask: () => undefined };
    const load = () =>
      topology === 'upgrade-domains' ? loadServiceConfig(nowhere) : loadConfig({ ...nowhere, topology });
    expect(load).toThrow(
      expect.objectContaining({
        reason: 'config-not-found',
        advice: expect.arrayContaining([
          expect.stringMatching(
            topology === 'single-region' ? /rolling-upgrade\.yml/ : new RegExp(`\\.${topology}\\.yml`),
          ),
        ]),
      }),
    );
  });

  test('there is one for each topology', () => {
    expect(new Set(CONFIGS.map(topologyOf))).toEqual(new Set(SLOT_TOPOLOGIES));
  });

  test.each(CONFIGS)('%s loads', (path) => {
    const config = loadConfig({
      path: path.replace(/^examples./, ''),
      topology: topologyOf(path),
      workspace: 'examples', // its scripts stand beside it
      environment: { VERSION: '2.0.0' },
      mask: () => undefined,
    });
    expect(config.health.expectedVersion).toBe('2.0.0');
  });

  test('the slots of two regions in docs/config.md load', () => {
    const [, block = ''] = /^```yaml\n(slots:\n.*?)^```/ms.exec(readFileSync('docs/config.md', 'utf8')) ?? [];
    const { config, error } = loadGeo({ ...geoSample(), ...parse(block) });
    expect(error).toBeNull();
    expect(config?.slots.map((slot) => slot.backup?.endpoint.name)).toEqual(['contoso-dr', 'contoso-3']);
  });

  test('the README’s configuration loads with what its own workflow gives it', () => {
    const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(
      ([, text = '']) => text,
    );
    const workflow = parse(blocks.find((text) => text.includes('workflow_dispatch')) ?? '');
    const given = (value: string) =>
      value.replace(/^\$\{\{ inputs\.(\w+) \}\}$/, (_all, name: string) => {
        expect(workflow.on.workflow_dispatch.inputs[name]).toMatchObject({ required: true });
        return `a ${name}`;
      });
    const environment = Object.fromEntries(
      Object.entries<string>(workflow.env).map(([name, value]) => [name, given(value)]),
    );
    const workspace = mkdtempSync(join(tmpdir(), 'rolling-upgrade-documents-'));
    cpSync('examples/db', join(workspace, 'db'), { recursive: true });
    writeFileSync(join(workspace, 'own.yml'), blocks.find((text) => text.includes('slots:')) ?? '');
    const config = loadConfig({
      path: 'own.yml',
      topology: 'single-region',
      workspace,
      environment,
      mask: () => undefined,
    });
    expect(config.health.expectedVersion).toBe('a version');
  });

  test('the README’s configuration of a service loads', () => {
    const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)];
    const text = blocks.map(([, block = '']) => block).find((block) => block.includes('\nservice:'));
    const workspace = mkdtempSync(join(tmpdir(), 'rolling-upgrade-documents-'));
    writeFileSync(join(workspace, 'own.yml'), text ?? '');
    const { service } = loadServiceConfig({
      path: 'own.yml',
      workspace,
      environment: { VERSION: '2.0.0', ...SECRETS },
      mask: () => undefined,
    });
    expect(service.roles.map(({ name }) => name)).toEqual(['front', 'worker']);
  });

  test('domains.yml asks a person before every domain, and walks one a job', () => {
    const { jobs } = parse(readFileSync('examples/domains.yml', 'utf8'));
    const walking = Object.entries<{ needs: string; environment: string; steps: { with?: object }[] }>(
      jobs,
    ).filter(([name]) => name.startsWith('domain-'));
    expect(walking.map(([name]) => name)).toEqual([0, 1, 2, 3, 4].map((domain) => `domain-${domain}`));
    walking.forEach(([, job], domain) => {
      expect(job.environment).toBe('production');
      expect(job.needs).toBe(domain === 0 ? 'plan' : `domain-${domain - 1}`);
      expect(job.steps.at(-1)?.with).toMatchObject({ domain: 'next' });
    });
    expect(jobs.rollback.needs).toEqual(walking.map(([name]) => name));
  });

  test.each(WORKFLOWS)('%s runs every phase in one topology, said in one place', (path) => {
    const workflow = parse(readFileSync(path, 'utf8'));
    expect(TOPOLOGIES).toContain(workflow.env.TOPOLOGY);
    const jobs = Object.values<{ steps: { uses?: string; with?: { topology?: string } }[] }>(workflow.jobs);
    const runs = jobs.flatMap((job) => job.steps).filter((step) => step.uses?.startsWith('OWNER/'));
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(run.with?.topology).toBe('${' + '{ env.TOPOLOGY }}');
  });

  test.each(WORKFLOWS)('%s is careful', (path) => {
    const workflow = parse(readFileSync(path, 'utf8'));
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency['cancel-in-progress']).toBe(false);
    for (const job of Object.values<{ 'timeout-minutes': number; permissions: object; environment: unknown }>(
      workflow.jobs,
    )) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job.permissions).toMatchObject({ 'id-token': 'write', contents: 'read' });
      expect(job.environment).toBeTruthy();
    }
    expect(workflow.jobs.rollback.if).toMatch(/always\(\)/);
  });
});

describe('permissions', () => {
  const role = JSON.parse(readFileSync('docs/custom-role.json', 'utf8'));

  test('of every phase are in the custom role, and nothing else is', () => {
    expect(role.Actions).toEqual(allRequiredActions());
    expect(role.Actions).not.toContain('*');
    expect(role.DataActions).toEqual([]);
  });

  test('are written as Azure writes them', () => {
    for (const action of allRequiredActions()) {
      expect(action).toMatch(/^Microsoft\.[A-Za-z]+(?:\/[A-Za-z]+|\/\*)+\/(?:read|write|delete|action)$/);
    }
  });

  test('to look are rights to read', () => {
    const reading = /\/(?:read|list\/action)$/;
    for (const phase of ['status', 'plan'] as const) {
      const needed = REQUIRED_ACTIONS.filter((required) => required.phases.includes(phase));
      expect(needed.filter((required) => !reading.test(required.action))).toEqual([]);
    }
  });

  test('to delete are only asked for by the phases that delete', () => {
    const deleting = REQUIRED_ACTIONS.filter(
      ({ action }) => action.endsWith('/delete') && !action.includes('replicationLinks'),
    );
    for (const { phases, when } of deleting) {
      expect(phases).toEqual([when === 'rollback-remove' ? 'rollback' : 'cleanup']);
    }
  });

  test('depend on the configuration', () => {
    expect(requiredActions('switch', 'web-app', [])).not.toContain('Microsoft.Web/sites/slotsswap/action');
    expect(requiredActions('switch', 'web-app', ['slot-swap'])).toContain(
      'Microsoft.Web/sites/slotsswap/action',
    );
    for (const phase of PHASES)
      expect(requiredActions(phase, 'sql-server', [])).toContain('Microsoft.Sql/servers/read');
  });

  test('are all in docs/permissions.md', () => {
    const text = readFileSync('docs/permissions.md', 'utf8');
    for (const action of allRequiredActions()) expect(text).toContain(`\`${action}\``);
  });
});
