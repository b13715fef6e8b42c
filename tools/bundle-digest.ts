// What was tried or measured, in a few characters: what is known of one bundle is not known of another.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of all its chunks: most of the product is in those beside the file that is run. */
export function digestOfBundle(main: string): string {
  const folder = dirname(main);
  const chunks = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return digest(
    chunks
      .sort()
      .map((name) => `${name} ${digest(readFileSync(join(folder, name)))}`)
      .join('\n'),
  );
}

/** The first characters of the SHA-256. */
export function digest(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 12);
}
