// A peer's process, run to its end.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Rejects with what it said where it did not end with status 0. */
export async function runPeer(
  what: string,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { env: { ...environment } });
  } catch (error) {
    throw new Error(`${what}: ${outputOf(error)}`, { cause: error });
  }
}

function outputOf(error: unknown): string {
  const said = ['stdout', 'stderr'].flatMap((stream) => {
    const text: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, stream) : null;
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
  });
  return said.join('\n') || String(error);
}
