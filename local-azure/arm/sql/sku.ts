// Service objectives of Azure SQL Database: what a request may say, and what the service makes of it. Azure
// reports S1 as sku {name: "Standard", tier: "Standard", capacity: 20} with objective "S1".
import { ArmError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { asNumber, asObject, asText } from '../core/json.ts';

export interface DatabaseSku {
  readonly name: string;
  readonly tier: string;
  readonly family: string | null;
  readonly capacity: number;
  /** currentServiceObjectiveName, e.g. S1 or GP_Gen5_2. */
  readonly objective: string;
}

const DTUS: Readonly<Record<string, readonly [tier: string, dtus: number]>> = {
  Basic: ['Basic', 5],
  S0: ['Standard', 10],
  S1: ['Standard', 20],
  S2: ['Standard', 50],
  S3: ['Standard', 100],
  S4: ['Standard', 200],
  S6: ['Standard', 400],
  S7: ['Standard', 800],
  S9: ['Standard', 1600],
  S12: ['Standard', 3000],
  P1: ['Premium', 125],
  P2: ['Premium', 250],
  P4: ['Premium', 500],
  P6: ['Premium', 1000],
  P11: ['Premium', 1750],
  P15: ['Premium', 4000],
};

const VCORE_TIERS: Readonly<Record<string, string>> = {
  GP: 'GeneralPurpose',
  GP_S: 'GeneralPurpose',
  BC: 'BusinessCritical',
  HS: 'Hyperscale',
};

/** Tiers in the order in which "higher edition" is meant. */
const TIERS = ['Basic', 'Standard', 'GeneralPurpose', 'Premium', 'BusinessCritical', 'Hyperscale'];

export const tierRank = (sku: DatabaseSku): number => TIERS.indexOf(sku.tier);

/** An objective's name to its sku; throws 400 InvalidSkuName. */
export function skuOf(objective: string): DatabaseSku {
  return dtuSku(objective) ?? vcoreSku(objective, null) ?? invalid(objective);
}

export function poolSku(tier: string): DatabaseSku {
  return { name: 'ElasticPool', tier, family: null, capacity: 0, objective: 'ElasticPool' };
}

/** A request's `sku` member; null where it has none. Throws 400 MissingSkuName, InvalidSkuName, InvalidSku. */
export function requestedSku(body: JsonObject): DatabaseSku | null {
  if (body.sku === undefined || body.sku === null) return null;
  const sku = asObject(body.sku);
  const name = asText(sku.name);
  if (name === null) throw new ArmError(400, 'MissingSkuName', 'Sku name is required.');
  const capacity = asNumber(sku.capacity);
  const found = byTier(name, capacity) ?? dtuSku(name) ?? vcoreSku(name, capacity) ?? invalid(name);
  const tier = asText(sku.tier);
  if (tier !== null && tier.toLowerCase() !== found.tier.toLowerCase())
    throw new ArmError(400, 'InvalidSku', `The sku '${name}' does not belong to the tier '${tier}'.`);
  return found;
}

/** {name: "Standard", capacity: 20}: the form the service itself answers with. */
function byTier(name: string, capacity: number | null): DatabaseSku | null {
  if (name === 'ElasticPool') return poolSku('Standard');
  const found = Object.entries(DTUS).find(
    ([, [tier, dtus]]) =>
      tier.toLowerCase() === name.toLowerCase() && (capacity === null || dtus === capacity),
  );
  return found === undefined ? null : dtuSku(found[0]);
}

function dtuSku(objective: string): DatabaseSku | null {
  const found = Object.entries(DTUS).find(([each]) => each.toLowerCase() === objective.toLowerCase());
  if (found === undefined) return null;
  const [name, [tier, capacity]] = found;
  return { name: tier, tier, family: null, capacity, objective: name };
}

function vcoreSku(name: string, requested: number | null): DatabaseSku | null {
  const found = /^(GP_S|GP|BC|HS)_(\w+?)(?:_(\d+))?$/.exec(name);
  if (found === null) return null;
  const [, kind = '', family = '', digits] = found;
  const tier = VCORE_TIERS[kind];
  if (tier === undefined) return null;
  const capacity = digits === undefined ? (requested ?? 2) : Number(digits);
  return { name: `${kind}_${family}`, tier, family, capacity, objective: `${kind}_${family}_${capacity}` };
}

function invalid(name: string): never {
  throw new ArmError(400, 'InvalidSkuName', `Invalid SKU name '${name}'.`);
}
