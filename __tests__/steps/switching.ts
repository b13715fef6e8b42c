// An upgraded application in front of its switch, blue in production: a profile or a site with two slots that can be
// written, lose answers, and take effect late.
import { AzureError, WrittenError } from '../../src/azure/errors.ts';
import type {
  AppService,
  Endpoint,
  EndpointChanges,
  Profile,
  SiteRef,
  TrafficManager,
} from '../../src/azure/ports.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { config, endpoint, profile, site, slot } from '../guards/parts.ts';
import { type Color, entry, type Options, type Servers, servers } from './two-servers.ts';

/** What becomes of one write that moves users, and what the run hears of it. */
export interface Write {
  /** Seconds after which it takes effect; null: never. */
  readonly after: number | null;
  readonly answer: 'success' | 'lost' | 'refused' | 'profile-changed' | 'not-as-written';
}

export interface Switching extends Servers {
  /** As Traffic Manager has it now. */
  endpoints(): readonly Endpoint[];
  /** What was sent to Azure, in order: "move", "as it is". */
  readonly sent: string[];
  /** Seconds since the beginning. */
  seconds(): number;
}

export interface SwitchOptions extends Partial<Options> {
  readonly endpoints?: readonly Endpoint[];
  readonly write?: Write;
  /** What becomes of a second one; the same where absent. */
  readonly again?: Write;
  /** What becomes of a profile that is written as it is. */
  readonly fence?: 'success' | 'lost' | 'refused';
  /** From the first write on no question is answered any more; or none at all. */
  readonly silent?: boolean | 'from-the-beginning';
}

const UPGRADED = {
  blue: { readOnly: true, entry: entry('blue', 'freezing') },
  green: { entry: entry('green', 'upgraded') },
};
const DONE: Write = { after: 0, answer: 'success' };

export const lost = () => error('no answer within 65 s', null, true);
const notAsWritten = () =>
  new WrittenError('reading it back', {
    status: null,
    code: null,
    correlationId: null,
    outcomeUnknown: true,
  });
export const refused = () => error('HTTP 409 Conflict', 409, false);
export const forbidden = () => error('HTTP 403 Forbidden', 403, false);

function error(message: string, status: number | null, outcomeUnknown: boolean): AzureError {
  return new AzureError(message, { status, code: null, correlationId: null, outcomeUnknown });
}

function say(answer: Write['answer']): void {
  if (answer === 'lost') throw lost();
  if (answer === 'refused') throw refused();
  if (answer === 'not-as-written') throw notAsWritten();
  if (answer === 'profile-changed')
    throw new UpgradeError('profile-changed', 'The profile is not as it was read');
}

export function byProfile(options: SwitchOptions = {}): Switching {
  const { write: first = DONE, again = first, fence = 'success' } = options;
  const world = servers({ production: 'blue', ...UPGRADED, ...options });
  const began = world.clock.now();
  const sent: string[] = [];
  let endpoints = options.endpoints ?? [endpoint('blue'), endpoint('green')];
  const now = (): Profile => profile({ endpoints });
  const put = async (changes: EndpointChanges): Promise<Profile> => {
    const moves = Object.keys(changes).length > 0;
    sent.push(moves ? 'move' : 'as it is');
    if (!moves) say(fence);
    if (!moves) return now();
    const write = sent.filter((one) => one === 'move').length > 1 ? again : first;
    await effect(world, write.after, () => {
      endpoints = changed(endpoints, changes);
    });
    say(write.answer);
    return now();
  };
  const trafficManager: Partial<TrafficManager> = {
    getProfile: async () => {
      if (options.silent === 'from-the-beginning') throw lost();
      if (options.silent && sent.length > 0) throw lost();
      return now();
    },
    openProfile: async () => {
      if (options.silent === 'from-the-beginning') throw lost();
      return { profile: now(), write: put };
    },
  };
  Object.assign(world.context.azure, { trafficManager });
  return { ...world, endpoints: () => endpoints, sent, seconds: () => (world.clock.now() - began) / 1000 };
}

function changed(endpoints: readonly Endpoint[], changes: EndpointChanges): readonly Endpoint[] {
  return endpoints.map((one) => ({ ...one, ...changes[one.name] }));
}

/** At once where it takes no time: whoever asks next sees it. */
async function effect({ clock }: Servers, after: number | null, take: () => void): Promise<void> {
  if (after === 0) take();
  else if (after !== null) void clock.sleep(after * 1000).then(take);
}

export interface SwapOptions extends SwitchOptions {
  /** Seconds for which Azure says of the site that an operation is in progress, from the swap's sending on. */
  readonly inProgress?: number;
  /** Whose server the production site is connected to at the beginning. */
  readonly connected?: Color;
}

export const SWAP_CONFIG = config({
  switchMethod: 'slot-swap',
  trafficManager: null,
  deploymentSlot: 'staging',
  slots: [slot('blue', { webApp: 'contoso' }), slot('green', { webApp: 'contoso' })],
});

export function bySwap(options: SwapOptions = {}): Switching {
  const { write = DONE, inProgress = 0 } = options;
  const world = servers({
    production: 'blue',
    ...UPGRADED,
    ...options,
    context: { config: SWAP_CONFIG, ...options.context },
  });
  const began = world.clock.now();
  const sent: string[] = [];
  let connected: Color = options.connected ?? 'blue';
  let busyUntil = began;
  const appService: Partial<AppService> = {
    getSite: async (_ref: SiteRef) => {
      if (options.silent && sent.length > 0) throw lost();
      return site('blue', { operationInProgress: world.clock.now() < busyUntil });
    },
    listConnectionStrings: async () => ({
      contoso: { value: `Server=tcp:contoso-sql-${connected}.database.windows.net,1433`, type: 'SQLAzure' },
    }),
    listAppSettings: async () => ({}),
    swapWithProduction: async (...[, , , , beforeSending]) => {
      await beforeSending();
      sent.push('move');
      busyUntil = world.clock.now() + inProgress * 1000;
      await effect(world, write.after, () => {
        connected = connected === 'blue' ? 'green' : 'blue';
      });
      say(write.answer);
    },
  };
  Object.assign(world.context.azure, { appService });
  return {
    ...world,
    endpoints: () => [],
    sent,
    seconds: () => (world.clock.now() - began) / 1000,
  };
}
