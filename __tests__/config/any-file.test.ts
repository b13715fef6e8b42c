// Whatever is in the file: it is accepted, or refused in words with every problem placed. Never anything else.
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { variable } from '../../src/config/variables.ts';
import { changed, load, sample, swapSample } from './sample.ts';

const PATHS = [
  'version',
  'application',
  'slots',
  'slots.blue',
  'slots.blue.sql-server',
  'slots.green.web-app',
  'slots.green.endpoint',
  'slots.green.endpoint.type',
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
  'sql-login',
  'nonsense',
];

const value = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, 3, 2.5, '', '5m', '200', 'contoso', 'slot-swap', 'azure', [], {}),
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
const edits = fc.array(fc.tuple(fc.constantFrom(...PATHS), value), { minLength: 1, maxLength: 4 });

function edited(start: ReturnType<typeof sample>, changes: [string, unknown][]) {
  return changes.reduce((file, [path, to]) => {
    try {
      return changed(file, path, to);
    } catch {
      return file; // an earlier edit has put a value where this one needs a mapping
    }
  }, start);
}

describe('any file', () => {
  test('is accepted, or refused in words, and shows no value of the environment', () => {
    fc.assert(
      fc.property(fc.boolean(), edits, (swap, changes) => {
        const file = edited(swap ? swapSample() : sample(), changes);
        const { config, error } = load(file, { SECRET: 'xyzzy/secret' });
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

  test('that is accepted is right for editors too', () => {
    const validate = new Ajv2020().compile(configJsonSchema());
    fc.assert(
      fc.property(edits, (changes) => {
        const file = edited(sample(), changes);
        if (load(file, { SECRET: 'contoso' }).config === null) return;
        expect(validate(JSON.parse(JSON.stringify(file))) || validate.errors).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
