import type { AllMiddlewareArgs, AnyMiddlewareArgs, Context, Middleware } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { CarrierError, type Log, OutcomeUnknown, StoreError } from '../orders/ports.js';
import { limits } from './blocks/limits.js';
import { cut } from './escape.js';

/** An accident that already knows what to say to the person it happened to. */
export interface Advised {
  readonly advice: string;
}

/**
 * The one place where a failure becomes a sentence for the person who is waiting, and a full error in the log.
 * Bolt runs every listener inside the `next()` of its global middleware, so nothing escapes this.
 */
export function makeTellPeople(log: Log): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    try {
      await args.next();
    } catch (error) {
      log.error(
        { err: error, userId: args.context.userId, kind: args.body.type ?? 'command' },
        'a wish failed',
      );
      const untold = (err: unknown) => log.error({ err }, 'the person could not be told of it either');
      await tell(args, adviceFor(error)).catch(untold);
      if (error instanceof OutcomeUnknown) void tellWhatBecame(args, error).catch(untold);
    }
  };
}

/** What to say; a failure we know nothing about says so and promises nothing. */
export function adviceFor(error: unknown): string {
  if (error instanceof CarrierError || error instanceof StoreError || isAdvised(error)) return error.advice;
  return 'Something broke on my side. I have written the details to my log; please try again, and tell whoever runs me if it stays.';
}

/** Later, when the form is closed and the press long acknowledged. */
async function tellWhatBecame(
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
  { becomes, saving }: OutcomeUnknown,
): Promise<void> {
  const written = await becomes;
  const { client, context } = args;
  if (written === undefined || context.userId === undefined) return;
  const text = written
    ? `${upperFirst(saving)} was saved after all. The card shows how the order stands.`
    : `${upperFirst(saving)} wasn't saved, so nothing was changed. Please try again.`;
  const { channelId } = 'respond' in args ? placeOf(args.body) : { channelId: undefined };
  await tellAlone(client, { userId: context.userId, channelId }, text);
}

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function placeOf(body: object): { readonly channelId: string | undefined } {
  const { channel, channel_id } = body as { channel?: { id?: unknown }; channel_id?: unknown };
  const id = channel?.id ?? channel_id;
  return { channelId: typeof id === 'string' ? id : undefined };
}

function isAdvised(error: unknown): error is Error & Advised {
  return error instanceof Error && 'advice' in error && typeof error.advice === 'string';
}

const FORM_CLOSED_IN = 'formClosedIn';
const FORM_SAYS = 'formSays';

/**
 * To be called when a form was acknowledged and work goes on: a failure from here on cannot be said in the form any
 * more, so it is said in the channel the form was opened from.
 */
export function formClosed(context: Context, channelId: string): void {
  context[FORM_CLOSED_IN] = channelId;
}

/** To be called when a form was acknowledged but stays open: a failure from here on is said this way. */
export function formWaits(context: Context, say: (advice: string) => Promise<void>): void {
  context[FORM_SAYS] = say;
}

/** Says it where the person is looking: under the form, or privately beside the button or command. */
export async function tell(args: AnyMiddlewareArgs & AllMiddlewareArgs, advice: string): Promise<void> {
  const { body, context, client } = args;
  if (body.type === 'block_suggestion') {
    // People type ahead, letter by letter; one sentence for each would be worse than an empty list.
    await (args.ack as (answer: object) => Promise<void>)({ options: [] });
    return;
  }
  const say: unknown = context[FORM_SAYS];
  if (typeof say === 'function') {
    await say(advice);
    return;
  }
  const formClosedIn = context[FORM_CLOSED_IN];
  const field =
    body.type === 'view_submission' && formClosedIn === undefined && 'view' in args
      ? args.view.blocks.find(({ type }) => type === 'input')?.block_id
      : undefined;
  if (field !== undefined && 'ack' in args) {
    const ack = args.ack as (answer: object) => Promise<void>;
    await ack({ response_action: 'errors', errors: { [field]: cut(advice, limits.fieldError) } });
    return;
  }
  if ('ack' in args && typeof args.ack === 'function') {
    // Without this Slack adds its own, meaningless "operation timeout". It may have been acknowledged already.
    await (args.ack as () => Promise<void>)().catch(() => {});
  }
  if ('respond' in args && typeof args.respond === 'function') {
    await args.respond({ text: advice, response_type: 'ephemeral', replace_original: false });
    return;
  }
  const { userId } = context;
  if (userId === undefined) return;
  await tellAlone(
    client,
    { userId, channelId: typeof formClosedIn === 'string' ? formClosedIn : undefined },
    advice,
  );
}

/** A sentence for one person: in the channel where they asked, seen by nobody else, or in a direct message. */
export async function tellAlone(
  client: WebClient,
  { userId, channelId }: { readonly userId: string; readonly channelId: string | undefined },
  text: string,
): Promise<void> {
  const said =
    channelId !== undefined &&
    (await client.chat.postEphemeral({ channel: channelId, user: userId, text }).then(
      () => true,
      () => false,
    ));
  // A direct message reaches everybody, wherever they typed.
  if (!said) await client.chat.postMessage({ channel: userId, text });
}
