// What Entra has answered last. The identity SDKs ask again by themselves where it is busy, for longer than anybody here waits
// for them, and of a tenant's description that was refused MSAL keeps the answer to itself.
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';

/** An answer that holds no token. */
export interface TokenAnswer {
  readonly status: number;
  /** "AADSTS90055: Too many requests. Correlation ID: …"; empty where it holds nothing but its status. */
  readonly said: string;
  readonly correlationId: string | null;
}

export interface TokenAnswers {
  /** Of every request that is sent; for the SDK's pipeline, in each of its retries. */
  readonly policy: PipelinePolicy;
  /** Forgets what was answered before: another token is asked for. */
  forget(): void;
  /** Null where the last answer was a good one, or where there was none. */
  last(): TokenAnswer | null;
}

const LONGEST_WORDS = 500;

export function createTokenAnswers(): TokenAnswers {
  let last: TokenAnswer | null = null;
  return {
    policy: {
      name: 'tokenAnswers',
      sendRequest: async (request, next) => {
        const response = await next(request);
        last = response.status < 400 ? null : answerIn(response);
        return response;
      },
    },
    forget: () => {
      last = null;
    },
    last: () => last,
  };
}

/** As RFC 6749 (5.2) has it, with what Entra adds to it. */
function answerIn({ status, bodyAsText }: PipelineResponse): TokenAnswer {
  const { error, error_description: description, correlation_id: id } = parsed(bodyAsText ?? '');
  const text = [description, error].find((one) => typeof one === 'string' && one !== '') ?? '';
  const said = String(text).replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);
  const named = /correlation id: ([0-9a-f-]{36})/i.exec(said)?.[1] ?? null;
  const correlationId = typeof id === 'string' ? id : named;
  const isNamed = correlationId === null || named !== null;
  return { status, said: isNamed ? said : `${said} Correlation ID: ${correlationId}`.trim(), correlationId };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
