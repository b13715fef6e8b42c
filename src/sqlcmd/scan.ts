// Cuts one script file into what is sent, what is replaced and what is sqlcmd's own. Pure, and linear in
// the file's length: every character is looked at a bounded number of times.
import { type LiteralKind, literalAt } from './literals.ts';
import { ALONE } from './separator.ts';
import { type Reference, references } from './variables.ts';

export type Piece =
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'reference';
      readonly reference: Reference;
      /** The literal it stands in; null in plain code. */
      readonly within: LiteralKind | null;
    }
  /** A line whose first word is GO, or one that begins with a command; without its line break. */
  | { readonly kind: 'separator' | 'command'; readonly start: number; readonly end: number }
  | { readonly kind: 'problem'; readonly start: number; readonly message: string; readonly advice: string };

/** A line that sqlcmd takes for itself. Blanks other than space and tab are let through to be told. */
const OWN_LINE =
  /(?:(go)(?=\s|;|--|\/\*|$)|:(?=[a-z!])|!!|(?:exit|quit|reset|ed)(?=[ \t]*(?:\r?\n|$|--))|exit(?=[ \t]*\())/iy;
const BLANKS = /[^\S\r\n]*/y;
const OF_INTEREST = /['"[\n\ufeff]|--|\/\*|\$\(|\r(?!\n)/g;
const GO_BEHIND = /[ \t]*go[ \t]*\d*[ \t]*(?:--[^\n]*)?(?=\r?\n|$)/iy;

const UNCLOSED: Readonly<Record<LiteralKind, string>> = {
  string: "a string begins here and no ' ends it",
  quoted: 'a quoted name begins here and no " ends it',
  bracketed: 'a bracketed name begins here and no ] ends it',
  'line comment': '',
  'block comment': 'a comment begins here and no */ ends it (block comments nest)',
};

/** The pieces of a file, in order; text, references and own lines together cover it but for line breaks. */
export function* scan(text: string): Generator<Piece> {
  let from = 0; // where text that is not handed on yet begins
  let at = 0; // always in plain code, never within a literal
  let carriageReturnTold = false;
  while (at < text.length) {
    const own = at === 0 || text[at - 1] === '\n' ? ownLineAt(text, at) : null;
    if (own !== null) {
      yield* textBetween(from, at);
      yield own;
      at = own.end + 1;
      from = at;
      continue;
    }
    OF_INTEREST.lastIndex = at;
    const found = OF_INTEREST.exec(text);
    if (found === null) break;
    const start = found.index;
    if (found[0] === '\n') {
      at = start + 1;
    } else if (found[0] === '\r' || found[0] === '\ufeff') {
      at = start + 1;
      if (found[0] === '\ufeff') yield strayMark(start);
      else if (!carriageReturnTold) yield loneCarriageReturn(start);
      carriageReturnTold ||= found[0] === '\r';
    } else if (found[0] === '$(') {
      const [reference] = references(text.slice(start, start + 1000), start);
      if (reference === undefined) break;
      yield* textBetween(from, start);
      yield { kind: 'reference', reference, within: null };
      at = reference.end;
      from = at;
    } else {
      const literal = literalAt(text, start);
      if (literal === null) break;
      at = literal.end;
      if (!literal.closed) yield problem(start, UNCLOSED[literal.kind], 'Close it.');
      if (literal.kind === 'block comment') yield* separatorBehind(text, at);
      if (literal.kind.endsWith('comment')) continue;
      for (const reference of references(text.slice(start, at), start)) {
        yield* textBetween(from, reference.start);
        yield { kind: 'reference', reference, within: literal.kind };
        from = reference.end;
      }
    }
  }
  yield* textBetween(from, text.length);
}

function* textBetween(start: number, end: number): Generator<Piece> {
  if (start < end) yield { kind: 'text', start, end };
}

function ownLineAt(
  text: string,
  start: number,
): (Piece & { readonly kind: 'separator' | 'command'; end: number }) | null {
  BLANKS.lastIndex = start;
  const first = start + (BLANKS.exec(text)?.[0].length ?? 0);
  OWN_LINE.lastIndex = first;
  const match = OWN_LINE.exec(text);
  if (match === null) return null;
  const lineBreak = text.indexOf('\n', first);
  const end = lineBreak === -1 ? text.length : lineBreak;
  return { kind: match[1] === undefined ? 'command' : 'separator', start, end };
}

function problem(start: number, message: string, advice: string): Piece {
  return { kind: 'problem', start, message, advice };
}

function strayMark(start: number): Piece {
  const message = 'a byte order mark (U+FEFF) in the middle of the file: files put together?';
  return problem(start, message, 'Remove the character; SQL Server does not take it for a blank.');
}

/** Tools disagree whether it ends a line, so whether what follows is comment or code. */
function loneCarriageReturn(start: number): Piece {
  const message = 'a carriage return without line feed: tools disagree whether it ends the line';
  return problem(start, message, 'Convert the line ends of the file to LF or CRLF.');
}

function* separatorBehind(text: string, at: number): Generator<Piece> {
  GO_BEHIND.lastIndex = at;
  if (GO_BEHIND.test(text)) yield problem(at, 'GO behind a comment does not end a batch in sqlcmd', ALONE);
}
