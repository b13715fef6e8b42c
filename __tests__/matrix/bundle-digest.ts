// What was tried, in a few characters: results and recordings of one bundle are not those of another.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest } from './results.ts';

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
