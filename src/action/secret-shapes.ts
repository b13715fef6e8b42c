// Secrets that nobody has told us of, known by their shape: a refusal of ARM may quote a setting, a message of SQL Server
// a connection string, an error of a proxy the address with its signature. A safety net under the masks, which know the
// secrets of this run.
import { withoutSignatures } from '../config/signed-url.ts';

const MASK = '***';

/** What follows `=` in a connection string: quoted, or up to the next separator. */
const SETTING =
  /\b((?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|client_secret|client_assertion)=)(?:"[^"]*"|'[^']*'|[^\s;&"'\\]+)/gi;
const JSON_MEMBER =
  /("(?:password|pwd|accountkey|client_?secret|access_?token|connectionstring)"\s*:\s*)"[^"]*"/gi;
/** A JSON Web Token: header, payload, signature. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(bearer\s+)[\w.~+/-]{16,}=*/gi;
/** `https://user:password@host` */
const USER_INFO = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** The text without what looks like a password, key, token or signature. Linear in its length. */
export function withoutSecrets(text: string): string {
  return withoutSignatures(text)
    .replace(SETTING, `$1${MASK}`)
    .replace(JSON_MEMBER, `$1"${MASK}"`)
    .replace(JWT, MASK)
    .replace(BEARER, `$1${MASK}`)
    .replace(USER_INFO, `$1${MASK}@`);
}
