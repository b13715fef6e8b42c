// Writes a Mermaid flowchart. Labels are quoted and everything in them but letters, digits and a few marks
// is an entity code: a label can then neither end the diagram's fence nor be read as syntax. The colon is
// coded too, because Mermaid drops the semicolon of a code on lines that look like `style x: #…;`.
import { oneLine } from './markdown.ts';

const LABEL_LENGTH = 60;

export type Shape = 'box' | 'round' | 'hexagon' | 'cylinder';
export type Line = 'thick' | 'thin' | 'dotted';

export interface Node {
  readonly id: string;
  readonly shape: Shape;
  /** One element a line. */
  readonly label: readonly string[];
  /** The name of a class definition. */
  readonly look: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: Line;
  /** One element a line; empty for a bare arrow. */
  readonly label: readonly string[];
}

const BRACKETS: Readonly<Record<Shape, readonly [string, string]>> = {
  box: ['[', ']'],
  round: ['([', '])'],
  hexagon: ['{{', '}}'],
  cylinder: ['[(', ')]'],
};

const ARROWS: Readonly<Record<Line, string>> = { thick: '==>', thin: '-->', dotted: '-.->' };

/** In Mermaid's CSS. Chosen to be read on a light and on a dark page alike. */
export const COLOURS = {
  plain: 'fill:#f6f8fa,stroke:#57606a,color:#1f2328',
  good: 'fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a,stroke-width:2px',
  warning: 'fill:#fff1c2,stroke:#9a6700,color:#3d2c00,stroke-width:2px',
  off: 'fill:#f6f8fa,stroke:#8c959f,color:#57606a,stroke-dasharray:5 4',
  bad: 'fill:#ffebe9,stroke:#cf222e,color:#67060c,stroke-width:2px',
} as const;

/** A flowchart from left to right as a fenced block. `looks` are class definitions in Mermaid's CSS. */
export function flowchart(
  nodes: readonly Node[],
  edges: readonly Edge[],
  looks: Readonly<Record<string, string>>,
): string {
  const used = Object.entries(looks).filter(([look]) => nodes.some((node) => node.look === look));
  return [
    '```mermaid',
    'flowchart LR',
    ...nodes.map(nodeLine),
    ...edges.map(edgeLine),
    ...used.map(([look, css]) => `  classDef ${look} ${css}`),
    '```',
  ].join('\n');
}

function nodeLine({ id, shape, label, look }: Node): string {
  const [open, close] = BRACKETS[shape];
  return `  ${id}${open}"${lines(label)}"${close}:::${look}`;
}

function edgeLine({ from, to, line, label }: Edge): string {
  const arrow = ARROWS[line];
  return label.length === 0 ? `  ${from} ${arrow} ${to}` : `  ${from} ${arrow}|"${lines(label)}"| ${to}`;
}

function lines(label: readonly string[]): string {
  return label.map(escaped).join('<br/>');
}

function escaped(data: string): string {
  const characters = [...oneLine(data)];
  const shown =
    characters.length > LABEL_LENGTH ? [...characters.slice(0, LABEL_LENGTH - 1), '…'] : characters;
  const label = shown.join('').replace(/[^A-Za-z0-9 .,()/\-\u00a0-\u{10ffff}]/gu, (character) => {
    return `#${character.codePointAt(0)};`;
  });
  return label || '#160;';
}
