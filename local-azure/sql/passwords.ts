// Passwords of logins and contained users, kept as salted hashes.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../random.ts';

export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

/** One fast round: this guards test data on a loopback, and logins must not take a core's time. */
function digest(password: string, salt: string): Buffer {
  return createHash('sha512').update(`${salt}\0${password}`, 'utf8').digest();
}

export function hashPassword(password: string, random: Random): PasswordHash {
  const salt = random.hex(16);
  return { salt, hash: digest(password, salt).toString('hex') };
}

export function matches(password: string, kept: PasswordHash): boolean {
  return timingSafeEqual(digest(password, kept.salt), Buffer.from(kept.hash, 'hex'));
}
