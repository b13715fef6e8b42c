// What Entra said when it refused, in words that tell the next action.

import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import type { CredentialKind } from './credentials.ts';
import { AzureError } from './errors.ts';
import type { TokenAnswer } from './token-answers.ts';

interface Refusal {
  readonly meaning: string;
  readonly advice: readonly string[];
}

const ENTRA_CODE = /AADSTS\d+/;

const SUBJECT_MISMATCH: Refusal = {
  meaning: "no federated credential of the application matches this job's OIDC token",
  advice: [
    "Compare issuer, subject and audience in the message with the application's federated credentials (Entra: App registrations, Certificates & secrets).",
    'A job with an environment has the subject "repo:OWNER/REPO:environment:NAME", one without has its branch or tag: "repo:OWNER/REPO:ref:refs/heads/main". Every phase\'s job needs a match.',
  ],
};

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  AADSTS70021: SUBJECT_MISMATCH,
  AADSTS700213: SUBJECT_MISMATCH,
  AADSTS700211: {
    meaning: "no federated credential of the application has this token's issuer",
    advice: [
      'On github.com the issuer is https://token.actions.githubusercontent.com; GitHub Enterprise Server has its own.',
    ],
  },
  AADSTS700212: {
    meaning: "no federated credential of the application has this token's audience",
    advice: ['The audience is api://AzureADTokenExchange in the public cloud; others have their own.'],
  },
  AADSTS700024: {
    meaning: 'the login assertion that was used has expired (they live five minutes)',
    advice: [
      'Give the inputs tenant-id and client-id, so that the action mints its own assertions, instead of azure/login.',
      'On a self-hosted runner also check the clock.',
    ],
  },
  AADSTS7000215: {
    meaning: 'the client secret is wrong (its id was given instead of its value, or it was rotated)',
    advice: [
      "Put the secret's value, not its id, into AZURE_CLIENT_SECRET; or use GitHub OIDC, which has no secret.",
    ],
  },
  AADSTS7000222: {
    meaning: 'the client secret has expired',
    advice: ['Create a new one, or use GitHub OIDC, which has no secret.'],
  },
  AADSTS700016: {
    meaning: 'the application is not known in this tenant',
    advice: ['Check client-id (the application id, not the object id) and tenant-id.'],
  },
  AADSTS90002: {
    meaning: 'the tenant does not exist',
    advice: ['Check tenant-id, and azure-environment (each cloud has its own tenants).'],
  },
};

const OTHER: Refusal = {
  meaning: 'Entra refused the login',
  advice: ['Look the code up: https://login.microsoftonline.com/error'],
};

/** Entra is busy, or something behind it is: nothing was judged. */
const FOR_NOW = ['AADSTS90006', 'AADSTS90033', 'AADSTS90055'];
/** The same in the words of OAuth 2.0 (RFC 6749, 4.1.2.1), which stand before Entra's own text. */
const FOR_NOW_BY_OAUTH = /^(temporarily_unavailable|server_error)\b/;

/** Of MSAL, which keeps to itself what was answered. */
const NO_ENDPOINTS = /endpoints_resolution_error/;

/** These are used because they are set up: that they do not work is never that they are missing. */
const GIVEN: readonly CredentialKind[] = ['github-oidc', 'client-secret'];

/** Whether a credential says "I am not set up here". The CLI's says so too where Entra refused it: see the code. */
export function isUnavailable(error: unknown, kind: CredentialKind): boolean {
  if (GIVEN.includes(kind)) return false; // the SDKs call an authority that does not answer "unavailable", too
  return (
    error instanceof Error && error.name === 'CredentialUnavailableError' && !ENTRA_CODE.test(error.message)
  );
}

/**
 * UpgradeError 'credentials-refused' where Entra has judged; AzureError where it did not answer, or not now.
 * @param answer the last one that held no token, where it was seen: what was thrown does not always tell it
 */
export function entraError(
  error: unknown,
  kind: CredentialKind,
  authority: string,
  answer: TokenAnswer | null = null,
): UpgradeError | AzureError {
  if (error instanceof UpgradeError) return error;
  const text = textOf(error);
  const code = ENTRA_CODE.exec(text)?.[0];
  if (code === undefined || FOR_NOW.includes(code) || FOR_NOW_BY_OAUTH.test(text)) {
    const where = NO_ENDPOINTS.test(text)
      ? `${authority} did not describe the tenant: is it reached from here, and is tenant-id right?`
      : `No token from ${authority}`;
    return new AzureError(`${where} (${kind}${answeredWith(answer, text)}): ${text}`, {
      status: null,
      code: null,
      correlationId: correlationIdIn(text) ?? answer?.correlationId ?? null,
      outcomeUnknown: false,
      cause: error,
    });
  }
  const { meaning, advice } = REFUSALS[code] ?? OTHER;
  return new UpgradeError('credentials-refused', `${code}: ${meaning} (${kind}). Entra said: ${text}`, {
    advice,
    cause: error,
  });
}

/** What the text does not tell already. */
function answeredWith(answer: TokenAnswer | null, text: string): string {
  if (answer === null) return '';
  const said = text.includes(answer.said) ? '' : ` ${answer.said}`;
  return `, answered HTTP ${answer.status}${said}`;
}

/** Entra's own description where the SDK kept it, else what the SDK made of it; on one line. */
function textOf(error: unknown): string {
  const { errorResponse } = (error ?? {}) as { errorResponse?: { errorDescription?: string } };
  const text = errorResponse?.errorDescription ?? messageOf(error);
  return text.replace(/\s+/g, ' ').trim();
}

function correlationIdIn(text: string): string | null {
  return /correlation id: ([0-9a-f-]{36})/i.exec(text)?.[1] ?? null;
}
