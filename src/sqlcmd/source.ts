// A text with its name, and where an offset in it stands.

export interface Source {
  readonly file: string;
  readonly text: string;
  /** Counted from 1. */
  lineAt(offset: number): number;
  /** Both counted from 1; the column in UTF-16 code units. */
  positionAt(offset: number): { readonly line: number; readonly column: number };
}

/** Lines end in LF or CRLF. Line starts are found when first asked for. */
export function sourceOf(file: string, text: string): Source {
  let starts: readonly number[] | null = null;
  const indexOfLine = (offset: number): number => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    file,
    text,
    lineAt: (offset) => indexOfLine(offset) + 1,
    positionAt: (offset) => {
      const index = indexOfLine(offset);
      return { line: index + 1, column: offset - (starts?.[index] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
