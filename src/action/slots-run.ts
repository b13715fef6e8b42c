// From the inputs to the procedure of an application in two slots.
import { createKnownEntries } from '../application/known-entries.ts';
import { createSessions } from '../azure/tsql/sessions.ts';
import type { SlotTopology } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { createReadOnlyWindow } from '../engine/read-only-window.ts';
import type { Procedure } from '../phases/procedure.ts';
import { slotsProcedure } from '../phases/slots-procedure.ts';
import { azureOf, fileOptions, type Ingredients, newId, runOf } from './ingredients.ts';
import { scriptReader } from './script-reader.ts';
import { commandRunner } from './spawn-command.ts';

/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
export async function ofSlots(from: Ingredients, topology: SlotTopology): Promise<Procedure> {
  const { environment, clock, inputs } = from;
  const file = fileOptions(from);
  const config = loadConfig({ ...file, topology });
  const azure = await azureOf(from, config.sqlLogin);
  return slotsProcedure({
    ...(await runOf(from)),
    config,
    azure,
    sessions: createSessions(azure.tsql, clock),
    window: createReadOnlyWindow(clock, config.maxReadOnlyMs),
    newUpgradeId: newId(clock),
    known: createKnownEntries(),
    confirm: inputs.confirm ?? '',
    readScript: scriptReader(config, file.workspace),
    runCommand: commandRunner(file.workspace, environment),
  });
}
