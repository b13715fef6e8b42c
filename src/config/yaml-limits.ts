// What is YAML and yet no configuration file: it would keep the parser busy for hours, or become something else than it
// reads as.
import { type Document, isScalar, Lexer, visit } from 'yaml';

/** Characters. Checking that keys are unique takes the square of their number. */
const LONGEST_FILE = 128 * 1024;
/** Lists in lists. The file's own shape needs six. */
const DEEPEST = 50;
/** Keys written with "?": within each other the parser takes the cube of their number. */
const MOST_EXPLICIT_KEYS = 10;

/** What is too much in the text, to be asked before it is parsed; null where nothing is. */
export function tooMuchOf(text: string): string | null {
  if (text.length > LONGEST_FILE) return `at most ${LONGEST_FILE} characters, and not ${text.length}`;
  let depth = 0;
  let explicitKeys = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    if (token === ']' || token === '}') depth--;
    if (token === '?') explicitKeys++;
    if (depth > DEEPEST) return `lists and mappings within each other, at most ${DEEPEST} deep`;
    if (explicitKeys > MOST_EXPLICIT_KEYS) return 'keys as "key: value", and not with "?"';
  }
  return null;
}

/** Offsets of keys that JavaScript takes for the prototype of what they are a key of, and that would be lost. */
export function prototypeKeys(document: Document.Parsed): number[] {
  const offsets: number[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') offsets.push(key.range?.[0] ?? 0);
    },
  });
  return offsets;
}
