// The releases of "contoso orders", the application that is upgraded: what each needs of its database.

export interface Release {
  readonly version: string;
  /** Columns of dbo.Orders beyond those of version 1, in the order the versions brought them. */
  readonly columns: readonly { readonly name: string; readonly value: string }[];
}

const CURRENCY = { name: 'Currency', value: 'EUR' };
const CHANNEL = { name: 'Channel', value: 'web' };

const RELEASES: Readonly<Record<string, Release>> = {
  '1.0.0': { version: '1.0.0', columns: [] },
  '2.0.0': { version: '2.0.0', columns: [CURRENCY] },
  '3.0.0': { version: '3.0.0', columns: [CURRENCY, CHANNEL] },
};

/** Every column a later schema adds, oldest first: a database with n of them has schema n + 1. */
export const LATER_COLUMNS: readonly string[] = [CURRENCY.name, CHANNEL.name];

export const VERSIONS: readonly string[] = Object.keys(RELEASES);

/** What WEBSITE_RUN_FROM_PACKAGE points to. */
export function packageUrl(version: string): string {
  return `https://packages.contoso.example/contoso-${version}.zip`;
}

/** Null for an address no package lies at: the site then does not start. */
export function findRelease(url: string | undefined): Release | null {
  const version = url?.match(/^https:\/\/packages\.contoso\.example\/contoso-([\d.]+)\.zip$/)?.[1];
  return (version && RELEASES[version]) || null;
}
