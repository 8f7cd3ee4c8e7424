import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import { localSettings } from '../local-settings.js';
import { startLocalSlack } from '../local-slack/local-slack.js';
import { orderIdOfCard } from '../order-id-of-card.js';
import { approverGroup, numbersChannel, people } from '../sample-workspace.js';
import type { TrafficEvent, WatchTraffic } from '../traffic.js';
import { startInstancesToKill } from './instances-to-kill.js';
import { makeInterruptions } from './interruptions.js';
import type { Plan, Scenario } from './plan.js';
import { makeRecords, type StoreKind } from './records.js';
import { canBeDecided, cardsIn, simulatePeople } from './simulated-people.js';
import { type End, endOf, wrongWith } from './verdict.js';
import { endOfLines, wordsForLines, wrongWithLines } from './verdict-of-lines.js';

/** The result of one run. */
export interface Outcome {
  /** How often the app was killed. */
  readonly cuts: number;
  /** Carrier orders beyond the one approved, or any without approval. */
  readonly duplicates: number;
  /** Acknowledged actions that had no effect, or whose result the requester never got. */
  readonly losses: number;
  /** Set when the order's card doesn't show its end. */
  readonly stale: number;
  /** Copies of the card that still have buttons, from a crash between posting and recording it. */
  readonly copies: number;
  /** Sentences posted in the thread more than once. */
  readonly repeats: number;
  /** The order ended with a question to people, because its outcome can't be determined. */
  readonly asksAPerson: boolean;
  /** Seconds from the last kill, decision or change at Bandwidth until everything agreed. */
  readonly seconds: number;
  /** What is wrong, a sentence each; empty when the promises were kept. */
  readonly problems: readonly string[];
  /** Everything that was sent, received or written, in order. */
  readonly happened: readonly string[];
  /** For debugging. */
  readonly picture: string;
}

/** The timeout for placing an order, shorter than the usual twenty seconds. */
const ATTEMPT_WITHIN_MS = 1_500;
/** Slack's own is three seconds. */
const ACK_TIMEOUT_MS = 2_000;
/** How long after the app's last activity nothing more is expected. */
const QUIET_MS = 300;
/** How long a card must show an unknown outcome before that counts as a question to people. */
const UNKNOWN_FOR_MS = 4_000;
/**
 * How long to wait for the end. An order is looked up for half a minute before it is resent, which may be lost too. A
 * back-order is checked once a minute, and a hanging call times out after twenty seconds.
 */
const PATIENCE_MS = { usual: 180_000, slow: 240_000 };

/** Plays one plan from the first command to the end, with the program in its own process. */
export async function runPlan(
  plan: Plan,
  program: string,
  given: {
    /** How long people wait for the end after the last kill before they call it lost, in milliseconds. */
    patienceMs?: number;
    /** How many of the app share the store. */ instances?: number;
    store?: StoreKind;
  } = {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-chaos-'));
  const { instances = 1, store = 'sqlite' } = given;
  const interruptions = makeInterruptions({
    plan,
    isAlive: () => app.alive,
    kill: () => {
      if (given.patienceMs !== undefined) giveUpAt = Date.now() + given.patienceMs;
      return app.kill(plan.restartAfterMs);
    },
    begin: (trouble) => trouble.begin({ slack, bandwidth }),
    // With several instances, the message may come from another one that is still running.
    isCutLost: instances === 1,
  });
  const { happened, happens } = interruptions;

  const watchTraffic: WatchTraffic = ({ neighbor, what, how }: TrafficEvent) =>
    happens(`${neighbor} ${what} ${how}`) ? 'lost' : undefined;

  const slack = await startLocalSlack({
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
    ackTimeoutMs: ACK_TIMEOUT_MS,
    watch: watchTraffic,
  });
  const bandwidth = await startLocalBandwidth({ orderDelayMs: 60, watch: watchTraffic });
  bandwidth.on('change', ({ what }) => {
    if (what === 'order') interruptions.disturbed();
  });

  const records = makeRecords(store, folder, () => void happens('the database written'));

  const app = startInstancesToKill(instances, {
    program,
    onStart: interruptions.started,
    settings: {
      ...localSettings(slack, bandwidth, records.storeUrl),
      LOG_LEVEL: 'debug',
      // Many orders in little time.
      BW_ORDERS_PER_MINUTE: '900',
      PLACE_WITHIN_MS: String(ATTEMPT_WITHIN_MS),
    },
  });

  const isSlow =
    plan.scenario.ending === 'back-ordered' ||
    [...plan.troubles, ...plan.surprises.map(({ trouble }) => trouble)].some(({ slow }) => slow === true);
  let giveUpAt = Date.now() + (isSlow ? PATIENCE_MS.slow : PATIENCE_MS.usual);
  const over = () => Date.now() > giveUpAt;
  const crowd = simulatePeople(slack, over);

  const { lines } = plan.scenario;
  const theEnd = () => (lines === undefined ? endOf(slack, bandwidth) : endOfLines(slack, bandwidth, lines));

  /** Resolves with the end once everything agrees on it; undefined after a timeout. */
  async function untilEnd(): Promise<End | undefined> {
    let unknownSince: number | undefined;
    while (!over()) {
      const end = theEnd();
      if (lines !== undefined && end === undefined) await crowd.answerAboutLines();
      if (end === undefined) unknownSince = undefined;
      else if (end.kind !== 'unknown') return end;
      else {
        unknownSince ??= Date.now();
        const exists = bandwidth.orders().length > 0;
        // Named numbers are resent before anyone is asked, so the run continues.
        const mayEndSo = plan.scenario.wanted === 'search' && !exists;
        if (mayEndSo && Date.now() - unknownSince > UNKNOWN_FOR_MS) return end;
        await crowd.answerUnknown(exists);
      }
      await pause(20);
    }
    return undefined;
  }

  /** Resolves when the app is running and hasn't done anything for a while. */
  async function untilQuiet(): Promise<void> {
    while (
      !over() &&
      !(app.alive && slack.connections > 0 && Date.now() - interruptions.lastEventAt > QUIET_MS)
    ) {
      await pause(20);
    }
  }

  try {
    prepare(bandwidth, plan.scenario);
    for (const trouble of plan.troubles) trouble.begin({ slack, bandwidth });
    const [one = '', other = ''] = bandwidth.available('910');
    const words = { search: '910 x2', numbers: `${one} ${other}`, lines: wordsForLines(lines ?? 0) };
    await crowd.ask(words[plan.scenario.wanted]);
    await crowd.decide(plan.scenario.decision);
    interruptions.disturbed();
    const endAt = await untilEnd();
    const seconds = Math.max(0, Date.now() - interruptions.disturbedAt) / 1000;
    await untilQuiet();
    // Later events, such as a restart, must not have changed the result.
    const end = endAt && theEnd();
    // An app killed between accepting a late click and answering it owes no answer.
    interruptions.end();
    const strays = await lateClicks();
    const exitCode = await app.stop();
    const ordersThen = bandwidth.orders();
    const [first] = ordersThen;
    const ourId = (lines === undefined ? first?.customerOrderId : undefined) ?? orderIdOf(slack);
    const onRecord = ourId === undefined ? undefined : await records.statusOf(ourId);
    const seen = { end, slack, orders: ordersThen, onRecord };
    const verdict =
      lines === undefined
        ? wrongWith({ scenario: plan.scenario, ...seen })
        : wrongWithLines({ lines, ...seen });
    const problems = [
      ...verdict.problems,
      ...strays.problems,
      ...app.fell.map((code) => `the app exited by itself with code ${code}`),
      ...(exitCode === 0 ? [] : [`when asked to stop, the app exited with code ${exitCode}`]),
    ];
    return {
      cuts: interruptions.kills,
      duplicates: verdict.duplicates,
      losses: verdict.losses + strays.ignored,
      stale: verdict.stale,
      copies: strays.copies,
      repeats: verdict.repeats,
      asksAPerson: end?.kind === 'unknown',
      seconds,
      problems,
      happened,
      picture: `${slack.picture()}\n\nAt Bandwidth:\n${JSON.stringify(ordersThen, undefined, 1)}\n\n${app.output()}`,
    };
  } finally {
    interruptions.end();
    await app.stop();
    await records.discard();
    await slack.close();
    await bandwidth.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** Presses leftover buttons on copies of the card from before a crash. That must have no effect but an answer. */
  async function lateClicks() {
    const copies = cardsIn(slack).slice(0, -1).filter(canBeDecided);
    const heard = await Promise.all(copies.map((copy) => crowd.clickLate(copy)));
    const ignored = heard.filter((told) => !told).length;
    await pause(copies.length > 0 ? 300 : 0);
    return {
      copies: copies.filter((copy) => !copy.deleted && canBeDecided(copy)).length,
      ignored,
      problems: ignored > 0 ? ['a late click was ignored'] : [],
    };
  }
}

function orderIdOf(slack: Parameters<typeof cardsIn>[0]): string | undefined {
  const [card] = cardsIn(slack);
  return card === undefined ? undefined : orderIdOfCard(card);
}

/** Configures how Bandwidth handles the order. */
function prepare(bandwidth: Awaited<ReturnType<typeof startLocalBandwidth>>, { ending }: Scenario): void {
  switch (ending) {
    case 'complete':
      break;
    case 'partial':
      bandwidth.nextOrder({ ends: 'PARTIAL' });
      break;
    case 'failed':
      bandwidth.nextOrder({ ends: 'FAILED' });
      break;
    case 'late':
      bandwidth.nextOrder({ delayMs: 4_000 });
      break;
    case 'long in processing':
      bandwidth.nextOrder({ delayMs: 6_000, processing: true });
      break;
    case 'back-ordered':
      bandwidth.set({ backorderDelayMs: 700 });
      bandwidth.nextOrder({ ends: 'BACKORDERED' });
      break;
  }
}
