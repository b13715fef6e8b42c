// Builds dist/: TypeScript to lib/, lib/main.js to one bundle, and the licences of what is in it. The same sources
// and lockfile give the same bytes in any folder on any machine; `npm test` holds dist/ to that.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './command.ts';
import { licencesOf } from './licences.ts';

export interface BuildOptions {
  /** Folder of package.json, tsconfig.build.json and src/main.ts. */
  readonly root: string;
  /** Replaced as a whole: files of an earlier build do not stay. */
  readonly out: string;
}

/** Throws with the compiler's or the bundler's words where something is wrong; `out` is then as it was. */
export async function build({ root, out }: BuildOptions): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'rolling-upgrade-build-'));
  try {
    const bundle = join(temporary, 'dist');
    await compile(root);
    await bundleTo(bundle, root, join(temporary, 'stats.json'));
    const stats: unknown = JSON.parse(readFileSync(join(temporary, 'stats.json'), 'utf8'));
    writeFileSync(join(bundle, 'licenses.txt'), licencesOf(stats));
    rmSync(out, { recursive: true, force: true });
    mkdirSync(dirname(out), { recursive: true });
    cpSync(bundle, out, { recursive: true });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function compile(root: string): Promise<void> {
  // What was renamed or removed in src/ must not be bundled from an earlier build.
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  await orThrow(root, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
}

/** ncc compiles TypeScript with a loader that does not know TypeScript 7: it is given JavaScript. */
function bundleTo(out: string, root: string, stats: string): Promise<void> {
  const ncc = ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', 'lib/main.js'];
  return orThrow(root, [...ncc, '-o', out, '--no-cache', '-q', '--stats-out', stats]);
}

async function orThrow(cwd: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runNode(args, { cwd });
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}\n${output}`);
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  await build({ root, out: join(root, 'dist') });
  console.log('built dist/');
}
