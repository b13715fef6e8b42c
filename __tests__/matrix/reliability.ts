// docs/reliability.md, drawn from the results of the matrix.
import type { Kind } from './case.ts';
import type { Planned } from './jobs.ts';
import type { CaseResult } from './results.ts';

/** @param cases all there are; @param kept results by id; @param bundle digest of the one that is documented. */
export function renderReliability(
  cases: readonly Planned[],
  kept: ReadonlyMap<string, CaseResult>,
  bundle: string,
): string {
  const results = cases.flatMap(({ id }) => kept.get(id) ?? []);
  const worlds = [...Map.groupBy(cases, ({ route }) => route.world)];
  return `${[
    '# Reliability',
    '',
    '<!-- Made by `npm run test:matrix -- --document`; change what makes it, not this page. -->',
    '',
    ...INTRODUCTION,
    '',
    ...overall(cases, results, bundle),
    '',
    ...worlds.flatMap(([world, ofWorld]) => [`## ${world}`, '', ...tables(ofWorld, kept)]),
    ...violationsOf(results),
    ...NOT_TRIED,
  ].join('\n')}\n`;
}

const INTRODUCTION = [
  'What was done to runs of this action, and what became of the application and of what its users had written. Every run is',
  'the committed bundle in processes of its own, against the [embedded Azure](local-azure.md), with users who write and',
  'read by the public name all the while. Cases are not picked by hand: a journey is recorded once, and is then cut off,',
  'cancelled or disturbed at each of its calls. After every run the laws are checked from outside of the product: who is served by',
  'which database, who could write where, whether anything that was acknowledged is missing, and whether what the run said is true.',
  '',
  '```sh',
  'npm run test:matrix                                  # everything, for hours',
  'npm run test:matrix -- --sample 50 --seed 7          # fifty cases, drawn from every group alike',
  'npm run test:matrix -- --seed 7 --case "…"           # one case again, as printed with a violation',
  '```',
  '',
  '## The laws',
  '',
  'A violation begins with the number of the one that did not hold. Of `upgrade-domains` the same, read for instances:',
  'never two domains down at once, nothing switched off that is not given back, what is told of each instance is so.',
  '',
  '1. Between freeze and switch nobody but the upgrade script writes, anywhere; no write is taken in twice.',
  '2. No run ends with production read-only in silence: it is given back, or the first line says so.',
  '3. The script never runs on the database that serves users, and no batch of it twice.',
  '4. No acknowledged write is missing on the stage database when the link goes.',
  '5. Users are never sent to nobody, nor to a stage whose upgrade is not complete.',
  "6. Nothing that V2's users wrote is thrown away without an explicit input.",
  '7. Nothing is deleted that the action did not create, and never what serves users.',
  '8. Every phase can be killed anywhere and run again.',
  '9. Two runs never act on one application at once.',
  '10. In two regions the database that serves users has a caught-up geo-secondary at every moment.',
  '11. What a run says is so.',
  '12. No secret is printed, stored or passed on a command line.',
];

const NOT_TRIED = [
  '## What is not tried here',
  '',
  '- Azure itself. The embedded Azure answers with the codes and in the order that Azure documents or that were recorded; what',
  '  Azure does beside its documentation nobody can find this way.',
  '- Two faults at a time, other than a killed run followed by another killed one.',
  '- Machines that go on running without being heard of, other than for the length of one call.',
  '- Cases that the tables above count as not tried.',
];

function overall(cases: readonly Planned[], results: readonly CaseResult[], bundle: string): string[] {
  const violating = results.filter(({ violations }) => violations.length > 0).length;
  const broken = results.filter((one) => one.broken).length;
  const ofThis = results.filter((one) => one.bundle === bundle).length;
  const days = [...new Set(results.map(({ at }) => at.slice(0, 10)))].sort();
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  return [
    `**${cases.length} cases are enumerated, ${results.length} were tried, ${violating} violated a law**${broken > 0 ? `, ${broken} broke and ${broken === 1 ? 'tells' : 'tell'} nothing` : ''}.`,
    '',
    `Tried from ${days[0] ?? 'never'} to ${days.at(-1) ?? 'never'}, seeds ${seeds.join(', ') || 'none'}. Of the results ${ofThis} are of the bundle ${bundle}, which is`,
    `the one this page was made with; ${results.length - ofThis} are of other builds.`,
  ];
}

const KIND_TITLES: Readonly<Record<Kind, string>> = {
  crash: 'Killed',
  cancel: 'Cancelled',
  fault: 'Calls that go wrong',
  interference: 'Somebody else acts meanwhile',
  pause: 'Stands still, and another run acts',
  condition: 'Something lasts',
};

/** Groups of which nothing was tried are counted, not listed. */
function tables(cases: readonly Planned[], kept: ReadonlyMap<string, CaseResult>): string[] {
  return [...Map.groupBy(cases, ({ kind }) => kind)].flatMap(([kind, ofKind]) => {
    const groups = [...Map.groupBy(ofKind, ({ route, group }) => `${route.journey} | ${group}`)];
    const tried = groups.filter(([, group]) => group.some(({ id }) => kept.has(id)));
    const count = ofKind.filter(({ id }) => kept.has(id)).length;
    const told = `### ${KIND_TITLES[kind]}: ${count} of ${ofKind.length} cases tried, of ${tried.length} of ${groups.length} groups`;
    if (tried.length === 0) return [told, ''];
    return [
      told,
      '',
      '| Journey | What was done | Cases | Tried | Violations | How it ended |',
      '| --- | --- | ---: | ---: | ---: | --- |',
      ...tried.map(([name, group]) => row(name, group, kept)),
      '',
    ];
  });
}

function row(name: string, group: readonly Planned[], kept: ReadonlyMap<string, CaseResult>): string {
  const results = group.flatMap(({ id }) => kept.get(id) ?? []);
  const violating = results.filter(({ violations, broken }) => violations.length > 0 || broken).length;
  const endings = [...Map.groupBy(results, ({ ended }) => ended)]
    .map(([ended, those]) => ({ ended, count: those.length }))
    .sort((a, b) => b.count - a.count)
    .map(({ ended, count }) => `${count} × ${cell(ended)}`);
  return `| ${name} | ${group.length} | ${results.length} | ${violating} | ${endings.join('<br>')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 200);
}

function violationsOf(results: readonly CaseResult[]): string[] {
  const violating = results.filter(({ violations, broken }) => violations.length > 0 || broken);
  if (violating.length === 0) return [];
  return [
    '## Violations',
    '',
    ...violating.map(({ id, seed, violations, ended }) => {
      const what = violations.length > 0 ? violations.join('; ') : ended;
      return `- \`${id}\`, seed ${seed}: ${cell(what)}`;
    }),
    '',
  ];
}
