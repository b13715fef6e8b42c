// Writes a Mermaid chart of a number over time. Nothing in it is data of others: numbers and our own words.

interface Scale {
  /** From the first to the last value. */
  readonly seconds: number;
  /** The upper end of the axis. */
  readonly most: number;
}

// Low and wide, and dark enough on a light page: Mermaid's own first colour is nearly white.
const LOOK = {
  xyChart: { width: 900, height: 280, plotReservedSpacePercent: 60 },
  themeVariables: { xyChart: { plotColorPalette: '#3f9a5a', backgroundColor: 'transparent' } },
};

/** Bars of equal spans of time as a fenced block; empty where there is nothing to draw. */
export function stepChart(values: readonly number[], { seconds, most }: Scale): string {
  if (values.length === 0 || !(most > 0) || !(seconds > 0)) return '';
  const [length, unit] = seconds < 120 ? [seconds, 'seconds'] : [seconds / 60, 'minutes'];
  return [
    '```mermaid',
    `%%{init: ${JSON.stringify(LOOK)}}%%`,
    'xychart-beta',
    `  x-axis "${unit} since the first look" 0 --> ${length.toFixed(1)}`,
    `  y-axis "instances in service" 0 --> ${most}`,
    `  line [${values.join(', ')}]`,
    '```',
  ].join('\n');
}
