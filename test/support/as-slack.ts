import { signatureHeaders } from '../../sandbox/local-slack/signature.js';
import type { World } from './world.js';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Posts a payload to the app as Slack would, signed, and returns the acknowledgement: for payloads that no person could
 * produce, such as those of a button that an earlier version drew. The world must be in HTTP mode.
 */
export async function sendAsSlack(
  { config, slack }: World,
  payload: Payload | string,
): Promise<{ readonly status: number; readonly body: unknown; readonly took: number }> {
  const { listen } = config;
  if (listen === undefined) throw new Error('only HTTP mode has an address to post to');
  const body =
    typeof payload === 'string'
      ? payload
      : new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const at = Date.now();
  const answer = await fetch(`http://${listen.host}:${listen.port}/slack/events`, {
    method: 'POST',
    headers: {
      ...signatureHeaders(slack.signingSecret, body, at),
      'content-type': 'application/x-www-form-urlencoded',
      connection: 'close',
    },
    body,
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : readJson(text), took: Date.now() - at };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The last payload of that type that a person really caused. */
export function lastPayload({ slack }: World, type: string): Payload {
  const found = slack.deliveries.findLast(({ payload }) => payload.type === type);
  if (found === undefined) throw new Error(`nobody did anything of type ${type}`);
  return found.payload;
}

/** The payload of a press, with a different value or name on the button. */
export function pressWith(press: Payload, change: Payload): Payload {
  const [action] = press.actions as readonly Payload[];
  return {
    ...press,
    actions: [
      Object.fromEntries(Object.entries({ ...action, ...change }).filter(([, value]) => value !== undefined)),
    ],
  };
}

/** The payload of a submitted form, with a different view. */
export function formWith(submission: Payload, change: Payload): Payload {
  return { ...submission, view: { ...(submission.view as Payload), ...change } };
}
