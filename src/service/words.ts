// Lists and numbers as the sentences about a walk need them.

const MOST = 8;

/** "a", "a and b", "a, b and c"; of many the first, and how many more. */
export function formatList(items: readonly string[]): string {
  if (items.length > MOST)
    return `${items.slice(0, MOST - 1).join(', ')} and ${items.length - MOST + 1} more`;
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** "1 instance", "3 instances". */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
