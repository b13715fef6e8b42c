/** Name and version as reports, logs and Azure's own logs (user agent) show them; a test holds package.json to it. */
export const PRODUCT = { name: 'rolling-upgrade', version: '0.1.0' } as const;
