// The article's table "Allowed service changes during an update", with what it and Azure's documents say of scale sets.

/** How a change can be made, from the least to the most that has to be done for it. */
export type ChangeClass = 'in-place' | 'in-place-with-reimage' | 'swap' | 'redeploy' | 'refused';

export interface AllowedChange {
  readonly inPlace: boolean;
  /** Deployed beside what runs, then exchanged with it (VIP swap). */
  readonly swap: boolean;
  readonly redeploy: boolean;
  /** Whether instances get a new OS disk by it. */
  readonly reimages: boolean;
  /** Where the rule comes from. */
  readonly rule: string;
}

const anyWay = (rule: string): AllowedChange => ({
  inPlace: true,
  swap: true,
  redeploy: true,
  reimages: false,
  rule,
});

export const ALLOWED_CHANGES = {
  'operating-system': anyWay('Operating system version'),
  'trust-level': anyWay('.NET trust level'),
  size: anyWay('Virtual machine size: limited to the sizes that are available for the service'),
  'local-storage-grown': anyWay('Local storage settings: increase only'),
  'local-storage-shrunk': {
    ...anyWay('Decreasing the size of local resources needs a swap'),
    inPlace: false,
  },
  roles: anyWay('Add or remove roles'),
  'instance-count': anyWay('Number of instances of a role'),
  endpoints: {
    ...anyWay('Number or type of endpoints: in place, or deployed anew, not by a swap'),
    swap: false,
  },
  'setting-names': anyWay('Names and values of configuration settings'),
  'setting-values': anyWay('Values of configuration settings'),
  'certificate-added': anyWay('Add new certificates'),
  'certificate-changed': anyWay('Change existing certificates'),
  code: anyWay('Deploy new code'),
  'role-name': {
    ...anyWay('The name of a role is not changed by an update: remove the role, add it with the new name'),
    inPlace: false,
    swap: false,
  },
  'domain-count': { ...anyWay('The number of upgrade domains is not changed by an update'), inPlace: false },
  image: { ...anyWay('Deploy new code, operating system version: the image of a scale set'), reimages: true },
  'image-publisher': {
    ...anyWay('Publisher and offer of an image can only be set when a scale set is created'),
    inPlace: false,
    swap: false,
  },
  'image-without-version': {
    ...anyWay('An image without an exact version leaves nothing to go back to'),
    inPlace: false,
    swap: false,
    redeploy: false,
  },
  extension: anyWay('Names and values of configuration settings: an extension of a scale set'),
  'extension-missing': {
    ...anyWay(
      'An extension that the scale set does not have cannot be changed: nothing says its publisher and type',
    ),
    inPlace: false,
    swap: false,
    redeploy: false,
  },
} as const satisfies Readonly<Record<string, AllowedChange>>;

export type ChangeKind = keyof typeof ALLOWED_CHANGES;

/** The least that has to be done. */
export function classOf(kind: ChangeKind): ChangeClass {
  const { inPlace, swap, redeploy, reimages }: AllowedChange = ALLOWED_CHANGES[kind];
  if (inPlace) return reimages ? 'in-place-with-reimage' : 'in-place';
  if (swap) return 'swap';
  return redeploy ? 'redeploy' : 'refused';
}

/** Whether a change can be made by the method that the configuration asks for. */
export function isAllowedBy(kind: ChangeKind, method: 'in-place' | 'swap'): boolean {
  const allowed: AllowedChange = ALLOWED_CHANGES[kind];
  return method === 'swap' ? allowed.swap : allowed.inPlace;
}
