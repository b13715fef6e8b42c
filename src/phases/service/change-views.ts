// What an update changes, as the report shows it.
import type { ServiceReport } from '../../engine/service-report.ts';
import { changesAhead } from '../../guards/service/update-ahead.ts';
import type { ServiceChange } from '../../service/change.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/** Also in the middle of the update, when the model has the new version already. */
export async function changeViews(
  context: ServiceContext,
  { look }: Pick<ServiceObservation, 'look'>,
): Promise<Pick<ServiceReport, 'changes' | 'notKnowable'>> {
  const { changes, notKnowable } = await changesAhead(context, look);
  return { changes: changes.map(changeView), notKnowable };
}

function changeView(change: ServiceChange): ServiceReport['changes'][number] {
  const { role, what, reason, data, wayBack } = change;
  const doubt = { possible: '', doubtful: 'doubtful: ', none: 'none: ' }[wayBack.kind];
  return { role, what, class: change.class, rule: reason, data, wayBack: `${doubt}${wayBack.words}` };
}
