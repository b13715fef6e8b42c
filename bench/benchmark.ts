// What every benchmark is to the command that runs it, and what it leaves behind for docs/performance.md.

export interface Benchmark {
  /** For --only, and the name of its kept findings. */
  readonly id: string;
  readonly title: string;
  /** What is measured and how, for the page: one paragraph each, Markdown. */
  readonly about: readonly string[];
  measure(setting: Setting): Promise<Findings>;
}

export interface Setting {
  /** How often each thing is measured; medians are told of that many. */
  readonly rounds: number;
  /** The bundle that is measured. */
  readonly bundle: string;
  /** For files of the runs; removed at the end. */
  readonly directory: string;
  /** One line about how far it is. */
  say(line: string): void;
}

export interface Findings {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** What a reader of the numbers has to know: what was not measured, and why. Markdown. */
  readonly notes: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export interface Target {
  /** "Window overhead of single-region". */
  readonly what: string;
  /** "at most 1.05". */
  readonly wanted: string;
  /** "1.02 (1.01 … 1.04)". */
  readonly found: string;
  /** Null where it could not be measured here, e.g. without a peer's tools. */
  readonly met: boolean | null;
}
