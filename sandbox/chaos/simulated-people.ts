import { setTimeout as pause } from 'node:timers/promises';
import { asPlainText, type LocalSlack, type Message, type Person } from '../local-slack/local-slack.js';
import { numbersChannel, people } from '../sample-workspace.js';
import type { Decision } from './plan.js';

const CHANNEL = numbersChannel.id;

/** How long people look at an error before they try again. */
const TRY_AGAIN_MS = 150;
/** How long people wait for an effect after Slack accepted something. */
const LOOK_AGAIN_MS = 3_000;

/** Whether it is a card; other messages that the app posts only once have metadata, too. */
export const isCard = ({ metadata }: Pick<Message, 'metadata'>): boolean =>
  (metadata as { readonly event_type?: string } | undefined)?.event_type === 'number_order';

/** Returns the cards people see in the channel, newest last, including those from before a crash. */
export const cardsIn = (slack: LocalSlack): readonly Message[] => slack.messages(CHANNEL).filter(isCard);

/** What a finished order leads to. These buttons stay on its card. */
const followUp = /^(?:Ask again…|Order the missing .+|Disconnect…)$/;

/** Whether the card has a button that decides on its order. */
export const canBeDecided = (card: Message): boolean =>
  asPlainText(card)
    .split('\n')
    .filter((line) => line.startsWith('['))
    .flatMap((line) => [...line.matchAll(/\[([^\]]+)\]/g)])
    .some(([, label = '']) => !followUp.test(label));

/**
 * Simulates people: they repeat what Slack reports as failed, leave alone what it accepted, and repeat an action
 * without effect only when told to.
 */
export function simulatePeople(slack: LocalSlack, over: () => boolean) {
  const [ana, ben, cleo] = [people.ana, people.ben, people.cleo].map(({ id }) => slack.person(id)) as [
    Person,
    Person,
    Person,
  ];

  const newestCard = (): Message | undefined => cardsIn(slack).at(-1);
  const shows = (label: string) =>
    asPlainText(newestCard() ?? { blocks: [], text: '', names: {} }).includes(label);
  const toldAlone = (person: Person) => person.ephemerals(CHANNEL).length + person.directMessages().length;

  const soon = async (look: () => boolean, withinMs: number): Promise<boolean> => {
    for (const until = Date.now() + withinMs; Date.now() < until && !over(); ) {
      if (look()) return true;
      await pause(20);
    }
    return look();
  };

  /** Submits until the form is accepted, always the same form. Returns false when the form is gone. */
  async function submits(
    person: Person,
    fill: (form: Awaited<ReturnType<Person['form']>>) => Promise<unknown>,
  ): Promise<boolean> {
    const form = await person.form({ timeoutMs: LOOK_AGAIN_MS }).catch(() => undefined);
    while (form?.isOpen && !over()) {
      try {
        await fill(form);
        if ((await form.submit()) === 'closed') return true;
      } catch {
        // A menu didn't load, or the form was redrawn while it was filled in.
      }
      await pause(TRY_AGAIN_MS);
    }
    return false;
  }

  /** Presses until Slack accepts it, or the newest card no longer has the button. */
  async function presses(person: Person, label: string): Promise<'taken' | 'gone'> {
    while (!over()) {
      const card = newestCard();
      if (card !== undefined) {
        if (!asPlainText(card).includes(`[${label}]`)) return 'gone';
        const pressed = await person.presses(card, label).catch(() => undefined);
        if (pressed !== undefined && pressed.error === undefined) return 'taken';
      }
      await pause(TRY_AGAIN_MS);
    }
    return 'gone';
  }

  /** Presses again only after an answer that nothing was done. */
  async function retries(person: Person, label: string): Promise<void> {
    for (;;) {
      const told = toldAlone(person);
      if ((await presses(person, label)) === 'gone') return;
      const noticed = await soon(() => !shows(`[${label}]`) || toldAlone(person) > told, LOOK_AGAIN_MS);
      if (!noticed || !shows(`[${label}]`) || over()) return;
    }
  }

  async function declines(person: Person): Promise<void> {
    while (!over()) {
      if ((await presses(person, 'Decline…')) === 'gone') return;
      if (await submits(person, (form) => form.fill('Why?', 'We have enough of them'))) return;
    }
  }

  const typesOrder = async (words: string): Promise<boolean> =>
    (await ana.types(CHANNEL, `/numbers order ${words}`)).error === undefined;

  async function fillIn(form: Awaited<ReturnType<Person['form']>>): Promise<void> {
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
  }

  return {
    /** Asks until Slack has accepted the form. */
    async ask(words: string): Promise<void> {
      while (!over()) {
        // A form that is still open is filled in, not opened again.
        const open = await ana.form({ timeoutMs: 1 }).catch(() => undefined);
        const isTyped = open === undefined && (await typesOrder(words));
        if ((open !== undefined || isTyped) && (await submits(ana, fillIn))) return;
        await pause(TRY_AGAIN_MS);
      }
    },

    async decide(decision: Decision): Promise<void> {
      while (!over() && !shows('[Approve & order]')) await pause(20);
      const approves = (person: Person) => retries(person, 'Approve & order');
      switch (decision) {
        case 'approves':
          return approves(ben);
        case 'clicks twice': {
          const card = newestCard();
          if (card !== undefined) {
            const told = toldAlone(ben);
            const click = () => ben.presses(card, 'Approve & order').catch(() => undefined);
            const clicks = await Promise.all([click(), click()]);
            // One accepted press is enough, unless the answer is that nothing was done.
            if (clicks.some((each) => each !== undefined && each.error === undefined)) {
              const isGone = await soon(() => !shows('[Approve & order]'), LOOK_AGAIN_MS);
              if (isGone || toldAlone(ben) === told) return;
            }
          }
          return approves(ben);
        }
        case 'two approvers at once':
          await Promise.all([approves(ben), approves(cleo)]);
          return;
        case 'one approves, one declines':
          await Promise.all([approves(ben), declines(cleo)]);
          return;
        case 'approves while the requester cancels':
          await Promise.all([approves(ben), retries(ana, 'Cancel')]);
          return;
        case 'declines':
          return declines(ben);
        case 'the requester cancels':
          return retries(ana, 'Cancel');
      }
    },

    /** Presses a leftover button; true when Slack accepted it and the person got an answer. */
    async clickLate(card: Message): Promise<boolean> {
      const told = toldAlone(ben);
      while (!over()) {
        const pressed = await ben.presses(card, 'Approve & order').catch(() => undefined);
        if (pressed?.error === undefined) break;
        await pause(TRY_AGAIN_MS);
      }
      return soon(() => toldAlone(ben) > told, LOOK_AGAIN_MS);
    },

    /** Has lost lines sent again: each is looked up once more before that. */
    async answerAboutLines(): Promise<void> {
      if (shows('[Order again]')) await presses(ben, 'Order again');
    },

    /** Answers a card that asks about an order of unknown outcome, after checking Bandwidth. */
    async answerUnknown(existsAtBandwidth: boolean): Promise<void> {
      const label = existsAtBandwidth ? 'Check again' : 'Order again';
      if (shows(`[${label}]`)) await presses(ben, label);
    },
  };
}
