import { type Block, type Element, elementsOf, type Option, type ViewContent } from './block-kit.js';
import { checkView } from './check-blocks.js';
import {
  clientError,
  type ElementState,
  initialState,
  ticked,
  typedState,
  visibleValue,
} from './element-state.js';
import { findButton, findElement, pick } from './find-element.js';
import { asPlainText, readText } from './plain-text.js';
import type { PickedFile } from './stored-files.js';
import type { DeliveryError, Pressed, Reachability, Surface, UserActions } from './user-actions.js';
import type { View } from './views.js';
import type { Workspace } from './workspace.js';

export type Submitted = 'closed' | 'errors' | 'updated' | 'pushed' | DeliveryError;

export type Form = ReturnType<typeof makeForm>;

interface FormNeeds {
  readonly workspace: Workspace;
  readonly userActions: UserActions;
  /** By view id, then by block_id. */
  readonly errors: Map<string, Readonly<Record<string, string>>>;
}

/** One person's open modal. It is read again on each use, so it shows the result of views.update. */
export function makeForm(deps: FormNeeds, viewId: string) {
  const { workspace, userActions } = deps;

  function view(): View {
    const now = workspace.modal(viewId);
    if (now === undefined) throw new Error('The form is closed');
    return now;
  }
  const surface = (): Surface => ({ kind: 'view', view: view() });
  const find = (name: string) => findElement(view().blocks, name);
  const stateOf = (block: Block, element: Element): ElementState | undefined =>
    userActions.state(surface()).get(block.block_id)?.get(element.action_id);

  /** A section or actions block notifies the app at once; an input block only if it asks for that. */
  async function enter(block: Block, element: Element, next: ElementState): Promise<Pressed> {
    userActions.enter(surface(), block, element, next);
    if (block.type === 'input' && block.dispatch_action !== true) return {};
    const { type: _, ...entered } = next;
    return userActions.act(surface(), block, element, entered, {});
  }

  async function tick(name: string, label: string, on: boolean): Promise<Pressed> {
    const [block, element] = find(name);
    const option = pick(await userActions.options(surface(), block, element, ''), label, name);
    return enter(block, element, ticked(stateOf(block, element), option, on));
  }

  function complain(errors: Readonly<Record<string, string>>): Submitted {
    deps.errors.set(viewId, errors);
    return 'errors';
  }

  /** Returns what Slack's client refuses to send, by block_id. */
  function clientErrors(): Readonly<Record<string, string>> {
    const problems = view()
      .blocks.filter((block) => block.type === 'input')
      .flatMap((block) => elementsOf(block).map((element) => [block, element] as const))
      .flatMap(([block, element]) => {
        const state = stateOf(block, element) ?? initialState(element);
        const problem = state === undefined ? undefined : clientError(block, element, state);
        return problem === undefined ? [] : [[block.block_id, problem] as const];
      });
    return Object.fromEntries(problems);
  }

  function obey(answer: unknown): Submitted {
    const given = (answer ?? {}) as {
      readonly response_action?: string;
      readonly errors?: Readonly<Record<string, string>>;
      readonly view?: unknown;
    };
    switch (given.response_action) {
      case undefined:
        workspace.closeModal(viewId);
        return 'closed';
      case 'clear':
        workspace.clearModals(userActions.user.id);
        return 'closed';
      case 'update':
        workspace.updateModal(viewId, acceptView(given.view));
        return 'updated';
      case 'push':
        if (workspace.pushModal(userActions.user.id, acceptView(given.view)) === undefined) {
          throw new Error('Slack would refuse to push a fourth view');
        }
        return 'pushed';
      case 'errors':
        return complain(knownErrors(given.errors ?? {}));
      default:
        throw new Error(`Slack knows no response_action “${given.response_action}”`);
    }
  }

  function knownErrors(errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const inputs = view()
      .blocks.filter((block) => block.type === 'input')
      .map((block) => block.block_id);
    const named = Object.keys(errors);
    const stray = named.filter((id) => !inputs.includes(id));
    if (named.length > 0 && stray.length === 0) return errors;
    const wrong = named.length === 0 ? 'none is given' : `no input block is called ${stray.join(', ')}`;
    throw new Error(`Slack would not show these errors: ${wrong}; there are ${inputs.join(', ')}`);
  }

  return {
    get title(): string {
      return readText(view().title);
    },
    get blocks(): readonly Block[] {
      return view().blocks;
    },
    get callbackId(): string {
      return view().callback_id ?? '';
    },
    get view(): View {
      return view();
    },
    get isOpen(): boolean {
      return workspace.modal(viewId) !== undefined;
    },

    /** The errors under the fields, by label. */
    get errors(): Readonly<Record<string, string>> {
      const blocks = workspace.modal(viewId)?.blocks ?? [];
      const label = (id: string) => readText(blocks.find((block) => block.block_id === id)?.label);
      const byBlock = Object.entries(deps.errors.get(viewId) ?? {});
      return Object.fromEntries(byBlock.map(([id, message]) => [label(id) || id, message]));
    },

    /** The labels of the fields, from top to bottom. */
    labels: (): readonly string[] =>
      view()
        .blocks.filter((block) => block.label !== undefined)
        .map((block) => readText(block.label)),

    /** What a person sees in a field; several choices are joined by commas. */
    value(name: string): string {
      const [block, element] = find(name);
      const state = stateOf(block, element);
      return state === undefined ? '' : visibleValue(state);
    },

    /** The form as this person sees it, with what is entered. */
    asPlainText(): string {
      const now = view();
      const body = asPlainText({ blocks: now.blocks, names: workspace.names }, userActions.state(surface()));
      const foot = [now.close, now.submit].flatMap((button) => (button ? [`[${readText(button)}]`] : []));
      return [readText(now.title), body, foot.join(' ')].filter((part) => part !== '').join('\n');
    },

    /** Types into a field and leaves it: text, number, email, URL, date (2026-11-23) or time (14:05). */
    async fill(name: string, typed: string): Promise<Pressed> {
      const [block, element] = find(name);
      const next = typedState(element, typed);
      if (next === undefined) throw new Error(`Nothing can be typed into “${name}”, a ${element.type}`);
      return enter(block, element, next);
    },

    /** Picks files for a field. Throws where Slack's client doesn't take them. */
    async attach(name: string, ...files: readonly PickedFile[]): Promise<Pressed> {
      const [block, element] = find(name);
      return enter(block, element, userActions.attached(element, files));
    },

    /** Returns the visible options of a menu after typing some words into it. */
    async options(name: string, typed = ''): Promise<readonly string[]> {
      const [block, element] = find(name);
      return (await userActions.options(surface(), block, element, typed)).map((option) =>
        readText(option.text),
      );
    },

    /** Chooses in a select or a radio group; adds to the choice in a multi-select. */
    async choose(name: string, wanted: string): Promise<Pressed> {
      const [block, element] = find(name);
      const option = pick(await userActions.options(surface(), block, element, wanted), wanted, name);
      const next: ElementState = element.type.startsWith('multi_')
        ? ticked(stateOf(block, element) ?? { type: element.type }, option, true)
        : chosen(element.type, option);
      return enter(block, element, next);
    },

    tick: (name: string, label: string): Promise<Pressed> => tick(name, label, true),
    untick: (name: string, label: string): Promise<Pressed> => tick(name, label, false),

    async press(label: string, touch: Reachability = {}): Promise<Pressed> {
      const [block, element] = findButton(view().blocks, label);
      return userActions.act(surface(), block, element, {}, touch);
    },

    /** Presses the submit button. Throws when Slack would refuse the app's answer, because that is a bug in the app. */
    async submit(): Promise<Submitted> {
      const now = view();
      if (workspace.modalsOf(userActions.user.id).at(-1)?.id !== viewId)
        throw new Error('The form is not in front');
      if (now.submit === undefined) throw new Error(`The form “${readText(now.title)}” has no submit button`);
      deps.errors.delete(viewId);
      const unfinished = clientErrors();
      if (Object.keys(unfinished).length > 0) return complain(unfinished);
      const result = await userActions.submit(now);
      return result.ok ? obey(result.payload) : result.error;
    },

    /** Presses the close button. */
    async close(): Promise<void> {
      const now = view();
      const seen = userActions.viewJson(now);
      if (now.clear_on_close === true) workspace.clearModals(userActions.user.id);
      else workspace.closeModal(viewId);
      if (now.notify_on_close === true) {
        await userActions.interact({ type: 'view_closed', view: seen, is_cleared: false });
      }
    },
  };
}

function chosen(type: string, option: Option): ElementState {
  return type === 'conversations_select'
    ? { type, selected_conversation: option.value ?? null }
    : { type, selected_option: option };
}

/** A view in an acknowledgement follows the same rules as one sent to views.open. */
function acceptView(given: unknown): ViewContent {
  const checked = checkView(given);
  if (checked.ok) return checked.value;
  throw new Error(`Slack would refuse this view:\n${checked.validationErrors.join('\n')}`);
}
