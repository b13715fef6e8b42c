import type { GuardRecord, Phase } from '../engine/report.ts';

/** As much of a log as a group of lines needs. */
interface GroupLog {
  line(text: string): void;
  warning(text: string): void;
  group(title: string): void;
  endGroup(): void;
}

export function tellGuards(log: GroupLog, phase: Phase, guards: readonly GuardRecord[]): void {
  const passed = guards.filter((guard) => guard.verdict === 'pass').length;
  log.group(`Guards of ${phase}: ${passed} of ${guards.length} pass`);
  for (const guard of guards) log.line(`${guard.verdict}: ${guard.title}: ${guard.evidence}`);
  log.endGroup();
  // A phase is begun all the same, so it is not left in a folded group.
  for (const { verdict, title, evidence, advice } of guards) {
    if (verdict === 'not-knowable' && advice) log.warning(`${title}? ${evidence}.\n${advice}`);
  }
}
