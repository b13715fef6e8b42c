// Which update a run is about: the one that is written down, or, over it, what the configuration asks for instead.
import { asksForAnother } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { ServiceLook, UpdateModels } from '../../service/target.ts';

export async function updateAhead(context: ServiceContext, look: ServiceLook): Promise<UpdateModels> {
  if (look.record !== null && !(await asksForAnother(context, look))) return look.record;
  return context.target.models(look);
}
