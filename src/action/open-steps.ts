// The steps that are under way. One alone has the log to itself; of several that go on side by side every line has to
// say which step it is of.

export interface OpenSteps {
  begin(id: string, heading: string): void;
  end(id: string): void;
  /** Those that nobody has been told of yet; from then on they have been. */
  untold(): readonly string[];
  readonly areSeveral: boolean;
  /** The line, with the step it is of where that step has not been alone since it began. */
  attributed(id: string, line: string): string;
  /** None is under way any more, whatever was heard of their ends. */
  forget(): void;
}

interface OpenStep {
  readonly heading: string;
  told: boolean;
  alone: boolean;
}

export function createOpenSteps(): OpenSteps {
  const open = new Map<string, OpenStep>();
  return {
    begin: (id, heading) => {
      open.set(id, { heading, told: false, alone: true });
      if (open.size > 1) for (const step of open.values()) step.alone = false;
    },
    end: (id) => open.delete(id),
    untold: () => {
      const steps = [...open.values()].filter((step) => !step.told);
      for (const step of steps) step.told = true;
      return steps.map((step) => step.heading);
    },
    get areSeveral() {
      return open.size > 1;
    },
    attributed: (id, line) => {
      const step = open.get(id);
      return step === undefined || step.alone ? line : `${step.heading}: ${line}`;
    },
    forget: () => open.clear(),
  };
}
