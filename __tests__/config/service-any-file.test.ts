// Whatever is in the file of a service: it is accepted, or refused in words with every problem placed.
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { jsonSchemaOf } from '../../src/config/json-schema.ts';
import { serviceFile } from '../../src/config/service-schema.ts';
import { variable } from '../../src/config/variables.ts';
import { changed, type Data } from './sample.ts';
import { CSCFG, cloudService, GALLERY, loadService, scaleSets, swappedService } from './service-sample.ts';

const FRONT = 'service.scale-sets.front';
const CLOUD = 'service.cloud-service';
const PATHS = [
  'version',
  'application',
  'service',
  'service.virtual-domains',
  'service.scale-sets',
  FRONT,
  `${FRONT}.name`,
  `${FRONT}.resource-group`,
  `${FRONT}.minimum-healthy`,
  `${FRONT}.image`,
  `${FRONT}.size`,
  `${FRONT}.extensions`,
  `${FRONT}.extensions.app`,
  `${FRONT}.extensions.app.version`,
  `${FRONT}.extensions.app.settings`,
  'service.scale-sets.worker.name',
  CLOUD,
  `${CLOUD}.name`,
  `${CLOUD}.package`,
  `${CLOUD}.configuration`,
  `${CLOUD}.previous-configuration`,
  `${CLOUD}.staging`,
  `${CLOUD}.roles`,
  `${CLOUD}.roles.WebRole`,
  `${CLOUD}.roles.WebRole.minimum-healthy`,
  'update',
  'update.image',
  'update.size',
  'walk',
  'walk.roles',
  'walk.mode',
  'walk.start-timeout',
  'walk.on-stuck',
  'walk.accept-downtime',
  'health',
  'health.consecutive',
  'health.timeout',
  'switch',
  'switch.method',
  'nonsense',
];

const SIGNED = 'https://contoso.blob.core.windows.net/a/v.cspkg?sig=xyzzy%2Fsecret';
const value = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, 3, 2.5, '', '5m', '75%', '3', 'swap', 'manual', [], {}),
  fc.constantFrom(Number.NaN, { toString: 0 }, [{ toString: 0 }], { toString: 0, valueOf: null }),
  fc.constantFrom('contoso-front', 'contoso-cloud', 'Standard_D2s_v5', '2.1', CSCFG, GALLERY, 'latest'),
  fc.constantFrom(`${GALLERY}/versions/1.0.0`, 'a:b:c:1.0.0', 'a:b:c:latest', SIGNED, variable('SECRET')),
  fc.constantFrom(['front'], ['front', 'WebRole'], [variable('SECRET')], { WebRole: {} }),
  fc.constantFrom({ version: '2.1' }, { settings: { port: 80 } }, { app: { version: '2.1' } }),
  fc.constantFrom({ name: 'a', 'resource-group': 'b', size: 'Standard_D2s_v5' }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string(),
);
/** Right in some file, alone or with another one. */
const SENSIBLE: readonly (readonly [string, unknown])[] = [
  [`${FRONT}.minimum-healthy`, '75%'],
  [`${FRONT}.minimum-healthy`, 1],
  [`${FRONT}.image`, 'a:b:c:1.0.0'],
  [`${FRONT}.size`, 'Standard_D2s_v5'],
  [`${FRONT}.extensions`, { app: { settings: { port: 80 } } }],
  ['service.scale-sets.third', { name: 'c', 'resource-group': 'b', size: 'Standard_D2s_v5' }],
  ['service.scale-sets.worker', undefined],
  ['service.virtual-domains', '20'],
  [`${CLOUD}.package`, SIGNED],
  [`${CLOUD}.roles`, { Third: {} }],
  [`${CLOUD}.staging`, 'contoso-other'],
  ['update', undefined],
  ['update.size', 'Standard_D2s_v5'],
  ['walk.roles', ['front']],
  ['walk.roles', [variable('SECRET')]],
  ['walk.roles', ['WebRole']],
  ['walk.accept-downtime', 'true'],
  ['walk.start-timeout', '1h'],
  ['health', { consecutive: '10', interval: '1m', timeout: '10m' }],
  ['switch', { method: 'swap' }],
  ['switch', undefined],
];

const start = fc.constantFrom(scaleSets, cloudService, swappedService);
const edit = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SENSIBLE) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...PATHS), value) },
);
const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

function edited(file: Data, changes: (readonly [string, unknown])[]) {
  return changes.reduce((data, [path, to]) => {
    try {
      return changed(data, path, to);
    } catch {
      return data; // an earlier edit has put a value where this one needs a mapping
    }
  }, file);
}

describe('any file of a service', () => {
  test('is accepted, or refused in words, and shows no value of the environment and no signature', () => {
    fc.assert(
      fc.property(start, edits, (from, changes) => {
        const { config, error } = loadService(edited(from(), changes), { SECRET: 'xyzzy/secret' });
        if (config !== null) return;
        expect(error?.reason).toBe('config-invalid');
        const [head, ...problems] = (error?.message ?? '').split('\n');
        expect(head).toMatch(/^upgrade\.yml has (?:one problem|\d+ problems):$/);
        expect(problems.length).toBeGreaterThan(0);
        for (const problem of problems) expect(problem).toMatch(/^ {2}upgrade\.yml:\d+:\d+ \S/);
        expect(error?.message).not.toContain('xyzzy');
      }),
      { numRuns: 500 },
    );
  });

  test('that is accepted has a way back, a minimum, and only roles that there are', () => {
    fc.assert(
      fc.property(start, edits, (from, changes) => {
        const { config } = loadService(edited(from(), changes), { SECRET: 'front' });
        if (config === null) return;
        const { service, walk, switchMethod } = config;
        const names = service.roles.map((role) => role.name);
        expect(names.length).toBeGreaterThan(0);
        for (const role of walk.roles) expect(names).toContain(role);
        for (const { minimumHealthy: minimum } of service.roles)
          expect(minimum.kind === 'count' ? minimum.count : minimum.percent).toBeGreaterThanOrEqual(1);
        if (service.kind === 'cloud-service') {
          expect(service.previousPackageUrl).toMatch(/^https:/);
          expect(service.stagingService !== null).toBe(switchMethod === 'swap');
          return;
        }
        expect(switchMethod).toBe('in-place');
        for (const { name, change } of service.roles) {
          if (change.image !== null) expect(change.image).toMatch(/[/:]\d+\.\d+\.\d+$/);
          if (walk.roles.length > 0 && !walk.roles.includes(name)) continue;
          const members = [change.image, change.size, ...Object.values(change.extensions)];
          expect(members.some((member) => member !== null)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that is accepted is right for editors too', () => {
    const validate = new Ajv2020().compile(jsonSchemaOf(serviceFile));
    fc.assert(
      fc.property(start, edits, (from, changes) => {
        const file = edited(from(), changes);
        if (loadService(file, { SECRET: 'front' }).config === null) return;
        expect(validate(JSON.parse(JSON.stringify(file))) || validate.errors).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the schema of a service', () => {
  test('describes every key', () => {
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
    walk(jsonSchemaOf(serviceFile), '');
    expect(undescribed).toEqual([]);
  });
});
