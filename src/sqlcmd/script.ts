// The upgrade script: read, checked and cut into the batches that will be sent, before production is frozen.
import type { Batch } from './batch.ts';
import { type ScriptProblem, scriptInvalid } from './problems.ts';
import { ScriptReader } from './reader.ts';

export { type Batch, locate } from './batch.ts';

export interface ScriptInput {
  /** In the order in which they run; each ends its last batch. Variables set in one hold in the next. */
  readonly files: readonly string[];
  /** Values for `$(name)`; `:setvar` in a script wins over them, as in sqlcmd. */
  readonly variables: Readonly<Record<string, string>>;
  /** The database the script runs on: the value of `$(SQLCMDDBNAME)`, and the one name USE may have. */
  readonly database?: string;
  readFile(file: string): Promise<Uint8Array>;
  /** The file that `:r target` in `from` means. Throws where it may not be read; the message is told. */
  resolveInclude(from: string, target: string): string;
}

export interface UpgradeScript {
  readonly batches: readonly Batch[];
  /** SHA-256, hexadecimal, over the batches as they are sent and how often. */
  readonly digest: string;
  /** Every file read, includes too, each once, in the order of reading. */
  readonly files: readonly string[];
}

export interface ParsedScript extends UpgradeScript {
  /** In the order of reading; empty for a script that can be run. */
  readonly problems: readonly ScriptProblem[];
}

/** Reads and checks the script. Throws UpgradeError 'script-invalid' with every problem's place. */
export async function readUpgradeScript(input: ScriptInput): Promise<UpgradeScript> {
  const { problems, ...script } = await parseUpgradeScript(input);
  if (problems.length > 0) throw scriptInvalid(problems);
  return script;
}

/** The same without throwing: what could be read, and every problem. */
export async function parseUpgradeScript(input: ScriptInput): Promise<ParsedScript> {
  const reader = new ScriptReader(input);
  for (const file of input.files) await reader.readTopLevel(file);
  return reader.result();
}
