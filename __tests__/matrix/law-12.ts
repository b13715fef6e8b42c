// Law 12: no secret of the environment is in what a run prints or leaves.
import type { LocalAzure } from '../../local-azure/start.ts';
import type { Acted } from '../acceptance/scenario.ts';
import { ending } from './ending.ts';

const TOKEN = /eyJ[A-Za-z0-9_-]{10,}\./;
const PASSWORD = /\b(password|pwd)\s*=\s*(?!\*)[^;"'\s]/i;

export function secretsIn({ description }: LocalAzure, acted: Acted): string[] {
  const { run } = acted;
  const { environment, sqlLogin } = description;
  const secrets: readonly [string, string | undefined][] = [
    ['the client secret', environment.AZURE_CLIENT_SECRET],
    ['the OIDC request token', environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN],
    ['the SQL password', sqlLogin.password],
  ];
  const texts: readonly [string, string][] = [run.main, ...(run.post ? [run.post] : [])].flatMap(
    ({ log, summary, outputs }): [string, string][] => [
      // The lines that tell the runner what to mask are not shown by it.
      ['log', log.replaceAll(/^::add-mask::.*$/gm, '')],
      ['summary', summary],
      ['outputs', JSON.stringify(outputs)],
    ],
  );
  const all: typeof texts = [...texts, ['report', JSON.stringify(ending(acted).report)]];
  return all.flatMap(([where, text]) => [
    ...secrets
      .filter(([, secret]) => secret && text.includes(secret))
      .map(([what]) => `law 12: ${what} is in the ${where}`),
    ...(TOKEN.test(text) ? [`law 12: a token is in the ${where}`] : []),
    ...(PASSWORD.test(text) ? [`law 12: a password is in the ${where}`] : []),
  ]);
}
