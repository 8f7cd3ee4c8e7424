import { type Block, type Element, elementsOf } from './block-kit.js';
import type { ElementState } from './element-state.js';
import { makeForm, type Submitted } from './form.js';
import type { Message } from './messages.js';
import type { PickedFile } from './stored-files.js';
import type { Pressed, Surface, UserActions } from './user-actions.js';
import type { View } from './views.js';
import type { Workspace } from './workspace.js';

/** Where an element is: in a message, or in a modal or Home tab. */
export type Place =
  | { readonly channel: string; readonly ts: string; readonly view?: undefined }
  | { readonly view: string };

/** One element: its place, its block and its id there. */
export interface Target {
  readonly place: Place;
  readonly blockId: string;
  readonly actionId: string;
}

/**
 * One person's actions by element id, for a client that renders elements. Throws when the element is gone, and when
 * Slack would refuse the app's answer.
 */
export function makeClient(deps: {
  readonly workspace: Workspace;
  readonly userActions: UserActions;
  readonly errors: Map<string, Readonly<Record<string, string>>>;
  /** Returns the message as it is now; throws when this person can't see it. */
  readonly visible: (message: Pick<Message, 'channel' | 'ts'>) => Message;
}) {
  const { workspace, userActions } = deps;

  function viewOf(id: string): View {
    const home = workspace.homeOf(userActions.user.id);
    const view = workspace.modalsOf(userActions.user.id).find((each) => each.id === id);
    const found = view ?? (home?.id === id ? home : undefined);
    if (found === undefined) throw new Error('This form is closed.');
    return found;
  }

  function surfaceAt(place: Place): Surface {
    return place.view === undefined
      ? { kind: 'message', message: deps.visible(place) }
      : { kind: 'view', view: viewOf(place.view) };
  }

  function at({ place, blockId, actionId }: Target): readonly [Surface, Block, Element] {
    const surface = surfaceAt(place);
    const blocks = surface.kind === 'view' ? surface.view.blocks : surface.message.blocks;
    const block = blocks.find((each) => each.block_id === blockId);
    const element = block && elementsOf(block).find((each) => each.action_id === actionId);
    if (block === undefined || element === undefined) throw new Error('This has changed. Try again.');
    return [surface, block, element];
  }

  return {
    /** Returns what this person has entered. */
    state: (place: Place) => userActions.state(surfaceAt(place)),
    /** Returns the errors under the fields of a form, by block_id. */
    errors: (viewId: string): Readonly<Record<string, string>> => deps.errors.get(viewId) ?? {},

    /** The page has already asked for confirmation. */
    async press(target: Target, more: object): Promise<Pressed> {
      return userActions.act(...at(target), more, {});
    },

    /** Typed but not left: the app doesn't get it. */
    draft(target: Target, next: Omit<ElementState, 'type'>): void {
      const [surface, block, element] = at(target);
      userActions.enter(surface, block, element, { ...next, type: element.type });
    },

    /** Chosen, or typed and left. An input block notifies the app only if it asks for that. */
    async enter(target: Target, next: Omit<ElementState, 'type'>): Promise<Pressed> {
      const [surface, block, element] = at(target);
      userActions.enter(surface, block, element, { ...next, type: element.type });
      if (block.type === 'input' && block.dispatch_action !== true) return {};
      return userActions.act(surface, block, element, next, {});
    },

    /** Picked for a file_input. */
    async attach(target: Target, files: readonly PickedFile[]): Promise<Pressed> {
      const [surface, block, element] = at(target);
      const next = userActions.attached(element, files);
      userActions.enter(surface, block, element, next);
      if (block.type === 'input' && block.dispatch_action !== true) return {};
      return userActions.act(surface, block, element, { files: next.files }, {});
    },

    async options(target: Target, typed: string) {
      return userActions.options(...at(target), typed);
    },

    async submit(viewId: string): Promise<Submitted> {
      return makeForm(deps, viewOf(viewId).id).submit();
    },
    async close(viewId: string): Promise<void> {
      await makeForm(deps, viewOf(viewId).id).close();
    },
  };
}
