/**
 * A copy of a JSON-like value in which every string and every array went through a function. The shape
 * stays: strings remain strings, arrays keep their kind of elements.
 */
export function mapStrings<T>(
  value: T,
  onString: (string: string) => string,
  onArray: (array: readonly unknown[]) => readonly unknown[] = (array) => array,
): T {
  return mapped(value, onString, onArray) as T;
}

function mapped(
  value: unknown,
  onString: (string: string) => string,
  onArray: (array: readonly unknown[]) => readonly unknown[],
): unknown {
  if (typeof value === 'string') return onString(value);
  if (Array.isArray(value)) return onArray(value).map((element) => mapped(element, onString, onArray));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapped(member, onString, onArray)]),
  );
}
