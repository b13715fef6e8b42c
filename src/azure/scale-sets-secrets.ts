// Settings of extensions are public by Azure's word, yet people put keys and signed addresses into them.
const SECRET_NAME =
  /password|passwd|secret|token|(?:account|access|api|private|shared)_?key|connectionstring/i;
const SIGNED = /[?&]sig=[^&]+/i;
/** Shorter ones would blacken the whole log. */
const SHORTEST_SECRET = 8;

/** All strings in a value that are secrets by their name, or by the signature of a storage account in them. */
export function secretsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return isSecret(name, value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => secretsIn(each, name));
  return Object.entries(value).flatMap(([member, inner]) => secretsIn(inner, member));
}

function isSecret(name: string, value: string): boolean {
  return value.length >= SHORTEST_SECRET && (SECRET_NAME.test(name) || SIGNED.test(value));
}
