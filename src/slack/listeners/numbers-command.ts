import type { Middleware, RespondArguments, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import { personOf } from '../access/people.js';
import { helpAnswer } from '../blocks/answers/help.js';
import { elsewhereAnswer, unknownCommandAnswer } from '../blocks/answers/problems.js';
import { type Command, readCommand } from '../commands/command.js';
import { helpTopics } from '../commands/help-topics.js';
import type { Press } from '../messages/card-presses.js';
import { type PrivateAnswers, type Recipient, recipientOf } from '../messages/private-answers.js';

/** Who typed a command, where, and how to answer. */
export interface TypedCommand {
  readonly client: WebClient;
  readonly triggerId: string;
  readonly person: Person;
  readonly channelId: string;
  readonly recipient: Recipient;
  /** Must be called within three seconds. With an answer, only the person who typed sees it. */
  ack(answer?: string | RespondArguments): Promise<void>;
}

type Verb = Command['verb'];

/** What `/numbers <verb> …` does: one entry for each verb, so that a new one without an entry doesn't compile. */
export type Subcommands = {
  readonly [V in Verb]: (command: Extract<Command, { verb: V }>, typed: TypedCommand) => Promise<unknown>;
};

/** `/numbers …`: everything that can be typed gets an answer. */
export const onNumbersCommand =
  (subcommands: Subcommands): Middleware<SlackCommandMiddlewareArgs> =>
  async ({ ack, command: typed, client, context }) => {
    const channelId = typed.channel_id;
    await carryOut(subcommands, readCommand(typed.text), {
      ack,
      client,
      triggerId: typed.trigger_id,
      person: personOf(context),
      channelId,
      recipient: { userId: typed.user_id, channelId, responseUrl: typed.response_url },
    });
  };

function carryOut<V extends Verb>(
  subcommands: Subcommands,
  command: Extract<Command, { verb: V }>,
  typed: TypedCommand,
): Promise<unknown> {
  return subcommands[command.verb as V](command, typed);
}

/** `/numbers help` and `/numbers help search`. */
export const onHelp: Subcommands['help'] = ({ topic }, { ack }) => ack(helpAnswer(topic));

/** A topic below the help: its commands replace the help. */
export const onHelpTopic =
  ({ answers }: { readonly answers: PrivateAnswers }): Press =>
  async ({ ack, action, body }) => {
    await ack();
    const recipient = recipientOf(body);
    const topic = helpTopics.find((each) => each === action.value);
    if (recipient !== undefined) await answers.replace(recipient, helpAnswer(topic));
  };

export const onElsewhere: Subcommands['elsewhere'] = (command, { ack }) => ack(elsewhereAnswer(command));

export const onUnknown: Subcommands['unknown'] = (command, { ack }) => ack(unknownCommandAnswer(command));
