// dist/ is what its sources give: built again elsewhere it is the same to the byte, and all of it is committed.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build.ts';
import { run } from '../command.ts';
import { type Check, failedIfAny } from './check.ts';

const ADVICE = 'npm run build, and commit dist/';

export const bundle: Check = {
  name: 'bundle',
  run: async (root) => {
    const temporary = mkdtempSync(join(tmpdir(), 'rolling-upgrade-dist-'));
    try {
      const expected = join(temporary, 'dist');
      await build({ root, out: expected });
      return failedIfAny([...differences(expected, join(root, 'dist')), ...(await uncommitted(root))]);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
};

/** One line for every file that is missing, too many or different. */
export function differences(expected: string, actual: string): string[] {
  const expectedFiles = filesOf(expected);
  const actualFiles = filesOf(actual);
  const missing = expectedFiles.filter((file) => !actualFiles.includes(file));
  const tooMany = actualFiles.filter((file) => !expectedFiles.includes(file));
  const different = expectedFiles.filter(
    (file) =>
      actualFiles.includes(file) &&
      Buffer.compare(readFileSync(join(expected, file)), readFileSync(join(actual, file))) !== 0,
  );
  return [
    ...missing.map((file) => `dist/${file} is missing: ${ADVICE}`),
    ...tooMany.map((file) => `dist/${file} is left over: ${ADVICE}`),
    ...different.map((file) => `dist/${file} is not what its sources give: ${ADVICE}`),
  ];
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return globSync('**/*', { cwd: folder })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

/** Files in dist/ that git does not know, ignored ones included; users of the action would not get them. */
async function uncommitted(root: string): Promise<string[]> {
  if (!existsSync(join(root, '.git'))) return [];
  const { code, output } = await run('git', ['ls-files', '--others', '--', 'dist'], { cwd: root });
  if (code !== 0) return [`git ls-files ended with ${code}: ${output}`];
  return output
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => `${file} is not committed`);
}
