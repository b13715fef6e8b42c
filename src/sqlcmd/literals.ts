// The stretches of T-SQL in which nothing is a keyword, a separator or a command: strings, quoted and
// bracketed identifiers, comments. Where they end is the same for the splitter and for the checks.

export type LiteralKind = 'string' | 'quoted' | 'bracketed' | 'line comment' | 'block comment';

export interface Literal {
  readonly kind: LiteralKind;
  /** Behind the last character; the line break that ends a line comment is not part of it. */
  readonly end: number;
  /** False where the text ends first. */
  readonly closed: boolean;
}

/** The literal that begins at `at`, or null where none does. Linear in the literal's length. */
export function literalAt(text: string, at: number): Literal | null {
  switch (text[at]) {
    case "'":
      return delimited(text, at, 'string', "'");
    case '"':
      return delimited(text, at, 'quoted', '"');
    case '[':
      return delimited(text, at, 'bracketed', ']');
    case '-':
      return text[at + 1] === '-' ? lineComment(text, at) : null;
    case '/':
      return text[at + 1] === '*' ? blockComment(text, at) : null;
    default:
      return null;
  }
}

/** Whether the text has anything besides blanks and comments, that is, anything to execute. */
export function hasCode(text: string): boolean {
  const blank = /\s*/y;
  let at = 0;
  for (;;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at === text.length) return false;
    const literal = literalAt(text, at);
    if (literal === null || !literal.kind.endsWith('comment')) return true;
    at = literal.end;
  }
}

/** A doubled closing delimiter stands for itself: 'it''s', [a]]b], "a""b". */
function delimited(text: string, at: number, kind: LiteralKind, close: string): Literal {
  let end = text.indexOf(close, at + 1);
  while (end !== -1 && text[end + 1] === close) end = text.indexOf(close, end + 2);
  return end === -1 ? { kind, end: text.length, closed: false } : { kind, end: end + 1, closed: true };
}

function lineComment(text: string, at: number): Literal {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = at;
  return { kind: 'line comment', end: lineBreak.exec(text)?.index ?? text.length, closed: true };
}

/** Block comments nest in T-SQL. */
function blockComment(text: string, at: number): Literal {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = at;
  let depth = 0;
  for (let match = delimiter.exec(text); match !== null; match = delimiter.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'block comment', end: delimiter.lastIndex, closed: true };
  }
  return { kind: 'block comment', end: text.length, closed: false };
}
