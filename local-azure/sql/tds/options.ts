// What a TDS endpoint is made of.
import type { Clock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import type { Latency } from '../../latency.ts';
import type { Regions } from '../../regions.ts';
import type { Login, SessionHost } from '../session.ts';
import type { FedAuthInfo } from './tokens.ts';

export type TokenLogin = Extract<Login, { kind: 'token' }>;

export interface TdsOptions {
  readonly host: SessionHost;
  /** PEM. */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Checks a token that a client logs in with. Throws TokenRejected (or any error) where it is no good. */
  verifySqlToken(token: string): TokenLogin;
  /** Told to clients that ask where to get a token (the ADAL workflow). */
  readonly fedAuth: FedAuthInfo;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly clock: Clock;
  /** While the host's location is down, its connections are reset; absent: it never is. */
  readonly regions?: Regions;
}
