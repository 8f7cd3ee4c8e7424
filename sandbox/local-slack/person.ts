import type { AppEvents } from './app-events.js';
import { makeClient } from './client.js';
import { makeCommandLine } from './command-line.js';
import type { User } from './directory.js';
import { initialState, ticked } from './element-state.js';
import { findButton, findChoice, findElement, pick } from './find-element.js';
import { type Form, makeForm } from './form.js';
import type { Message } from './messages.js';
import { messageJson } from './objects.js';
import { asPlainText } from './plain-text.js';
import type { PickedFile } from './stored-files.js';
import { escapeTyped } from './typed-text.js';
import {
  makeUserActions,
  nameFor,
  type Pressed,
  type Reachability,
  type Surface,
  type UserActionsDeps,
} from './user-actions.js';
import type { View } from './views.js';

export interface PersonDeps extends UserActionsDeps {
  readonly shortcuts: readonly Shortcut[];
  readonly appEvents: AppEvents;
  readonly until: <T>(
    look: () => T | undefined | false,
    options?: { readonly timeoutMs?: number; readonly describe?: string },
  ) => Promise<T>;
}

/** A message shortcut, as the app's manifest has it. */
export interface Shortcut {
  readonly name: string;
  readonly callbackId: string;
}

export type Person = ReturnType<typeof makePerson>;

/** Drives one person's Slack client: types, presses and fills in what is visible to that person, by visible words. */
export function makePerson(deps: PersonDeps, user: User) {
  const { workspace } = deps;
  const userActions = makeUserActions(deps, user);
  const formErrors = new Map<string, Readonly<Record<string, string>>>();

  // A redraw removes the errors from a form.
  workspace.events.on('change', ({ what, id }) => {
    if (what === 'view') formErrors.delete(id);
  });

  /** Returns the message as it is now, if this person can see it. */
  function visible(message: Pick<Message, 'channel' | 'ts'>): Message {
    const channel = workspace.channels.get(message.channel);
    const now = workspace.message(message.channel, message.ts);
    if (channel === undefined || now === undefined || now.deleted) {
      const said = now === undefined ? message.ts : asPlainText(now);
      throw new Error(`${user.name} can't find that message: ${said}`);
    }
    if (now.onlyFor !== undefined && now.onlyFor !== user.id) {
      throw new Error(`Only @${workspace.names[now.onlyFor]} sees that message, not ${user.name}`);
    }
    if (!channel.members.includes(user.id)) {
      throw new Error(`${user.name} is not in #${channel.name}`);
    }
    return now;
  }

  async function tick(message: Message, labels: readonly string[], on: boolean): Promise<Pressed> {
    let result: Pressed = {};
    for (const label of labels) {
      const now = visible(message);
      const surface: Surface = { kind: 'message', message: now };
      const [block, element, option] = findChoice(now.blocks, label);
      const next = ticked(userActions.state(surface).get(block.block_id)?.get(element.action_id), option, on);
      userActions.enter(surface, block, element, next);
      result = await userActions.act(
        surface,
        block,
        element,
        { selected_options: next.selected_options },
        {},
      );
      if (result.error !== undefined) return result;
    }
    return result;
  }

  return {
    id: user.id,
    name: user.name,

    types: makeCommandLine(deps, user),

    /** Writes an ordinary message. Slack stores it escaped, with mentions as ids. */
    says(
      channelId: string,
      typed: string,
      { files = [], ...options }: { readonly threadTs?: string; readonly files?: readonly PickedFile[] } = {},
    ): Message {
      const { messagesTab, readOnly } = workspace.appHome();
      if (workspace.channels.get(channelId)?.direct === true && (readOnly || !messagesTab)) {
        throw new Error('Sending messages to this app has been turned off');
      }
      const text = escapeTyped(typed, workspace);
      const shared = userActions.upload(files, false);
      const message = workspace.post({
        channel: channelId,
        user: user.id,
        text,
        blocks: [],
        files: shared.map(({ id, name, content }) => ({ id, name, text: content.toString('utf8') })),
        ...options,
      });
      deps.appEvents.written(message);
      return message;
    },

    /** The app's shortcuts in the menu of a message, which messages for one person alone don't have. */
    shortcuts: (message: Message): readonly Shortcut[] =>
      visible(message).onlyFor === undefined && workspace.isOurs(workspace.users.get(user.id) ?? user)
        ? deps.shortcuts
        : [],

    /** Chooses a shortcut in the menu of a message, by its name. */
    async usesShortcut(message: Pick<Message, 'channel' | 'ts'>, name: string): Promise<Pressed> {
      const now = visible(message);
      const shortcut = deps.shortcuts.find((each) => each.name === name);
      if (shortcut === undefined) throw new Error(`The app has no shortcut “${name}”`);
      if (now.onlyFor !== undefined) throw new Error('A message for one person alone has no shortcuts');
      if (!workspace.isOurs(workspace.users.get(user.id) ?? user)) return { error: 'not_offered' };
      const channel = workspace.channels.get(now.channel);
      const result = await userActions.interact({
        type: 'message_action',
        callback_id: shortcut.callbackId,
        trigger_id: deps.triggers.issue(user.id),
        action_ts: (Date.now() / 1000).toFixed(6),
        message_ts: now.ts,
        channel: { id: now.channel, name: channel === undefined ? '' : nameFor(channel) },
        message: messageJson(workspace, now),
        response_url: deps.url(
          deps.responseUrls.issue({ userId: user.id, channelId: now.channel, message: now }),
        ),
      });
      return result.ok ? {} : { error: result.error };
    },

    /** Deletes a message, as workspace owners can. */
    deletes(message: Message): void {
      workspace.remove(visible(message));
    },

    /** What only this person sees in a channel: answers, respond() and chat.postEphemeral, oldest first. */
    ephemerals: (channelId: string): readonly Message[] => workspace.ephemeralsFor(user.id, channelId),

    /** The bot's direct messages with this person, oldest first. */
    directMessages: (): readonly Message[] => workspace.messagesIn(workspace.directId(user.id)),

    /** The messages that notified this person when they were posted, oldest first. */
    notifications: (): readonly Message[] => workspace.notificationsOf(user.id),

    /** A message as this person sees it, with their checked boxes. */
    sees: (message: Message): string =>
      asPlainText(visible(message), userActions.state({ kind: 'message', message: visible(message) })),

    async presses(message: Message, label: string, touch: Reachability = {}): Promise<Pressed> {
      const now = visible(message);
      const [block, element] = findButton(now.blocks, label);
      return userActions.act({ kind: 'message', message: now }, block, element, {}, touch);
    },

    /** Checks checkboxes by their visible words, one after the other. */
    ticks: (message: Message, labels: readonly string[]): Promise<Pressed> => tick(message, labels, true),
    unticks: (message: Message, labels: readonly string[]): Promise<Pressed> => tick(message, labels, false),

    /** Chooses in a select, a radio group or an overflow menu of a message. */
    async chooses(
      message: Message,
      name: string,
      wanted: string,
      touch: Reachability = {},
    ): Promise<Pressed> {
      const now = visible(message);
      const surface: Surface = { kind: 'message', message: now };
      const [block, element] = findElement(now.blocks, name);
      const option = pick(await userActions.options(surface, block, element, wanted), wanted, name);
      if (initialState(element) !== undefined) {
        userActions.enter(surface, block, element, { type: element.type, selected_option: option });
      }
      return userActions.act(surface, block, element, { selected_option: option }, touch);
    },

    /** Waits for the modal in front of this person, by default for a minute. */
    async form(given: { readonly timeoutMs?: number } = {}): Promise<Form> {
      const view = await deps.until(() => workspace.modalsOf(user.id).at(-1), {
        ...given,
        describe: `a form for ${user.name}`,
      });
      return makeForm({ workspace, userActions, errors: formErrors }, view.id);
    },

    hasForm: (): boolean => workspace.modalsOf(user.id).length > 0,

    /** Opens the app's Home tab, or the tab with its direct messages. */
    async opensHome(tab: 'home' | 'messages' = 'home'): Promise<void> {
      await deps.appEvents.opened(user.id, tab);
    },

    home: (): View | undefined => workspace.homeOf(user.id),
    /** The Home tab as text. Throws when the app has published none. */
    seesHome: (): string => asPlainText({ ...homeNow(), names: workspace.names }),

    async pressesOnHome(label: string, touch: Reachability = {}): Promise<Pressed> {
      const view = homeNow();
      const [block, element] = findButton(view.blocks, label);
      return userActions.act({ kind: 'view', view }, block, element, {}, touch);
    },

    /** The same actions for a page, which knows elements by their ids. */
    client: makeClient({ workspace, userActions, errors: formErrors, visible }),
  };

  function homeNow(): View {
    const view = workspace.homeOf(user.id);
    if (view === undefined) throw new Error(`The app has published no Home tab for ${user.name}`);
    return view;
  }
}
