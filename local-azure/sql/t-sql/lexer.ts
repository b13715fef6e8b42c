// Tokens of a T-SQL batch. Comments nest, `]` is doubled inside brackets, quotes inside quotes.
import { sqlError } from '../errors.ts';

export type TokenKind = 'word' | 'quoted' | 'variable' | 'number' | 'string' | 'binary' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written, for messages. */
  readonly text: string;
  /** Upper case for words, the name without quotes for quoted identifiers, the content of strings. */
  readonly value: string;
  readonly line: number;
  /** Where the token starts and ends in the batch. */
  readonly start: number;
  readonly end: number;
}

const BLANK = /[\s\u00a0\ufeff]+/y;
const LINE_COMMENT = /--[^\n]*/y;
const WORD = /[\p{L}_#][\p{L}\p{N}_@#$]*/uy;
const VARIABLE = /@@?[\p{L}\p{N}_@#$]+/uy;
const BINARY = /0[xX][0-9a-fA-F]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /<>|<=|>=|!=|!<|!>|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|::|[-+*/%=<>(),.;&|^~:]/y;

/** Throws SqlServerError 102, 105 or 113 with its line. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const advance = (length: number) => {
    for (let i = at; i < at + length; i++) if (text.charCodeAt(i) === 10) line++;
    at += length;
  };
  const push = (kind: TokenKind, length: number, value: string) => {
    tokens.push({ kind, text: text.slice(at, at + length), value, line, start: at, end: at + length });
    advance(length);
  };
  while (at < text.length) {
    const skipped = match(BLANK) ?? match(LINE_COMMENT);
    if (skipped !== null) advance(skipped.length);
    else if (text.startsWith('/*', at)) advance(blockCommentLength(text, at, line));
    else if (text[at] === "'" || /^[nN]'/.test(text.slice(at, at + 2))) {
      const prefix = text[at] === "'" ? 0 : 1;
      const body = quotedBody(text, at + prefix, "'", line);
      push('string', prefix + body.length, body.value);
    } else if (text[at] === '[' || text[at] === '"') {
      const body = quotedBody(text, at, text[at] === '[' ? ']' : '"', line);
      push('quoted', body.length, body.value);
    } else {
      const found = firstOf(match);
      if (!found) throw at_(sqlError(102, text[at] ?? ''), line);
      push(found.kind, found.text.length, found.kind === 'word' ? found.text.toUpperCase() : found.text);
    }
  }
  tokens.push({ kind: 'end', text: '', value: '', line, start: text.length, end: text.length });
  return tokens;
}

function firstOf(match: (pattern: RegExp) => string | null): { kind: TokenKind; text: string } | null {
  const candidates: readonly (readonly [TokenKind, RegExp])[] = [
    ['variable', VARIABLE],
    ['binary', BINARY],
    ['number', NUMBER],
    ['word', WORD],
    ['symbol', SYMBOL],
  ];
  for (const [kind, pattern] of candidates) {
    const text = match(pattern);
    if (text !== null) return { kind, text };
  }
  return null;
}

function blockCommentLength(text: string, start: number, line: number): number {
  let depth = 0;
  for (let i = start; i < text.length - 1; i++) {
    if (text.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (text.startsWith('*/', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1 - start;
    }
  }
  throw at_(sqlError(113), line);
}

function quotedBody(
  text: string,
  open: number,
  close: string,
  line: number,
): { value: string; length: number } {
  let value = '';
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] !== close) {
      value += text[i];
    } else if (text[i + 1] === close) {
      value += close;
      i++;
    } else {
      return { value, length: i + 1 - open };
    }
  }
  throw at_(sqlError(105, text.slice(open + 1, open + 129)), line);
}

function at_<T extends { line: number }>(error: T, line: number): T {
  error.line = line;
  return error;
}
