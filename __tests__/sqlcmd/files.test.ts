import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UpgradeError } from '../../src/reasons.ts';
import { scriptFiles } from '../../src/sqlcmd/files.ts';
import { readUpgradeScript } from '../../src/sqlcmd/script.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'scripts-'));
  await mkdir(join(root, 'db/parts.sql'), { recursive: true });
  await mkdir(join(root, 'db/more'));
  for (const name of ['db/V10.sql', 'db/V2.sql', 'db/a.sql', 'db/more/x.sql']) {
    await writeFile(join(root, name), `SELECT '${name}'`);
  }
  await writeFile(join(root, 'up.sql'), ':r .\\db\\more\\x.sql\nGO\n');
});

afterAll(() => rm(root, { recursive: true }));

describe('a script on disk', () => {
  test("is read with its includes, Windows' separators too", async () => {
    const script = await readUpgradeScript({ files: ['up.sql'], variables: {}, ...scriptFiles(root) });
    expect(script.batches.map(({ file, text }) => [file, text])).toEqual([
      ['db/more/x.sql', "SELECT 'db/more/x.sql'"],
    ]);
  });

  test.each([
    '../x.sql',
    'db/../../x.sql',
    '/etc/hosts',
    'C:\\x.sql',
    '..',
  ])('an include of %s is refused', (target) => {
    expect(() => scriptFiles(root).resolveInclude('up.sql', target)).toThrow(
      /out of the workspace|absolute path/,
    );
  });
});

describe('readUpgradeScript', () => {
  const read = (script: string) =>
    readUpgradeScript({
      files: ['a.sql'],
      variables: {},
      readFile: async () => Buffer.from(script),
      resolveInclude: (_, target) => target,
    }).catch((error) => error);

  test('tells all problems in one error, with each advice once', async () => {
    const failure = await read('GO;\nSELECT $(x)\nGO--c\n:connect y\nUSE z');
    expect(failure).toBeInstanceOf(UpgradeError);
    expect(failure.reason).toBe('script-invalid');
    expect(failure.message).toContain('5 problems');
    for (const place of ['a.sql:1:1: ', 'a.sql:2:8: $(x)', 'a.sql:3:1: ', 'a.sql:4:1: ', 'a.sql:5:1: ']) {
      expect(failure.message).toContain(place);
    }
    expect(failure.advice.filter((line: string) => line.startsWith('Write GO alone'))).toHaveLength(1);
  });

  test('a thousand problems are counted, not all shown', async () => {
    const failure = await read('GO;\n'.repeat(1000));
    expect(failure.message).toContain('1000 problems');
    expect(failure.message.split('\n').length).toBeLessThan(60);
  });

  test('a script with nothing to run is refused', async () => {
    expect((await read('-- nothing yet\nGO\n')).message).toContain('there is nothing to run');
  });
});
