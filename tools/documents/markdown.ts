// Markdown as the generated documents need it.

/** Text for one cell of a table: one line, without a bar that would end the cell. */
export function cell(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const REGION = /(<!-- generated:([a-z-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Fills every region `<!-- generated:name -->…<!-- /generated -->`. Throws for a name that nothing generates. */
export function fillRegions(markdown: string, regions: Readonly<Record<string, string>>): string {
  return markdown.replaceAll(REGION, (_region, open: string, name: string, close: string) => {
    const content = regions[name];
    if (content === undefined)
      throw new Error(`nothing generates "${name}"; known: ${Object.keys(regions).join(', ')}`);
    return `${open}${content}\n${close}`;
  });
}
