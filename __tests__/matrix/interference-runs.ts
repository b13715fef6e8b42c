// Other runs that are started in the middle of one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsOn } from '../acceptance/scenario.ts';
import type { Deed } from './interference-deed.ts';
import type { Inputs } from './world.ts';

/** Another job of the same application. @param environment of that job, where it differs. */
function another(name: string, inputs: Inputs, environment: Readonly<Record<string, string>>): Deed {
  return {
    name,
    do: async ({ azure }) => {
      const directory = mkdtempSync(join(tmpdir(), 'another-'));
      try {
        return await jobsOn(azure, directory).act(inputs, {}, environment);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

const GITHUB_COM = { GITHUB_SERVER_URL: 'https://github.com' };
export const SAME_REPOSITORY = { ...GITHUB_COM, GITHUB_REPOSITORY: 'contoso/orders', GITHUB_RUN_ID: '1002' };
export const OTHER_REPOSITORY = {
  ...GITHUB_COM,
  GITHUB_REPOSITORY: 'contoso/infrastructure',
  GITHUB_RUN_ID: '77',
};

export const RUNS: readonly Deed[] = [
  another('starts upgrade, switch in the same repository', { phase: 'upgrade, switch' }, SAME_REPOSITORY),
  another('starts upgrade, switch in another repository', { phase: 'upgrade, switch' }, OTHER_REPOSITORY),
  another('starts rollback in another repository', { phase: 'rollback' }, OTHER_REPOSITORY),
  another(
    'starts cleanup in another repository',
    { phase: 'cleanup', confirm: 'remove blue' },
    OTHER_REPOSITORY,
  ),
  another('starts prepare in another repository', { phase: 'prepare' }, OTHER_REPOSITORY),
];
