// "Did you mean …?" for names that were mistyped.

/** The candidate closest to what was written, where it is close enough to be what was meant; else null. */
export function nearMiss(written: string, candidates: readonly string[]): string | null {
  const wanted = canonical(written);
  const allowedEdits = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; edits: number } | null = null;
  for (const name of candidates) {
    const edits = editDistance(wanted, canonical(name));
    if (edits <= allowedEdits && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const meant = nearMiss(written, candidates);
  return meant === null ? '' : ` Did you mean "${meant}"?`;
}

/** Case, hyphens and underscores are what people get wrong first: they do not count. */
function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Levenshtein distance, with a swap of neighbours counted as one edit. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
