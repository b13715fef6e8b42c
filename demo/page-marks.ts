// A machine without an emoji font would show boxes where GitHub shows symbols; so the page draws them with
// characters that every font has, in colour.

const MARKS: Readonly<Record<string, readonly [look: string, glyph: string]>> = {
  '✅': ['good', '✓'],
  '☑️': ['quiet', '✓'],
  '❌': ['bad', '✗'],
  '🔴': ['bad', '●'],
  '⛔': ['bad', '●'],
  '🟡': ['warn', '●'],
  '⚪': ['quiet', '●'],
  '⚠️': ['warn', '▲'],
  '❔': ['warn', '?'],
  '⬜': ['quiet', '○'],
  '▫️': ['quiet', '○'],
  '⏭️': ['quiet', '»'],
  '↩️': ['warn', '←'],
};

const SYMBOLS = new RegExp(`<pre class="mermaid">[\\s\\S]*?</pre>|${Object.keys(MARKS).join('|')}`, 'gu');

/** The HTML with symbols as coloured characters. Diagrams are left as they are: Mermaid reads them as text. */
export function drawMarks(html: string): string {
  return html.replace(SYMBOLS, (found) => {
    const mark = MARKS[found];
    return mark === undefined ? found : `<span class="mark ${mark[0]}">${mark[1]}</span>`;
  });
}
