// Questions that many ask at about the same moment, answered by one request: an application of a hundred databases
// asks Azure no more often than one of two. Whoever asks gets what was read after the question, never an older answer.
import type { Clock } from '../clock.ts';

/** Answers all the questions at once: a function that has the answer to each, or throws for those it has none to. */
export type AnswerAll<Question, Answer> = (
  questions: readonly Question[],
) => Promise<(question: Question) => Answer | Promise<Answer>>;

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
}

/** While one request is under way, questions are gathered for the next: no longer than this. Milliseconds. */
const GATHER_MS = 250;

/**
 * A function that asks `answerAll` for those who ask in one go, and for those who ask meanwhile in the next one.
 * @param about what must be the same of questions that are asked together, e.g. the server.
 */
export function askedTogether<Question, Answer>(
  clock: Clock,
  about: (question: Question) => string,
  answerAll: AnswerAll<Question, Answer>,
): (question: Question) => Promise<Answer> {
  const gathered = new Map<string, Waiting<Question, Answer>[]>();
  const underWay = new Map<string, Promise<unknown>>();

  const ask = async (waiting: readonly Waiting<Question, Answer>[]): Promise<void> => {
    try {
      const answerOf = await answerAll(waiting.map(({ question }) => question));
      for (const { question, resolve } of waiting) resolve((async () => answerOf(question))());
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  };

  const send = async (key: string): Promise<void> => {
    const before = underWay.get(key);
    if (before !== undefined) await firstOf(before, clock);
    await new Promise((turn) => setImmediate(turn)); // for those who ask in the same breath
    const waiting = gathered.get(key) ?? [];
    gathered.delete(key);
    const asked = ask(waiting);
    underWay.set(key, asked);
    await asked;
    if (underWay.get(key) === asked) underWay.delete(key);
  };

  return (question) =>
    new Promise((resolve, reject) => {
      const key = about(question);
      const waiting = gathered.get(key);
      if (waiting !== undefined) {
        waiting.push({ question, resolve, reject });
        return;
      }
      gathered.set(key, [{ question, resolve, reject }]);
      send(key).catch(reject);
    });
}

/** The end of what is under way, or of the patience with it. */
async function firstOf(underWay: Promise<unknown>, clock: Clock): Promise<void> {
  const enough = new AbortController();
  const waited = clock.sleep(GATHER_MS, enough.signal).catch(() => {}); // it ended first
  await Promise.race([underWay, waited]);
  enough.abort();
}
