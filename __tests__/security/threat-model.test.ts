// A promise without a test is a wish.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const MODEL = readFileSync('docs/threat-model.md', 'utf8');

interface Promised {
  readonly id: string;
  readonly tests: readonly (readonly [file: string, name: string])[];
}

function promises(): Promised[] {
  const [, part = ''] = /^## Promises\n([\s\S]*?)^## /m.exec(MODEL) ?? [];
  return part
    .split(/^\*\*(?=P\d+\.)/m)
    .slice(1)
    .map((section) => ({
      id: /^P\d+/.exec(section)?.[0] ?? '',
      tests: [...section.matchAll(/^- `([^`]+)`: “(.+)”$/gm)].map(
        ([, file = '', name = '']) => [file, name] as const,
      ),
    }));
}

/** Names of tests as they are written in the source. */
function namesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [
    ...source.matchAll(/^\s*(?:test\(|\]\)\(|test\.each.*\)\(|\)\()?\s*(['"`])((?:(?!\1).)+)\1,?/gm),
  ].map(([, , name = '']) => name);
}

describe('the threat model', () => {
  test('numbers its promises, and the picture shows no other', () => {
    const ids = promises().map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(10);
    expect(ids).toEqual(ids.map((_, at) => `P${at + 1}`));
    for (const [id] of MODEL.matchAll(/\bP\d+\b/g)) expect(ids).toContain(id);
  });

  test.each(promises())('$id names tests that there are', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const [file, name] of tests) {
      expect([file, existsSync(file)]).toEqual([file, true]);
      expect([file, name, namesIn(file).some((one) => one.startsWith(name))]).toEqual([file, name, true]);
    }
  });

  test('forgets no file of the tests of security', () => {
    const named = promises().flatMap(({ tests }) => tests.map(([file]) => file));
    const files = globSync('__tests__/security/*.test.ts').filter(
      (file) => !file.endsWith('threat-model.test.ts'),
    );
    expect(files.filter((file) => !named.includes(file))).toEqual([]);
  });
});
