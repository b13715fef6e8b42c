// What clients ask before they ask for a token: where the endpoints are.

export type DiscoveryKind = 'v1' | 'v2' | 'adfs';

/**
 * @param base Of the server, as the client reached it: https://localhost:1234
 * @param tenant As in the path: an id, or `adfs`.
 */
export function openIdConfiguration(kind: DiscoveryKind, base: string, tenant: string): object {
  const root = `${base}/${tenant}`;
  const endpoints = {
    v1: { issuer: `${root}/`, oauth: `${root}/oauth2`, keys: `${root}/discovery/keys` },
    v2: { issuer: `${root}/v2.0`, oauth: `${root}/oauth2/v2.0`, keys: `${root}/discovery/v2.0/keys` },
    adfs: { issuer: `${base}/adfs`, oauth: `${base}/adfs/oauth2`, keys: `${base}/adfs/discovery/keys` },
  }[kind];
  return {
    issuer: endpoints.issuer,
    authorization_endpoint: `${endpoints.oauth}/authorize`,
    token_endpoint: `${endpoints.oauth}/token`,
    device_authorization_endpoint: `${endpoints.oauth}/devicecode`,
    jwks_uri: endpoints.keys,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token', 'token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    tenant_region_scope: 'EU',
  };
}

/** The answer to instance discovery: one cloud, this one. */
export function instanceMetadata(base: string, tenant: string): object {
  const host = new URL(base).host;
  return {
    tenant_discovery_endpoint: `${base}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
