// The end of an update, forward or back: what was held is given back first, and the record, which names it, goes last.
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateRecord } from '../../service/update-record.ts';
import { keepRecord } from './keep-record.ts';

/** Returns evidence. Safe to repeat: whoever is killed in between has the record still. */
export async function endUpdate(context: ServiceContext, record: UpdateRecord): Promise<string[]> {
  const evidence = await giveBack(context, record);
  await keepRecord(context, null);
  return [...evidence, `${context.target.what}: the update ${record.updateId} is taken off the record`];
}

/** Automation alone; the record stays as it is. Returns evidence. */
export async function giveBack({ target }: ServiceContext, { held }: UpdateRecord): Promise<string[]> {
  await target.giveBack(held);
  return target.describeHeld(held).map((line) => `given back: ${line}`);
}
