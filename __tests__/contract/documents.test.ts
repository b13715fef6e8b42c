import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { SLOT_TOPOLOGIES, type SlotTopology } from '../../src/config/config.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { PHASES } from '../../src/engine/report.ts';
import { allRequiredActions, REQUIRED_ACTIONS, requiredActions } from '../../src/guards/required-actions.ts';
import { actionTables } from '../../tools/documents/action-tables.ts';
import { fillRegions } from '../../tools/documents/markdown.ts';
import { generatedFiles, staleFiles } from '../../tools/generate.ts';
import { changed, geoSample, geoSwapSample, loadGeo, sample, swapSample } from '../config/sample.ts';

const CONFIGS = globSync('examples/rolling-upgrade*.yml').filter((path) => !path.includes('upgrade-domains'));
const WORKFLOWS = globSync('examples/{approvals,dispatch}.yml');

/** Which an example is for is in its name. */
function topologyOf(path: string): SlotTopology {
  return SLOT_TOPOLOGIES.find((topology) => path.includes(topology)) ?? 'single-region';
}

const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync('schema.json', 'utf8')));

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

describe('schema.json', () => {
  test('has an id, and a description for every key', () => {
    expect(configJsonSchema().$id).toMatch(/^https:.*schema\.json$/);
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
    walk(configJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });

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

describe('examples', () => {
  test('there are some', () => expect(CONFIGS.length).toBeGreaterThanOrEqual(2));

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

  test.each(WORKFLOWS)('%s runs every phase in one topology, said in one place', (path) => {
    const workflow = parse(readFileSync(path, 'utf8'));
    expect(SLOT_TOPOLOGIES).toContain(workflow.env.TOPOLOGY);
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
