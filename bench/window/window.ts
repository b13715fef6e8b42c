// How long users can only read, beside the procedures that a person would use instead.
import type { TopologyName } from '../../local-azure/topologies/contoso.ts';
import type { Benchmark, Setting } from '../benchmark.ts';
import { missingPrograms } from '../peers/az.ts';
import { AZ, type Procedure, SDKS, THIS_ACTION } from './procedures.ts';
import { PLATFORM_MS, type Round, SCRIPT_SECONDS, upgradeOnce } from './round.ts';
import { leastBesideAz, procedureTable, sharesTable, spentTable, targetsOf } from './window-tables.ts';

export const readOnlyWindow: Benchmark = {
  id: 'window',
  title: 'The read-only window',
  about: [
    `One upgrade in three ways, in turn, each on a fresh embedded Azure at \`typical\` latencies, with the same script (about ${SCRIPT_SECONDS} s of work): this action, the article's procedure by [\`az\` and FreeTDS](../bench/peers/az-procedure.sh), and by [the SDKs](../bench/peers/sdk-procedure.ts). All have prepared and logged in before, all freeze, drain, remove the link, check both sides, run the script, ask the stage site once, and switch.`,
    'Measured by the embedded Azure and by a user who writes all the time and asks DNS before each write: from the freeze acknowledged to the first write that version 2 accepts. The script is the sum of its own batches. DNS is from the acknowledged write of the profile until DNS answers with the new endpoint: the platform takes it, whoever wrote. The rest is what is left.',
    `The platform's own time for the four operations that cannot be avoided, freeze, unlink, stage read-write and the write of the profile, is ${(PLATFORM_MS / 1000).toFixed(2)} s at these latencies. The rest is told as a multiple of it. (The freeze itself is before the window and not in the rest: a procedure that wasted nothing would be below 1.)`,
  ],
  measure: async (setting) => {
    const missing = missingPrograms();
    const procedures = missing.length === 0 ? [THIS_ACTION, AZ, SDKS] : [THIS_ACTION, SDKS];
    const rounds = await inTurn(procedures, 'single-region', setting);
    const action = rounds.get(THIS_ACTION) ?? [];
    const az = rounds.get(AZ) ?? null;
    const geo = (await inTurn([THIS_ACTION], 'geo-redundant', setting)).get(THIS_ACTION) ?? [];
    const side = [
      { name: THIS_ACTION.name, rounds: action },
      { name: AZ.name, rounds: az },
      { name: SDKS.name, rounds: rounds.get(SDKS) ?? [] },
    ];
    return {
      tables: [
        procedureTable('Seconds in which users could only read, single-region', side),
        sharesTable(
          'What was under way from the freeze to the acknowledged write of the profile, seconds',
          side,
        ),
        spentTable("Where this action's window went, as its report tells", action),
        procedureTable('Seconds in which users could only read, geo-redundant', [
          { name: THIS_ACTION.name, rounds: geo },
        ]),
        spentTable('Where it went, geo-redundant', geo),
      ],
      targets: targetsOf(action, az),
      notes: [
        'The action tells its own window, which ends later: when it has itself seen version 2 at the public name.',
        'The straight-line code of the SDKs keeps no journal and holds no lock, and looks at each thing once: killed midway it leaves production read-only, and nobody takes it up again. Its default pollers have nothing to wait for in the window, since the removal of a link is answered at once.',
        'Shortened here, since it is not in the window or is the same for all: seeding, probes, and the time until DNS changes.',
        "`az network` of Debian 12's azure-cli (2.45) fails at its start, so that its script writes the profile by `az rest`.",
        ...(az === null ? [] : [leastBesideAz(az)]),
        ...(missing.length === 0
          ? []
          : [`Not measured beside az: ${missing.join(', ')} not installed on this machine.`]),
      ],
    };
  },
};

/** A B C A B C …: what drifts meanwhile drifts for all. */
async function inTurn(
  procedures: readonly Procedure[],
  topology: TopologyName,
  { rounds, directory, say }: Setting,
): Promise<Map<Procedure, Round[]>> {
  const measured = new Map<Procedure, Round[]>(procedures.map((procedure) => [procedure, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const procedure of procedures) {
      const one = await upgradeOnce(procedure, topology, directory);
      measured.get(procedure)?.push(one);
      const [window, rest] = [one.window, one.rest].map((ms) => (ms / 1000).toFixed(2));
      say(`${topology}, round ${round}, ${procedure.name}: window ${window} s, rest ${rest} s`);
    }
  }
  return measured;
}
