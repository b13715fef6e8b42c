// One check of `npm test`, and how it ended.

export type Outcome =
  | { readonly kind: 'passed'; readonly note?: string }
  | { readonly kind: 'failed'; readonly details: string }
  | { readonly kind: 'skipped'; readonly why: string };

export interface Check {
  readonly name: string;
  readonly run: (root: string) => Promise<Outcome>;
}

export const passed = (note?: string): Outcome =>
  note === undefined ? { kind: 'passed' } : { kind: 'passed', note };
export const failed = (details: string): Outcome => ({ kind: 'failed', details });

/** Failed where there is anything to say. */
export function failedIfAny(problems: readonly string[]): Outcome {
  return problems.length === 0 ? passed() : failed(problems.join('\n'));
}
