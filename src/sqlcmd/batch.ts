// A batch as it is sent, and how a line of it is found again in the files it came from.

/** From this line of the batch on, lines are those of `file` from `line` on, until the next run begins. */
export interface LineRun {
  readonly batchLine: number;
  readonly file: string;
  readonly line: number;
}

export interface SourceLine {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface Batch extends SourceLine {
  /** Variables replaced, includes in place, blank lines around it removed; line breaks as in the files. */
  readonly text: string;
  /** How often it is run: the n of `GO n`. */
  readonly repeat: number;
  /** Ascending; the first run begins at line 1. */
  readonly lineMap: readonly LineRun[];
}

/**
 * Where a line that SQL Server names (counted from 1 within the batch) stands. Holds for errors of the
 * batch itself: where the error's procedure is not empty, the line is one of that procedure.
 */
export function locate(batch: Batch, batchLine: number): SourceLine {
  const run = batch.lineMap.findLast((candidate) => candidate.batchLine <= batchLine) ?? batch.lineMap[0];
  if (run === undefined) return { file: batch.file, line: batch.line };
  return { file: run.file, line: run.line + Math.max(0, batchLine - run.batchLine) };
}

/** Collects the text of one batch after the other. */
export class BatchBuilder {
  #parts: string[] = [];
  #runs: LineRun[] = [];
  #line = 1;
  #atLineStart = true;

  /** Text as it stands in the file, from this line on. */
  append(text: string, file: string, line: number): void {
    if (this.#atLineStart) this.#mark(this.#line, file, line);
    const breaks = countLineBreaks(text);
    if (breaks > 0) this.#mark(this.#line + 1, file, line + 1);
    this.#add(text, breaks);
  }

  /** A variable's value: all its lines belong to the line of the reference. */
  appendValue(text: string, file: string, line: number): void {
    if (this.#atLineStart) this.#mark(this.#line, file, line);
    const breaks = countLineBreaks(text);
    for (let n = 1; n <= breaks; n++) this.#mark(this.#line + n, file, line);
    this.#add(text, breaks);
  }

  /** What comes next begins on a line of its own. */
  endLine(): void {
    if (!this.#atLineStart) this.#add('\n', 1);
  }

  /** Hands over what was collected and begins anew; null where it is blank. */
  take(repeat: number): Batch | null {
    const whole = this.#parts.join('');
    const runs = this.#runs;
    this.#parts = [];
    this.#runs = [];
    this.#line = 1;
    this.#atLineStart = true;
    const blank = /^(?:[^\S\n]*\n)*/.exec(whole)?.[0] ?? '';
    const text = whole.slice(blank.length).trimEnd();
    if (text === '') return null;
    const lineMap = withoutLines(runs, countLineBreaks(blank));
    const { file = '', line = 1 } = lineMap[0] ?? {};
    return { file, line, text, repeat, lineMap };
  }

  #add(text: string, breaks: number): void {
    if (text === '') return;
    this.#parts.push(text);
    this.#line += breaks;
    this.#atLineStart = text.endsWith('\n');
  }

  #mark(batchLine: number, file: string, line: number): void {
    const last = this.#runs.at(-1);
    if (last?.batchLine === batchLine) this.#runs.pop();
    const before = this.#runs.at(-1);
    const implied = before?.file === file && before.line + batchLine - before.batchLine === line;
    if (!implied) this.#runs.push({ batchLine, file, line });
  }
}

function withoutLines(runs: readonly LineRun[], dropped: number): LineRun[] {
  const first = runs.findLastIndex((run) => run.batchLine <= dropped + 1);
  return runs.slice(Math.max(0, first)).map((run) => {
    const skipped = Math.max(0, dropped + 1 - run.batchLine);
    return { ...run, batchLine: run.batchLine + skipped - dropped, line: run.line + skipped };
  });
}

export function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
