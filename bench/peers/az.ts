// The article's procedure by Debian's az and FreeTDS (az-procedure.sh), run beside the action.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPeer } from './peer-process.ts';
import { type PeerSetting, placesOf } from './places.ts';

const SCRIPT = fileURLToPath(new URL('az-procedure.sh', import.meta.url));
const PROGRAMS = ['bash', 'az', 'bsqldb', 'jq', 'dig', 'curl'];

export type AzPhase = 'login' | 'prepare' | 'upgrade' | 'cleanup';

/** Programs that it needs and this machine lacks. */
export function missingPrograms(): string[] {
  return PROGRAMS.filter(
    (program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error !== undefined,
  );
}

/** Rejects with what the script said where it did not end well. */
export function runAzProcedure(setting: PeerSetting, phase: AzPhase): Promise<void> {
  const places = placesOf(setting);
  return runPeer(`az procedure, ${phase}`, 'bash', [SCRIPT, phase], {
    ...places,
    AZURE_CONFIG_DIR: join(setting.directory, 'az'),
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    REQUESTS_CA_BUNDLE: places.CA_FILE ?? '',
  });
}
