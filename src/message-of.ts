/** What an error says, without the name of its class, which tells a person nothing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
