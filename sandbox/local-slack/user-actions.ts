import { type Block, type Element, type Option, optionsOf } from './block-kit.js';
import { checkSuggestions } from './check-blocks.js';
import type { Acknowledgement, DeliveryKind } from './deliver.js';
import type { Channel, User } from './directory.js';
import {
  carryOver,
  type ElementState,
  type FileInState,
  type SurfaceState,
  stateValues,
  withState,
} from './element-state.js';
import type { Message } from './messages.js';
import { appId, fileJson, fileType, messageJson, viewJson } from './objects.js';
import { readText } from './plain-text.js';
import type { ResponseUrls } from './response-url.js';
import type { PickedFile, StoredFile } from './stored-files.js';
import type { TriggerIds } from './trigger-ids.js';
import type { View } from './views.js';
import type { Workspace } from './workspace.js';

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element: the default of `min_query_length`. */
const DEFAULT_MIN_QUERY_LENGTH = 3;
/** https://docs.slack.dev/reference/block-kit/block-elements/file-input-element: the default of `max_files`. */
const MAX_FILES = 10;

export interface UserActionsDeps {
  readonly workspace: Workspace;
  readonly triggers: TriggerIds;
  readonly responseUrls: ResponseUrls;
  readonly deliver: (
    kind: DeliveryKind,
    payload: Readonly<Record<string, unknown>>,
  ) => Promise<Acknowledgement>;
  /** Returns the full URL of a path on this server. */
  readonly url: (path: string) => string;
}

/**
 * `not_a_command`: Slack doesn't offer an app's commands to outsiders or single-channel guests. `not_offered`: nor its
 * shortcuts to outsiders.
 */
export type DeliveryError = 'operation_timeout' | 'dispatch_failed' | 'not_a_command' | 'not_offered';

export interface Pressed {
  readonly error?: DeliveryError;
  /** The text of the confirmation dialog, if there was one. */
  readonly asked?: string;
}

export interface Reachability {
  /** `false` answers No in the confirmation dialog, so nothing is sent. */
  readonly confirm?: boolean;
}

/** Where elements are: a message someone sees, or a view. */
export type Surface =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'view'; readonly view: View };

/** One person's use of the elements of messages and views: what is entered, and what the app is told about it. */
export interface UserActions {
  readonly user: User;
  state(surface: Surface): SurfaceState;
  enter(surface: Surface, block: Block, element: Element, next: ElementState): void;
  act(surface: Surface, block: Block, element: Element, more: object, touch: Reachability): Promise<Pressed>;
  options(surface: Surface, block: Block, element: Element, typed: string): Promise<readonly Option[]>;
  interact(payload: Readonly<Record<string, unknown>>): Promise<Acknowledgement>;
  submit(view: View): Promise<Acknowledgement>;
  /** Uploads files to Slack. */
  upload(files: readonly PickedFile[], forApp: boolean): readonly StoredFile[];
  /** What a file_input holds after these files were put in. Throws where Slack's client doesn't take them. */
  attached(element: Element, files: readonly PickedFile[]): ElementState;
  viewJson(view: View): Record<string, unknown>;
}

export function makeUserActions(deps: UserActionsDeps, user: User): UserActions {
  const { workspace } = deps;
  const entered = new Map<string, SurfaceState>();

  // A redraw decides at once which entered values survive.
  workspace.events.on('change', ({ what }) => {
    if (what !== 'view') return;
    for (const view of workspace.modalsOf(user.id)) {
      const key = `view ${view.id}`;
      entered.set(key, carryOver(entered.get(key), view.blocks));
    }
  });

  const userActions: UserActions = {
    user,
    state(surface) {
      const next = carryOver(entered.get(keyOf(surface)), blocksOf(surface));
      entered.set(keyOf(surface), next);
      return next;
    },
    enter(surface, block, element, next) {
      const state = userActions.state(surface);
      entered.set(keyOf(surface), withState(state, block.block_id, element.action_id, next));
    },
    act,
    options,
    interact,
    submit: (view) =>
      interact({
        type: 'view_submission',
        trigger_id: deps.triggers.issue(user.id),
        view: userActions.viewJson(view),
        response_urls: [],
      }),
    upload: (files, forApp) =>
      files.map(({ name, content, externalUrl }) =>
        workspace.storeFile({
          id: workspace.nextFileId(),
          name,
          user: user.id,
          content: Buffer.from(content),
          forApp,
          ...(externalUrl === undefined ? {} : { externalUrl }),
        }),
      ),
    attached(element, files) {
      const { type, filetypes, max_files: most = MAX_FILES } = element;
      if (type !== 'file_input') throw new Error(`A ${type} takes no files`);
      if (files.length > most)
        throw new Error(`You can add up to ${most === 1 ? '1 file' : `${most} files`}.`);
      const wrong = files.find(({ name }) => filetypes !== undefined && !filetypes.includes(fileType(name)));
      if (wrong !== undefined) throw new Error(`${wrong.name} is not one of: ${filetypes?.join(', ')}`);
      const stored = userActions.upload(files, true);
      return { type, files: stored.map((file) => fileJson(workspace, file) as FileInState) };
    },
    viewJson: (view) => ({
      ...viewJson(workspace, view),
      state: { values: stateValues(userActions.state({ kind: 'view', view })) },
    }),
  };

  function interact(payload: Readonly<Record<string, unknown>>): Promise<Acknowledgement> {
    const { teamId } = workspace.users.get(user.id) ?? user;
    const { team, enterprise } = workspace;
    const wide = enterprise?.wide === true;
    // An action in a form names the person's team; one in a message names the installation's.
    const own = { id: teamId, domain: teamId === team.id ? team.name : 'elsewhere' };
    const inMessage = wide ? null : { id: team.id, domain: team.name };
    return deps.deliver('interactive', {
      user: { id: user.id, username: user.name, name: user.name, team_id: teamId },
      team: 'view' in payload ? own : inMessage,
      api_app_id: appId,
      token: 'unused',
      enterprise: enterprise === undefined ? null : { id: enterprise.id, name: enterprise.name },
      is_enterprise_install: wide,
      ...payload,
    });
  }

  async function act(
    surface: Surface,
    block: Block,
    element: Element,
    more: object,
    touch: Reachability,
  ): Promise<Pressed> {
    const asked =
      element.confirm === undefined
        ? {}
        : {
            asked: [element.confirm.title, element.confirm.text]
              .map((text) => readText(text, workspace.names))
              .filter((text) => text !== '')
              .join('\n'),
          };
    if (element.confirm !== undefined && touch.confirm === false) return asked;
    const { type, action_id } = element;
    const described = element.text === undefined ? {} : { text: element.text };
    const valued = type === 'button' && element.value !== undefined ? { value: element.value } : {};
    const styled = element.style === undefined ? {} : { style: element.style };
    const action = {
      type,
      action_id,
      block_id: block.block_id,
      ...described,
      ...valued,
      ...styled,
      ...more,
      action_ts: (Date.now() / 1000).toFixed(6),
    };
    const result = await interact({
      type: 'block_actions',
      trigger_id: deps.triggers.issue(user.id),
      ...placeOf(surface),
      actions: [action],
    });
    return result.ok ? asked : { ...asked, error: result.error };
  }

  function placeOf(surface: Surface): Record<string, unknown> {
    if (surface.kind === 'view') {
      const { view } = surface;
      return { container: { type: 'view', view_id: view.id }, view: userActions.viewJson(view) };
    }
    const { message } = surface;
    const channel = workspace.channels.get(message.channel);
    const ephemeral = message.onlyFor !== undefined;
    return {
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: ephemeral,
        ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
      },
      channel: { id: message.channel, name: channel === undefined ? '' : nameFor(channel) },
      ...(ephemeral ? {} : { message: messageJson(workspace, message) }),
      state: { values: stateValues(userActions.state(surface)) },
      response_url: deps.url(
        deps.responseUrls.issue({ userId: user.id, channelId: message.channel, message }),
      ),
    };
  }

  async function options(
    surface: Surface,
    block: Block,
    element: Element,
    typed: string,
  ): Promise<readonly Option[]> {
    if (element.type === 'conversations_select') return channelOptions(workspace, user, typed);
    if (!element.type.includes('external_select')) {
      return optionsOf(element).filter((each) =>
        readText(each.text).toLowerCase().includes(typed.toLowerCase()),
      );
    }
    if ([...typed].length < (element.min_query_length ?? DEFAULT_MIN_QUERY_LENGTH)) return [];
    const result = await interact({
      type: 'block_suggestion',
      action_id: element.action_id,
      block_id: block.block_id,
      value: typed,
      ...placeOf(surface),
    });
    if (!result.ok) throw new Error(`The options could not be loaded: ${result.error}`);
    const checked = checkSuggestions(result.payload);
    if (checked.ok) return checked.value;
    throw new Error(`Slack would refuse these options:\n${checked.validationErrors.join('\n')}`);
  }

  return userActions;
}

/** The channels this person is in, as Slack's own menu offers them. */
function channelOptions(workspace: Workspace, user: User, typed: string): readonly Option[] {
  return [...workspace.channels.values()]
    .filter(({ direct, archived, members }) => !direct && !archived && members.includes(user.id))
    .filter(({ name }) => name.includes(typed.replace(/^#/, '')))
    .map(({ id, name }) => ({ value: id, text: { type: 'plain_text', text: `#${name}` } }));
}

/** In direct messages and private channels Slack doesn't give a command the name. */
export function nameFor(channel: Channel): string {
  if (channel.direct) return 'directmessage';
  return channel.private ? 'privategroup' : channel.name;
}

function keyOf(surface: Surface): string {
  return surface.kind === 'view'
    ? `view ${surface.view.id}`
    : `message ${surface.message.channel} ${surface.message.ts}`;
}

function blocksOf(surface: Surface): readonly Block[] {
  return surface.kind === 'view' ? surface.view.blocks : surface.message.blocks;
}
