// Puts files, includes and variables together into batches, and notes everything that is wrong on the way.
import { createHash } from 'node:crypto';
import { messageOf } from '../message-of.ts';
import { type Batch, BatchBuilder, locate } from './batch.ts';
import { parseCommand } from './commands.ts';
import { decode, UndecodableError } from './decode.ts';
import { hasCode, type LiteralKind } from './literals.ts';
import type { ScriptProblem } from './problems.ts';
import { type Piece, scan } from './scan.ts';
import type { ParsedScript, ScriptInput } from './script.ts';
import { parseSeparator } from './separator.ts';
import { type Source, sourceOf } from './source.ts';
import { checkStatements } from './statements.ts';
import { DATABASE_VARIABLE, type Reference, ScriptVariables, substitute } from './variables.ts';

const DEEPEST_INCLUDE = 16;
/** Files that include each other twice double with every level. */
const MOST_INCLUDES = 1000;

export class ScriptReader {
  readonly #input: ScriptInput;
  readonly #variables: ScriptVariables;
  readonly #builder = new BatchBuilder();
  readonly #batches: Batch[] = [];
  readonly #problems: ScriptProblem[] = [];
  readonly #files = new Set<string>();
  #includes = 0;

  constructor(input: ScriptInput) {
    this.#input = input;
    this.#variables = new ScriptVariables(input.variables);
    if (input.database !== undefined) this.#variables.set(DATABASE_VARIABLE, input.database);
  }

  result(): ParsedScript {
    if (this.#batches.length === 0 && this.#problems.length === 0) this.#nothingToRun();
    const digest = digestOf(this.#batches);
    return { batches: this.#batches, digest, files: [...this.#files], problems: this.#problems };
  }

  async readTopLevel(file: string): Promise<void> {
    const text = await this.#load(file, { file, line: null, column: null });
    if (text !== null) await this.#read(sourceOf(file, text), [file]);
    this.#endBatch(1);
  }

  /** `chain`: this file last, before it those that include it. */
  async #read(source: Source, chain: readonly string[]): Promise<void> {
    for (const piece of scan(source.text)) {
      if (piece.kind === 'command') await this.#command(source, piece, chain);
      else this.#take(source, piece);
    }
    this.#builder.endLine();
  }

  #take(source: Source, piece: Exclude<Piece, { kind: 'command' }>): void {
    switch (piece.kind) {
      case 'text':
        this.#builder.append(
          source.text.slice(piece.start, piece.end),
          source.file,
          source.lineAt(piece.start),
        );
        return;
      case 'reference':
        this.#reference(source, piece.reference, piece.within);
        return;
      case 'separator':
        this.#separator(source, piece.start, piece.end);
        return;
      case 'problem':
        this.#problem(source, piece.start, piece);
    }
  }

  #reference(source: Source, reference: Reference, within: LiteralKind | null): void {
    const value = reference.name === null ? undefined : this.#variables.get(reference.name);
    if (value === undefined) {
      this.#unresolved(source, reference);
      return;
    }
    const quote = within === 'quoted' ? '"' : "'";
    if (within !== 'bracketed' && value.split(quote).length % 2 === 0) {
      this.#problem(source, reference.start, {
        message: `the value of $(${reference.name}) has a ${quote} without its pair, which leaves the literal open`,
        advice: `Double the ${quote} in the variable's value.`,
      });
    }
    this.#builder.appendValue(value, source.file, source.lineAt(reference.start));
  }

  #separator(source: Source, start: number, end: number): void {
    const line = this.#substituted(source, start, end);
    const separator = line === null ? null : parseSeparator(line);
    if (separator?.kind === 'refused') this.#problem(source, start, separator);
    // A near miss was meant to end the batch: going on so keeps the problems that follow true.
    this.#endBatch(separator?.kind === 'separator' ? separator.repeat : 1);
  }

  async #command(
    source: Source,
    piece: { start: number; end: number },
    chain: readonly string[],
  ): Promise<void> {
    const line = this.#substituted(source, piece.start, piece.end);
    if (line === null) return;
    const command = parseCommand(line);
    switch (command.kind) {
      case 'set-variable':
        this.#variables.set(command.name, command.value);
        return;
      case 'remove-variable':
        this.#variables.remove(command.name);
        return;
      case 'include':
        await this.#include(source, piece.start, command.target, chain);
        return;
      case 'refused':
        this.#problem(source, piece.start, command);
        return;
      case 'nothing':
    }
  }

  async #include(source: Source, start: number, target: string, chain: readonly string[]): Promise<void> {
    const advice = 'Correct the path; it is relative to the file that includes.';
    let file: string;
    try {
      file = this.#input.resolveInclude(source.file, target);
    } catch (error) {
      return this.#problem(source, start, { message: `\`:r ${target}\`: ${messageOf(error)}`, advice });
    }
    const refusal = this.#refuseInclude(file, chain);
    if (refusal !== null)
      return this.#problem(source, start, { message: refusal, advice: 'Remove the `:r`.' });
    this.#includes++;
    const text = await this.#load(file, { file: source.file, ...source.positionAt(start) });
    if (text !== null) await this.#read(sourceOf(file, text), [...chain, file]);
  }

  #refuseInclude(file: string, chain: readonly string[]): string | null {
    if (chain.includes(file)) return `\`:r\` goes in a circle: ${[...chain, file].join(' → ')}`;
    if (chain.length > DEEPEST_INCLUDE) return `\`:r\` more than ${DEEPEST_INCLUDE} files deep`;
    if (this.#includes >= MOST_INCLUDES) return `\`:r\` for more than ${MOST_INCLUDES} files`;
    return null;
  }

  /** Null where the file cannot be read, which is told at `asked`. */
  async #load(file: string, asked: Pick<ScriptProblem, 'file' | 'line' | 'column'>): Promise<string | null> {
    try {
      const text = decode(await this.#input.readFile(file));
      this.#files.add(file);
      return text;
    } catch (error) {
      if (error instanceof UndecodableError) {
        this.#problems.push({ file, line: null, column: null, message: error.message, advice: error.advice });
        return null;
      }
      const message = `${file} cannot be read: ${messageOf(error)}`;
      this.#problems.push({
        ...asked,
        message,
        advice: 'Correct the path, or check the file out before this step.',
      });
      return null;
    }
  }

  #endBatch(repeat: number): void {
    const batch = this.#builder.take(repeat);
    if (batch === null || !hasCode(batch.text)) return;
    this.#batches.push(batch);
    for (const found of checkStatements(batch.text, this.#input.database ?? null)) {
      const { line, column } = sourceOf('', batch.text).positionAt(found.offset);
      this.#problems.push({
        ...locate(batch, line),
        column,
        message: found.message,
        advice: found.advice,
      });
    }
  }

  /** A line of sqlcmd's own, variables replaced; null where one has no value, which is told. */
  #substituted(source: Source, start: number, end: number): string | null {
    let complete = true;
    const line = substitute(source.text.slice(start, end), this.#variables, (reference) => {
      complete = false;
      this.#unresolved(source, {
        name: reference.name,
        start: start + reference.start,
        end: start + reference.end,
      });
    });
    return complete ? line : null;
  }

  #unresolved(source: Source, reference: Reference): void {
    if (reference.name === null) {
      this.#problem(source, reference.start, {
        message: '`$(` begins a variable, and no name and `)` follow',
        advice: "Write `$(name)`. For the characters themselves, divide the string: '$' + '('.",
      });
      return;
    }
    this.#problem(source, reference.start, {
      message: `$(${reference.name}) has no value`,
      advice: `Give ${reference.name} a value: under \`upgrade.variables\` in the config file, or by \`:setvar\` above.`,
    });
  }

  #problem(source: Source, offset: number, what: { message: string; advice: string }): void {
    const { line, column } = source.positionAt(offset);
    this.#problems.push({ file: source.file, line, column, message: what.message, advice: what.advice });
  }

  #nothingToRun(): void {
    const file = this.#input.files.join(', ') || 'upgrade.scripts';
    const advice = 'Name the files with the statements of the upgrade.';
    this.#problems.push({ file, line: null, column: null, message: 'there is nothing to run', advice });
  }
}

function digestOf(batches: readonly Batch[]): string {
  const hash = createHash('sha256');
  for (const { repeat, text } of batches) hash.update(`${repeat} ${Buffer.byteLength(text)}\n`).update(text);
  return hash.digest('hex');
}
