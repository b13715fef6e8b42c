/**
 * Makes the value at the first call and hands out the same one ever after: SDKs are loaded by those who use them.
 * A failure is not kept.
 */
export function lazy<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
