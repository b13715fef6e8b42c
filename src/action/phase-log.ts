// The run as the job's log tells it, and what the post step has to know of it.
import type { UpgradeLog } from '../application/upgrade-context.ts';
import type { Clock } from '../clock.ts';
import type { TimedPart } from '../engine/timeline.ts';
import type { PhaseListener } from '../phases/run-phases.ts';
import type { RunLog } from './log.ts';
import type { RunStateWriter } from './run-state.ts';

/** Tells the log about phases and steps, and the runner that a freeze is about to be sent. */
export function phaseListener(log: RunLog, state: RunStateWriter): PhaseListener {
  return {
    phaseStarted: (phase) => log.phaseStarted(phase),
    started: (step, doing) => {
      // From here on production may be, or become, read-only: post has to look if main is killed.
      if (step.phase === 'upgrade' || step.phase === 'switch' || step.phase === 'rollback')
        state.window('open');
      log.stepStarted({
        id: step.id,
        article: doing === 'undo' ? null : step.article,
        title: doing === 'undo' && step.undo ? step.undo.what : step.title,
      });
    },
    progress: (step, line) => log.stepLine(step, line),
    ended: (_step, record) => log.stepEnded(record),
  };
}

/** The log as steps use it. @param parts gets what each group took. */
export function upgradeLog(log: RunLog, clock: Clock, parts: TimedPart[]): UpgradeLog {
  let open: Omit<TimedPart, 'to'> | null = null;
  return {
    line: (text) => log.line(text),
    warning: (text) => log.warning(text),
    group: (title) => {
      open = { what: title, from: clock.now() };
      log.section(title);
    },
    endGroup: () => {
      if (open !== null) parts.push({ ...open, to: clock.now() });
      open = null;
      log.sectionEnded();
    },
  };
}
