// What holds whatever somebody else does meanwhile, beside the laws of a world.

/** A batch of V2's script, by what it makes. */
const SCRIPT = /^sql batch (\S+) .*CREATE TABLE .*SchemaVersion/;

/** Of two runs, or of one that was held up, only one runs the script. */
export function onceAtMost(calls: readonly string[]): string[] {
  const begun = calls.filter((call) => SCRIPT.test(call));
  return begun.length > 1 ? [`law 9: the script was begun ${begun.length} times`] : [];
}
