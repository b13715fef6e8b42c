// How far the seeding of a geo-secondary is. 100 percent is not caught up; CATCH_UP is, and not before Resource
// Manager and both databases say so.
import { sameName } from '../application/production-slot.ts';
import { type GeoLink, targetOn } from '../application/regions.ts';
import type { Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { linkTo, readLinks } from '../azure/tsql/geo-replication.ts';
import type { PaceLimits } from '../engine/pace.ts';
import { readGeoLink } from './geo-link.ts';

/** Of looks at it. A look costs Resource Manager a read or three, and takes about half a second. */
export const SEEDING_PACE: PaceLimits = { shortest: 500, longest: 15_000 };

export interface Seeding {
  readonly kind: 'no-link' | 'seeding' | 'caught-up';
  readonly percent: number | null;
  readonly evidence: string;
}

/** Of one database of the application. Throws AzureError where Resource Manager does not tell. */
export async function seedingOf(context: UpgradeContext, geoLink: GeoLink, name: string): Promise<Seeding> {
  const { from, to } = geoLink;
  const { link } = await readGeoLink(context, geoLink, name);
  if (!link) return { kind: 'no-link', percent: null, evidence: `${name}: there is no link yet` };
  const percent = link.percentComplete;
  const waiting = (evidence: string): Seeding => ({ kind: 'seeding', percent, evidence });
  if (link.state !== 'CATCH_UP') return waiting(`${name}: ${link.state} ${percent ?? '?'} %`);
  const missing = await missingOnBothSides(context, geoLink, name);
  if (missing !== null) return waiting(`${name}: ${missing}`);
  const evidence = `${name}: CATCH_UP on both sides, ${from.server.name} and ${to.server.name}`;
  return { kind: 'caught-up', percent: 100, evidence };
}

/**
 * What the databases themselves say instead of CATCH_UP; null where both say that. The copy refuses logins until then; the
 * primary is asked as well: Resource Manager may be late.
 */
export async function missingOnBothSides(
  context: UpgradeContext,
  { from, to }: GeoLink,
  name: string,
): Promise<string | null> {
  const told = await Promise.all([toldBy(context, to, from, name), toldBy(context, from, to, name)]);
  const [ofCopy, ofPrimary] = told;
  if (ofCopy !== 'CATCH_UP') return `${to.server.name} ${ofCopy}`;
  return ofPrimary === 'CATCH_UP' ? null : `${from.server.name} ${ofPrimary}`;
}

/** CATCH_UP, or what the database says instead. */
async function toldBy(
  context: UpgradeContext,
  side: Deployment,
  partner: Deployment,
  name: string,
): Promise<string> {
  const target = targetOn(side, name, purposeOf(context, side));
  try {
    const link = await context.sessions.on(target, async (connection) =>
      linkTo(await readLinks(connection), partner.server.name),
    );
    if (!link) return 'says no link';
    return link.state === 'CATCH_UP' ? link.state : `says ${link.state}`;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `does not answer yet (${error.message})`;
  }
}

/** The name its connection has in the server's list of sessions; that of the role, where it has one. */
function purposeOf({ production, stage }: UpgradeContext, { server }: Deployment): string {
  if (sameName(server.name, production.server.name)) return 'production';
  return sameName(server.name, stage.server.name) ? 'stage' : 'standby';
}
