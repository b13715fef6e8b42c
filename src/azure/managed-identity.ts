/** Set where App Service, Functions, Arc, Service Fabric, Cloud Shell or AKS hand out identities. */
const VARIABLES = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'IMDS_ENDPOINT', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'];
/** The instance metadata service of Azure's machines; the address is the same everywhere. */
const METADATA_SERVICE = 'http://169.254.169.254/metadata/identity/oauth2/token';
const ANSWERS_WITHIN_MS = 1_000;

/**
 * Whether a managed identity may be had here. The metadata service answers at once, also to a request without its
 * header (with an error), and elsewhere nobody does; the SDK would try for half a minute.
 */
export async function hasManagedIdentity(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (VARIABLES.some((name) => variables[name])) return true;
  try {
    await fetch(METADATA_SERVICE, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}
