// The article's procedure by the SDKs with their default pollers (sdk-procedure.ts), run beside the action.
import { fileURLToPath } from 'node:url';
import { runPeer } from './peer-process.ts';
import { type PeerSetting, placesOf } from './places.ts';

const SCRIPT = fileURLToPath(new URL('sdk-procedure.ts', import.meta.url));

/** Rejects with what it said where it did not end well. */
export function runSdkProcedure(setting: PeerSetting, phase: 'prepare' | 'upgrade'): Promise<void> {
  const places = placesOf(setting);
  const args = ['--disable-warning=ExperimentalWarning', SCRIPT, phase];
  return runPeer(`SDK procedure, ${phase}`, process.execPath, args, {
    ...places,
    NODE_EXTRA_CA_CERTS: places.CA_FILE ?? '',
  });
}
