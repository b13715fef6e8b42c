// The configuration file as YAML: its values with `${NAME}` replaced, and where in the file each one stands.
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { messageOf } from '../message-of.ts';
import type { Path, Position, Problem } from './problems.ts';
import { signaturesIn } from './signed-url.ts';
import { substituteVariables, variable } from './variables.ts';
import { prototypeKeys, tooMuchOf } from './yaml-limits.ts';

export interface YamlSource {
  /** Plain data, variables replaced. */
  readonly data: unknown;
  /** Mistakes of YAML itself, and variables that are not set. */
  readonly problems: readonly Problem[];
  /** True where the text is not YAML: nothing else can be told about it. */
  readonly unreadable: boolean;
  /** Names of the variables in the value at this path; empty for what was written out. */
  variablesAt(path: Path): readonly string[];
  /** The value at this path as it was written, e.g. `2.0` for the number 2; null for lists and mappings. */
  writtenAt(path: Path): string | null;
  positionOf(path: Path, atKey?: boolean): Position | null;
}

/** Of YAML itself. After the first few they are the parser's, not the writer's. */
const MOST_MISTAKES = 100;

const SECRET_NAME = /(?:password|pwd|secret|token|credential|connection-?_?string|key)s?$/i;

/**
 * @param mask is given every value from the environment whose key or variable is named like a secret, and the
 *   signature of every signed address, wherever it stands.
 */
export function readYaml(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  mask: (secret: string) => void,
): YamlSource {
  const tooMuch = tooMuchOf(text);
  if (tooMuch !== null) return unreadable([{ path: [], found: null, allowed: tooMuch }]);
  const lines = new LineCounter();
  // Its warnings would go past the log, to where a runner reads commands.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const written = text.split(/\r\n|\r|\n/);
    const problems = document.errors.slice(0, MOST_MISTAKES).map((error): Problem => {
      const position = place(error.pos[0]);
      const line = written[position.line - 1] ?? '';
      return { path: [], found: null, allowed: `${error.message}.${quotesHint(line)}`, position };
    });
    // One mistake of YAML makes a chain of messages: the first of a line is the one that helps.
    const firstOfLine = problems.filter(
      (problem, index) =>
        problems.findIndex((other) => other.position?.line === problem.position?.line) === index,
    );
    return unreadable(firstOfLine);
  }
  const lost = prototypeKeys(document).map(
    (offset): Problem => ({
      path: [],
      found: 'the key "__proto__"',
      allowed: 'any other key',
      position: place(offset),
    }),
  );
  if (lost.length > 0) return unreadable(lost);
  const references = new Map<string, readonly string[]>();
  const written = new Map<string, string>();
  const problems: Problem[] = [];
  visit(document, {
    Scalar: (key, scalar, ancestors) => {
      if (key === 'key') return;
      const path = pathOf(key, ancestors);
      if (scalar.source !== undefined) written.set(JSON.stringify(path), scalar.source);
      problems.push(...replaceVariables(scalar, path, references, environment, mask));
      if (typeof scalar.value !== 'string') return;
      for (const signature of signaturesIn(scalar.value)) mask(signature);
    },
  });
  return {
    data: toData(document, problems),
    problems,
    unreadable: false,
    variablesAt: (path) => references.get(JSON.stringify(path)) ?? [],
    writtenAt: (path) => written.get(JSON.stringify(path)) ?? null,
    positionOf: (path, atKey = false) => {
      const offset = offsetOf(document, path, atKey);
      return offset === null ? null : place(offset);
    },
  };
}

/** YAML reads the brace of `${NAME}` within `{…}` or `[…]` as its own: the mistake everyone makes once. */
function quotesHint(line: string): string {
  if (!/[[{].*[:,\s]\$\{/.test(line)) return '';
  return ` Within {…} and […] a variable has to be in quotes: "${variable('NAME')}".`;
}

function unreadable(problems: readonly Problem[]): YamlSource {
  return {
    data: null,
    problems,
    unreadable: true,
    variablesAt: () => [],
    writtenAt: () => null,
    positionOf: () => null,
  };
}

/** Refuses the alias bombs that the parser refuses. */
function toData(document: Document.Parsed, problems: Problem[]): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.push({ path: [], found: null, allowed: messageOf(error) });
    return null;
  }
}

function replaceVariables(
  scalar: Scalar,
  path: Path,
  references: Map<string, readonly string[]>,
  environment: Readonly<Record<string, string | undefined>>,
  mask: (secret: string) => void,
): Problem[] {
  if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) return [];
  const result = substituteVariables(scalar.value, environment);
  references.set(JSON.stringify(path), [...result.used.keys(), ...result.missing, ...result.refused]);
  scalar.value = result.text;
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  for (const [name, value] of result.used) {
    if (SECRET_NAME.test(name) || SECRET_NAME.test(String(key))) mask(value);
  }
  const problems = result.missing.map(
    (name): Problem => ({
      path,
      found: null,
      allowed: `the environment variable ${name} is not set or empty: give it to the step under "env:"`,
    }),
  );
  for (const name of result.refused) {
    const allowed = `the variables of your own; ${name} lets whoever has it act as this job, and is not for the file`;
    problems.push({ path, found: variable(name), allowed });
  }
  if (result.malformed) {
    const allowed = `"${variable('NAME')}" with a name of letters, digits and "_"; a literal "\${" is written "$\${"`;
    problems.push({ path, found: '"${" without a name', allowed });
  }
  return problems;
}

function pathOf(key: number | 'key' | 'value' | null, ancestors: readonly (Document | Node | Pair)[]): Path {
  const path: (string | number)[] = [];
  const chain = [...ancestors];
  for (const [index, node] of chain.entries()) {
    if (isPair(node)) path.push(keyText(node));
    if (!isCollection(node) || isMap(node)) continue;
    const child = chain[index + 1];
    path.push(child === undefined ? Number(key) : node.items.indexOf(child));
  }
  return path;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Offset of the value at `path`, or of what stands nearest above it where the key is missing. */
function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number | null {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, part] of path.entries()) {
    if (!isCollection(node)) return offset;
    const pair = isMap(node) ? node.items.find((item) => keyText(item) === part) : undefined;
    const child = isMap(node) ? pair?.value : node.items[Number(part)];
    const last = index === path.length - 1;
    offset = (last && atKey ? startOf(pair?.key) : (startOf(child) ?? startOf(pair?.key))) ?? offset;
    node = child;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
