// A token that does not come at once. Entra and GitHub are busy at times, or do not answer at all, and the identity SDKs
// wait for an answer without limit; an upgrade whose users are read-only must neither fail for that nor hang on it.
import type { Clock } from '../clock.ts';
import { AzureError } from './errors.ts';
import type { TokenAnswers } from './token-answers.ts';

/** One try; then the next one is begun. Milliseconds. */
const ANSWER_WITHIN_MS = 20_000;
/** No try is begun later than this after the first. Milliseconds. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

export interface Asked {
  /** Whom, for the message. */
  readonly from: string;
  readonly answers: Pick<TokenAnswers, 'forget' | 'last'>;
}

/**
 * Asks again as long as it throws AzureErrors, which is what no answer and a busy Entra are. Throws the last one, and at
 * once everything else; also where `signal` is aborted meanwhile.
 * @param signal of whoever waits
 */
export async function withPatience<Token>(
  clock: Clock,
  asked: Asked,
  ask: () => Promise<Token>,
  signal?: { readonly aborted: boolean },
): Promise<Token> {
  const until = clock.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await inTime(clock, asked, ask);
    } catch (error) {
      if (!(error instanceof AzureError) || signal?.aborted || clock.now() + pause > until) throw error;
      await clock.sleep(pause);
    }
  }
}

async function inTime<Token>(clock: Clock, asked: Asked, ask: () => Promise<Token>): Promise<Token> {
  const answered = new AbortController();
  asked.answers.forget();
  const tooLate = clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(() => {
    throw noToken(asked);
  });
  tooLate.catch(() => {}); // the answer came first
  try {
    return await Promise.race([ask(), tooLate]);
  } finally {
    answered.abort();
  }
}

/** The SDK still asks: it was put off, or nobody answers. */
function noToken({ from, answers }: Asked): AzureError {
  const last = answers.last();
  const within = `within ${ANSWER_WITHIN_MS / 1000} s`;
  const why =
    last === null
      ? `no answer ${within}`
      : `none ${within}, it was answered HTTP ${last.status} ${last.said}`.trim();
  return new AzureError(`No token from ${from}: ${why}`, {
    status: null,
    code: null,
    correlationId: last?.correlationId ?? null,
    outcomeUnknown: false,
  });
}
