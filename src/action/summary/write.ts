import { appendFile, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redact } from './redact.ts';

/** GitHub's limit of one step's summary; above it all of it is dropped. */
const STEP_LIMIT = 1024 * 1024;

/**
 * Writes the summary where GitHub looks for it, or, where there is no such file, into a new file in the
 * runner's or the system's temporary folder. Secrets are masked. What the step wrote before is kept as long
 * as both fit. Returns the path of the file. Throws where not even the temporary folder can be written.
 */
export async function writeSummary(markdown: string, secrets: readonly string[] = []): Promise<string> {
  const masked = redact(markdown, secrets);
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (!path) return writeAside(masked);
  try {
    const written = (await stat(path)).size;
    const isTooMuch = written + Buffer.byteLength(masked) > STEP_LIMIT;
    await (isTooMuch ? writeFile : appendFile)(path, masked);
    return path;
  } catch {
    // GitHub's file is missing or cannot be written. What happened must still be found somewhere.
    return writeAside(masked);
  }
}

async function writeAside(markdown: string): Promise<string> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'rolling-upgrade-'));
  const path = join(folder, 'summary.md');
  await writeFile(path, markdown, { mode: 0o600 });
  return path;
}
