// The server's firewall: which client addresses may log in at all.

export interface FirewallRule {
  readonly name: string;
  /** IPv4, both ends included. */
  readonly start: string;
  readonly end: string;
}

function asNumber(address: string): number {
  const parts = address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return Number.NaN;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

export function admits(rules: readonly FirewallRule[], address: string): boolean {
  const number = asNumber(address);
  return rules.some((rule) => number >= asNumber(rule.start) && number <= asNumber(rule.end));
}
