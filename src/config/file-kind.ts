// A file of two slots read as one of a service, or the other way round: the input `topology` is wrong, and one sentence
// about that says more than a problem for each key.
import { UpgradeError } from '../reasons.ts';
import { configFile } from './schema.ts';
import { serviceFile } from './service-schema.ts';

export type FileKind = 'slots' | 'service';

const KEYS: Readonly<Record<FileKind, readonly string[]>> = {
  slots: Object.keys(configFile.shape),
  service: Object.keys(serviceFile.shape),
};

/** What to set the input to, for a file of each kind. */
const TOPOLOGY: Readonly<Record<FileKind, string>> = {
  slots: '"single-region", or "geo-redundant" where its slots have a backup',
  service: '"upgrade-domains"',
};

/** Throws 'config-invalid' where the file has keys of the other kind and none of this one's own. */
export function refuseOtherKind(data: unknown, wanted: FileKind, path: string): void {
  if (typeof data !== 'object' || data === null) return;
  const other: FileKind = wanted === 'slots' ? 'service' : 'slots';
  const written = Object.keys(data);
  const telling = (kind: FileKind, than: FileKind) =>
    written.filter((key) => KEYS[kind].includes(key) && !KEYS[than].includes(key));
  const foreign = telling(other, wanted);
  if (foreign.length === 0 || telling(wanted, other).length > 0) return;
  throw new UpgradeError(
    'config-invalid',
    `${path} is for another topology (it has ${foreign.join(', ')}): set the input topology to ${TOPOLOGY[other]}.`,
    {
      advice: [
        `Set the input topology to ${TOPOLOGY[other]}; nothing was touched in Azure.`,
        'Or name another file with the input config.',
      ],
    },
  );
}
