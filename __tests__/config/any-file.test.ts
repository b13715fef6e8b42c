// Whatever is in the file: it is accepted, or refused in words with every problem placed. Never anything else.
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { SLOT_TOPOLOGIES } from '../../src/config/config.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { variable } from '../../src/config/variables.ts';
import { changed, type Data, geoSample, geoSwapSample, load, sample, swapSample } from './sample.ts';

const PATHS = [
  'version',
  'application',
  'slots',
  'slots.blue',
  'slots.blue.sql-server',
  'slots.green.web-app',
  'slots.green.endpoint',
  'slots.green.endpoint.type',
  'slots.green.failover-group',
  'slots.blue.failover-group',
  'slots.blue.backup',
  'slots.green.backup.resource-group',
  'slots.green.backup.sql-server',
  'slots.green.backup.web-app',
  'slots.green.backup.endpoint',
  'slots.green.backup.nonsense',
  'databases',
  'traffic-manager',
  'traffic-manager.ttl',
  'upgrade',
  'upgrade.scripts',
  'upgrade.scripts.contoso',
  'upgrade.command',
  'upgrade.variables',
  'health',
  'health.consecutive',
  'health.expected-status',
  'health.version-from',
  'switch',
  'switch.method',
  'max-read-only',
  'freeze',
  'standby',
  'standby.mode',
  'sql-login',
  'nonsense',
];

const value = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, 3, 2.5, '', '5m', '200', 'contoso', 'slot-swap', 'azure', [], {}),
  fc.constantFrom({ toString: 0 }, [{ toString: 0 }], { toString: 0, valueOf: null }),
  fc.constantFrom('contoso-sql-1', 'contoso-fog', 'after-termination', { mode: 'after-termination' }),
  fc.constantFrom(
    ['contoso'],
    ['db/*.sql'],
    { contoso: ['db/*.sql'] },
    { contoso: [] },
    { name: 'contoso-2' },
    { json: 'v' },
    { json: 'v', header: 'H' },
    variable('SECRET'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string(),
);
const start = fc.constantFrom(sample, swapSample, geoSample, geoSwapSample);
const topology = fc.constantFrom(...SLOT_TOPOLOGIES);
const edits = fc.array(fc.tuple(fc.constantFrom(...PATHS), value), { minLength: 1, maxLength: 4 });

function edited(file: Data, changes: [string, unknown][]) {
  return changes.reduce((data, [path, to]) => {
    try {
      return changed(data, path, to);
    } catch {
      return data; // an earlier edit has put a value where this one needs a mapping
    }
  }, file);
}

describe('any file', () => {
  test.each([
    ['health.consecutive', { toString: 0 }],
    ['databases', [{ toString: 0 }]],
  ])('with a mapping that looks like an object of JavaScript at %s is refused in words', (path, to) => {
    const byDatabase = changed(sample(), 'upgrade.scripts', { contoso: ['db/*.sql'] });
    expect(load(changed(byDatabase, path, to)).error).toMatchObject({ reason: 'config-invalid' });
  });

  test('is accepted, or refused in words, and shows no value of the environment', () => {
    fc.assert(
      fc.property(start, topology, edits, (from, run, changes) => {
        const file = edited(from(), changes);
        const { config, error } = load(file, { SECRET: 'xyzzy/secret' }, undefined, run);
        if (config !== null) return;
        expect(error?.reason).toBe('config-invalid');
        const [head, ...problems] = (error?.message ?? '').split('\n');
        expect(head).toMatch(/^upgrade\.yml has (?:one problem|\d+ problems):$/);
        expect(problems.length).toBeGreaterThan(0);
        for (const problem of problems) expect(problem).toMatch(/^ {2}upgrade\.yml:\d+:\d+ \S/);
        expect(error?.message).not.toContain('xyzzy');
      }),
      { numRuns: 300 },
    );
  });

  test('of a single region becomes one without standbys; of two, one with a standby in both slots', () => {
    fc.assert(
      fc.property(start, topology, edits, (from, run, changes) => {
        const { config } = load(edited(from(), changes), { SECRET: 'contoso' }, undefined, run);
        if (config === null) return;
        const parts = config.slots.flatMap((slot) => (slot.backup === null ? [slot] : [slot, slot.backup]));
        expect(parts).toHaveLength(run === 'geo-redundant' ? 4 : 2);
        const servers = parts.map((part) => part.sqlServer.toLowerCase());
        expect(new Set(servers).size).toBe(parts.length);
      }),
      { numRuns: 300 },
    );
  });

  test('that is accepted is right for editors too', () => {
    const validate = new Ajv2020().compile(configJsonSchema());
    fc.assert(
      fc.property(start, topology, edits, (from, run, changes) => {
        const file = edited(from(), changes);
        if (load(file, { SECRET: 'contoso' }, undefined, run).config === null) return;
        expect(validate(JSON.parse(JSON.stringify(file))) || validate.errors).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
