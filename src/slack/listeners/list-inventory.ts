import type { WebClient } from '@slack/web-api';
import type { InventoryFilter } from '../../orders/domain/inventory-filter.js';
import type { Person } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { ExportInventory, ListInventory } from '../../orders/use-cases/list-inventory.js';
import { personOf } from '../access/people.js';
import {
  beginInventoryFile,
  fileSentAnswer,
  fileSentWords,
  gatheringFileAnswer,
  gatheringFileWords,
  type InventoryFile,
  inventoryFileComment,
} from '../blocks/answers/inventory-files.js';
import { inventoryAnswer } from '../blocks/answers/inventory-list.js';
import { listFaultAnswer } from '../blocks/answers/list-faults.js';
import { OUTDATED_ELEMENT } from '../blocks/answers/problems.js';
import { readListPress } from '../blocks/list-press.js';
import type { Message } from '../blocks/message.js';
import type { Press } from '../messages/card-presses.js';
import { type PrivateAnswers, type Recipient, recipientOf } from '../messages/private-answers.js';
import { sendFiles } from '../messages/send-files.js';
import type { Subcommands } from './numbers-command.js';

export interface InventoryAnswers {
  readonly listInventory: ListInventory;
  readonly exportInventory: ExportInventory;
  readonly answers: PrivateAnswers;
  readonly clock: Pick<Clock, 'now'>;
}

/** How often the progress of a file is shown. Slack accepts five answers to one press. */
const SHOWN_EVERY_MS = 4_000;
const SHOWN_TIMES = 3;

/** `/numbers list …` */
export const onList =
  (deps: InventoryAnswers): Subcommands['list'] =>
  async ({ words }, typed) => {
    if ('fault' in words) return typed.ack(listFaultAnswer(words.fault));
    await typed.ack();
    const filter: InventoryFilter =
      words.filter.by === 'me' ? { by: 'requester', userId: typed.person.userId } : words.filter;
    if (!words.file) return deps.answers.send(typed.recipient, await draw(deps, filter, 0));
    const said = (message: Message) => deps.answers.send(typed.recipient, message);
    const sent = await sendFile(deps, filter, typed, (lookedAt, total) =>
      said(gatheringFileAnswer(lookedAt, total)),
    );
    return said(fileSentAnswer(sent));
  };

/** **More** and **Previous** below the list. */
export const onTurnNumbersPage =
  (deps: InventoryAnswers): Press =>
  async ({ ack, action, body }) => {
    await ack();
    const press = readListPress(action.value);
    const recipient = recipientOf(body);
    if (recipient === undefined) return;
    if (press === undefined) return deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
    await deps.answers.replace(recipient, await draw(deps, press.filter, press.page));
  };

/** **CSV** below the list. */
export const onNumbersFile =
  (deps: InventoryAnswers): Press =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const press = readListPress(action.value);
    const recipient = recipientOf(body);
    if (recipient === undefined) return;
    if (press === undefined) return deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
    const { filter } = press;
    const listing = await deps.listInventory(filter, press.page);
    const show = (progress: string) => deps.answers.replace(recipient, inventoryAnswer(listing, progress));
    const sent = await sendFile(
      deps,
      filter,
      { person: personOf(context), client, recipient },
      (lookedAt, total) => show(gatheringFileWords(lookedAt, total)),
    );
    await show(fileSentWords(sent));
  };

async function draw(deps: InventoryAnswers, filter: InventoryFilter, page: number): Promise<Message> {
  const listing = await deps.listInventory(filter, page);
  return inventoryAnswer(listing);
}

/** Sends the file and returns what it holds. Without any numbers, sends nothing. */
async function sendFile(
  { exportInventory, clock }: InventoryAnswers,
  filter: InventoryFilter,
  asking: { readonly person: Person; readonly client: WebClient; readonly recipient: Recipient },
  show: (lookedAt: number, total: number) => Promise<void>,
): Promise<InventoryFile> {
  const { state, records, total } = await exportInventory(filter);
  const file = beginInventoryFile();
  let lookedAt = 0;
  let undecided = 0;
  let shownAt = clock.now();
  let shown = 0;
  for await (const { lookedAt: looked, records: found, undecided: unclear } of records) {
    lookedAt += looked;
    undecided += unclear;
    file.add(found);
    if (shown < SHOWN_TIMES && clock.now() >= shownAt + SHOWN_EVERY_MS) {
      shown += 1;
      shownAt = clock.now();
      await show(lookedAt, total);
    }
  }
  const made: InventoryFile = { filter, state, rows: file.rows(), undecided };
  if (made.rows === 0) return made;
  const { client, person } = asking;
  await sendFiles(client, person, inventoryFileComment(made), [file.end(filter, clock.now())]);
  return made;
}
