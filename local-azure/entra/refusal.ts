// Entra's refusals: an OAuth error, an AADSTS number, and a description that repeats it with ids and the time.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

type OAuthError =
  | 'invalid_client'
  | 'invalid_request'
  | 'invalid_resource'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: OAuthError;
  readonly code: number;

  constructor(error: OAuthError, code: number, message: string) {
    super(message);
    this.error = error;
    this.code = code;
  }

  /** Entra answers 401 where the client could not prove who it is, else 400. */
  get status(): number {
    return this.error === 'invalid_client' ? 401 : 400;
  }
}

/** The JSON body of a refusal. */
export function refusalBody(refusal: Refusal, clock: Clock, random: Random): object {
  const [trace, correlation] = [random.guid(), random.guid()];
  const timestamp = aadTime(clock.now());
  return {
    error: refusal.error,
    error_description:
      `AADSTS${refusal.code}: ${refusal.message} Trace ID: ${trace} ` +
      `Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [refusal.code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${refusal.code}`,
  };
}

/** 2026-11-21 14:43:24Z */
function aadTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
