import { explanationEvent } from '../domain/explanation-event.js';
import type { ExplanationStore } from '../ports/drift.js';
import type { Journal } from '../ports/journal.js';
import type { Log } from '../ports/log.js';
import { makeCatchUp } from './catch-up.js';

/** Copies explanations of drift into the journal, without making anyone wait for it. */
export interface ExplanationJournal {
  /**
   * Adds an explanation, and then starts to write it without waiting for that. Also if `add` fails: it may have been
   * added, and its answer lost.
   */
  whileAdding<Result>(add: () => Promise<Result>): Promise<Result>;
  /** Writes what the journal lacks as far as this process knows. Never rejects; what fails is left to the next call. */
  catchUp(): Promise<void>;
}

export function makeExplanationJournal(deps: {
  readonly explanations: Pick<ExplanationStore, 'all'>;
  readonly journal: Pick<Journal, 'append'>;
  readonly log: Pick<Log, 'warn'>;
}): ExplanationJournal {
  const { explanations, journal, log } = deps;
  /** A process that just started asks the journal about each of them. */
  const copied = new Set<string>();
  const catchUp = makeCatchUp(
    async () => {
      for (const { id, ...explanation } of await explanations.all()) {
        if (copied.has(id)) continue;
        await journal.append({ id, requester: explanation.by, events: [explanationEvent(explanation)] });
        copied.add(id);
      }
    },
    (err) => log.warn({ err }, 'explanations of drift not journaled, will retry'),
  );

  return {
    async whileAdding(add) {
      try {
        return await catchUp.changing(add);
      } finally {
        void catchUp.run();
      }
    },
    catchUp: catchUp.run,
  };
}
