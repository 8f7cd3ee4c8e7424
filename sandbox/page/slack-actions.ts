import { z } from 'zod';
import type { LocalSlack, PickedFile } from '../local-slack/local-slack.js';
import type { AppProfile } from './manifest.js';
import type { PendingCommands } from './pending-commands.js';
import type { ReadMarks } from './read-marks.js';

const place = z.union([
  z.strictObject({ channel: z.string(), ts: z.string() }),
  z.strictObject({ view: z.string() }),
]);
const one = { as: z.string() };
const target = { ...one, place, blockId: z.string(), actionId: z.string() };
/** An entered value in the shape of a payload's `state.values`, without its type. */
const entered = z.record(z.string(), z.json());

const files = z.array(z.strictObject({ name: z.string(), base64: z.base64() }));

const writing = z
  .object({
    ...one,
    channel: z.string(),
    text: z.string().trim(),
    threadTs: z.string().optional(),
    files: files.default([]),
  })
  .refine(({ text, files }) => text !== '' || files.length > 0);
const pressing = z.object({ ...target, more: entered.default({}) });
const entering = z.object({ ...target, next: entered });
const attaching = z.object({ ...target, files });
const choosing = z.object({ ...one, channel: z.string(), ts: z.string(), name: z.string() });
const asking = z.object({ ...target, typed: z.string() });
const opening = z.object({ ...one, tab: z.enum(['home', 'messages']) });
const reading = z.object({ ...one, channel: z.string(), threadTs: z.string().optional(), ts: z.string() });
const viewing = z.object({ ...one, view: z.string() });

/** What people can do on the page, by name. Each takes what the page posted and returns its answer. */
export function slackActions(
  slack: LocalSlack,
  app: AppProfile,
  { atWork, readMarks }: { readonly atWork: PendingCommands; readonly readMarks: ReadMarks },
) {
  return {
    async write(given: unknown) {
      const { as, channel, text, threadTs, files } = writing.parse(given);
      const person = slack.person(as);
      if (!text.startsWith('/') || files.length > 0) {
        person.says(channel, text, {
          files: files.map(picked),
          ...(threadTs === undefined ? {} : { threadTs }),
        });
        return {};
      }
      const [command = ''] = text.split(/\s/, 1);
      if (!app.commands.some((each) => each.command === command)) {
        return { problem: `${command} is not a valid command.` };
      }
      if (threadTs !== undefined) return { problem: `${command} is not supported in threads. Sorry!` };
      const work = atWork.begin(as, channel, text);
      const { error } = await person.types(channel, text);
      if (error !== undefined) work.end();
      return error === undefined ? {} : { problem: `${command} failed with the error “${error}”` };
    },
    /** The person has seen what is in a channel, or in a thread. */
    async read(given: unknown) {
      const { as, channel, threadTs, ts } = reading.parse(given);
      readMarks.read(as, threadTs === undefined ? channel : `${channel} ${threadTs}`, ts);
    },
    async press(given: unknown) {
      const { as, more, ...where } = pressing.parse(given);
      return told(await slack.person(as).client.press(where, more));
    },
    /** The person is typing in this field. */
    draft(given: unknown) {
      const { as, next, ...where } = entering.parse(given);
      slack.person(as).client.draft(where, next);
    },
    async enter(given: unknown) {
      const { as, next, ...where } = entering.parse(given);
      return told(await slack.person(as).client.enter(where, next));
    },
    /** The person picked files for a file field. */
    async attach(given: unknown) {
      const { as, files, ...where } = attaching.parse(given);
      return told(await slack.person(as).client.attach(where, files.map(picked)));
    },
    /** The person chose a shortcut in a message's menu. */
    async shortcut(given: unknown) {
      const { as, name, ...message } = choosing.parse(given);
      return told(await slack.person(as).usesShortcut(message, name));
    },
    async options(given: unknown) {
      const { as, typed, ...where } = asking.parse(given);
      return { options: await slack.person(as).client.options(where, typed) };
    },
    async submit(given: unknown) {
      const { as, view } = viewing.parse(given);
      const result = await slack.person(as).client.submit(view);
      return result === 'operation_timeout' || result === 'dispatch_failed'
        ? { problem: `We had some trouble connecting (${result}). Try again?` }
        : { result };
    },
    async close(given: unknown) {
      const { as, view } = viewing.parse(given);
      await slack.person(as).client.close(view);
    },
    async openHome(given: unknown) {
      const { as, tab } = opening.parse(given);
      await slack.person(as).opensHome(tab);
    },
  };
}

const picked = ({ name, base64 }: { readonly name: string; readonly base64: string }): PickedFile => ({
  name,
  content: Buffer.from(base64, 'base64'),
});

function told({ error }: { readonly error?: string }) {
  return error === undefined ? {} : { problem: `The app didn't respond (${error}).` };
}
