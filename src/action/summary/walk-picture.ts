// The domains in the order in which they are walked: how each stands, and what this run did to it.
import type { WalkedDomain } from '../../engine/service-report.ts';
import { DOMAIN_STATES, OUTCOMES } from './domain-words.ts';
import { duration, secondsBetween } from './format.ts';
import { count, paragraphs } from './markdown.ts';
import { COLOURS, type Edge, flowchart, type Node } from './mermaid.ts';
import { type DomainTally, lastWalk } from './tally.ts';

/** With more domains than this, neighbours of which the same can be said are drawn as one. */
const DRAWN_ALONE = 8;

const LOOKS = {
  updated: COLOURS.good,
  flight: COLOURS.warning,
  untouched: COLOURS.off,
  returned: COLOURS.plain,
  broken: COLOURS.bad,
} as const;

type Look = keyof typeof LOOKS;

const LEGEND: Readonly<Record<Look, string>> = {
  updated: 'Green: on the new version.',
  flight: 'Amber: in flight.',
  broken: 'Red: where the walk broke off.',
  untouched: 'Dashed: not updated.',
  returned: 'Grey: back on the version before, by the dotted arrows.',
};

/** A domain, or several neighbours that are drawn as one. */
interface Stop {
  readonly domains: readonly number[];
  readonly instances: number;
  readonly look: Look;
  readonly state: string;
  /** What this run did to it, one line a walk. */
  readonly walked: readonly string[];
  readonly wentBack: boolean;
}

export function renderWalkPicture(walk: readonly WalkedDomain[], tally: readonly DomainTally[]): string {
  if (tally.length === 0) return '';
  const all = inOrder(walk, tally).map((domain) => stopOf(domain, walk));
  const stops = all.length > DRAWN_ALONE ? merged(all) : all;
  const nodes = stops.map((stop, index) => nodeOf(stop, `domain${index}`));
  return paragraphs([flowchart(nodes, [...forward(stops), ...back(stops)], LOOKS), legend(stops)]);
}

function legend(stops: readonly Stop[]): string {
  const used = Object.entries(LEGEND).filter(([look]) => stops.some((stop) => stop.look === look));
  return used.map(([, words]) => words).join(' ');
}

/** Those updated by earlier runs, those of this run as it walked them, and those still to come. */
function inOrder(walk: readonly WalkedDomain[], tally: readonly DomainTally[]): DomainTally[] {
  const forwards = walk.filter(({ direction }) => direction === 'forward').map(({ domain }) => domain);
  const place = ({ domain, state }: DomainTally) => {
    const walked = forwards.indexOf(domain);
    if (walked >= 0) return walked;
    return state === 'updated' || state === 'returned' ? -1 : forwards.length;
  };
  return [...tally].sort((one, other) => place(one) - place(other) || one.domain - other.domain);
}

function stopOf({ domain, instances, state }: DomainTally, walk: readonly WalkedDomain[]): Stop {
  const own = walk.filter((one) => one.domain === domain);
  return {
    domains: [domain],
    instances,
    look: lookOf(state, lastWalk(walk, domain)),
    state: DOMAIN_STATES[state][1],
    walked: own.map(({ direction, from, to, outcome }) => {
      const how = outcome === 'good' ? '' : `, ${OUTCOMES[outcome][1]}`;
      return `${direction} ${duration(secondsBetween(from, to))}${how}`;
    }),
    wentBack: own.some(({ direction }) => direction === 'back'),
  };
}

function lookOf(state: DomainTally['state'], last: WalkedDomain | undefined): Look {
  if (last !== undefined && last.outcome !== 'good') return 'broken';
  return state === 'in-flight' ? 'flight' : state;
}

/** Neighbours in the order of the walk; durations of their own are told by the table. */
function merged(stops: readonly Stop[]): Stop[] {
  const done: Stop[] = [];
  for (const stop of stops) {
    const last = done.at(-1);
    if (last === undefined || !isAlike(last, stop)) {
      done.push(stop);
      continue;
    }
    done[done.length - 1] = {
      ...last,
      domains: [...last.domains, ...stop.domains],
      instances: last.instances + stop.instances,
      walked: [],
    };
  }
  return done;
}

function isAlike(one: Stop, other: Stop): boolean {
  return one.look === other.look && one.state === other.state && one.wentBack === other.wentBack;
}

function nodeOf({ domains, instances, look, state, walked }: Stop, id: string): Node {
  const label = [titleOf(domains), count(instances, 'instance'), state, ...walked];
  return { id, shape: 'box', label, look };
}

function titleOf(domains: readonly number[]): string {
  const [first = 0] = domains;
  if (domains.length === 1) return `domain ${first}`;
  const isRow = domains.every((domain, index) => domain === first + index);
  return isRow ? `domains ${first} to ${domains.at(-1)}` : `${domains.length} domains: ${domains.join(', ')}`;
}

/** Thick as far as the walk has come. */
function forward(stops: readonly Stop[]): Edge[] {
  return stops.slice(1).map((stop, index) => ({
    from: `domain${index}`,
    to: `domain${index + 1}`,
    line: stop.look === 'untouched' ? 'thin' : 'thick',
    label: [],
  }));
}

function back(stops: readonly Stop[]): Edge[] {
  return stops.flatMap((stop, index) => {
    const before = stops[index - 1];
    if (!stop.wentBack || before?.wentBack !== true) return [];
    return [{ from: `domain${index}`, to: `domain${index - 1}`, line: 'dotted', label: ['back'] }];
  });
}
