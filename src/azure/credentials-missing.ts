// No way to sign in was given whole: which part is missing comes first, what the last ways said themselves is a cause.
import { UpgradeError } from '../reasons.ts';
import type { CredentialSettings } from './credentials.ts';

type Given = Pick<CredentialSettings, 'tenantId' | 'clientId' | 'variables' | 'mintIdToken'>;

/** From the inputs, else from the environment; null where neither has it. */
export function namedIdentity({ tenantId, clientId, variables }: Omit<Given, 'mintIdToken'>) {
  return {
    tenantId: tenantId || variables.AZURE_TENANT_ID || null,
    clientId: clientId || variables.AZURE_CLIENT_ID || null,
  };
}

/** @param tried what managed identity and Azure CLI said, which nobody meant who forgot a line of the workflow. */
export function credentialsMissing(given: Given, tried: readonly unknown[]): UpgradeError {
  const part = missingPart(given);
  return new UpgradeError(
    'credentials-missing',
    part ? `There are no credentials for Azure: ${part.what}` : 'There are no credentials for Azure',
    {
      cause: tried.length > 1 ? new AggregateError(tried) : tried[0],
      advice: [
        ...(part ? [part.advice] : []),
        'GitHub OIDC (recommended): give the inputs tenant-id and client-id, and the job "permissions: id-token: write".',
        'Client secret: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment.',
        'Managed identity: run on a self-hosted runner in Azure that has one (client-id names a user-assigned one).',
        'Azure CLI: run "az login" (or azure/login) before.',
      ],
    },
  );
}

/** Of GitHub OIDC, the way that is meant where any of it is there; null where nothing is. */
function missingPart(given: Given): { readonly what: string; readonly advice: string } | null {
  const { tenantId, clientId } = namedIdentity(given);
  if (tenantId !== null && clientId !== null) {
    return {
      what: 'tenant-id and client-id are given, but this job has no OIDC token of GitHub',
      advice: 'Add "permissions: id-token: write" to the job.',
    };
  }
  const isMeant = tenantId !== null || clientId !== null || given.mintIdToken !== null;
  if (!isMeant) return null;
  const empty = [
    ...(tenantId === null ? ['tenant-id'] : []),
    ...(clientId === null ? ['client-id'] : []),
  ].join(' and ');
  return {
    what: `${empty} ${empty.includes(' and ') ? 'are' : 'is'} empty`,
    advice: `Give ${empty}. Variables of an environment are there only in jobs that name that environment.`,
  };
}
