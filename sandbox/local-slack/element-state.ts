import { type Block, type Element, elementsOf, type Option, optionsOf } from './block-kit.js';

/** What one element holds, in the shape of a payload's `state.values`. */
export interface ElementState {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: Option | null;
  readonly selected_options?: readonly Option[];
  readonly selected_date?: string | null;
  readonly selected_time?: string | null;
  readonly selected_date_time?: number | null;
  readonly selected_user?: string | null;
  readonly selected_users?: readonly string[];
  readonly selected_channel?: string | null;
  readonly selected_conversation?: string | null;
  readonly files?: readonly FileInState[];
}

/** The file object of a file_input, of which only these are read here. */
export interface FileInState extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
}

/** By block_id, then by action_id. */
export type SurfaceState = ReadonlyMap<string, ReadonlyMap<string, ElementState>>;

/** Returns the value of an untouched element: its initial value, which Slack submits like a typed one. */
export function initialState(element: Element): ElementState | undefined {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value: element.initial_value === '' ? null : (element.initial_value ?? null) };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'file_input':
      return { type, files: [] };
    default:
      return undefined;
  }
}

/**
 * Returns the values after a redraw. What a person entered stays if block_id, action_id and type are the same as
 * before, even with another initial value. Everything else starts from its initial value.
 */
export function carryOver(before: SurfaceState | undefined, blocks: readonly Block[]): SurfaceState {
  const state = new Map<string, Map<string, ElementState>>();
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const fresh = initialState(element);
      if (fresh === undefined) continue;
      const kept = before?.get(block.block_id)?.get(element.action_id);
      const inBlock = state.get(block.block_id) ?? new Map<string, ElementState>();
      inBlock.set(element.action_id, kept?.type === fresh.type ? stillOffered(kept, element) : fresh);
      state.set(block.block_id, inBlock);
    }
  }
  return state;
}

/** Drops a choice that is no longer offered. */
function stillOffered(state: ElementState, element: Element): ElementState {
  const offered = optionsOf(element);
  if (offered.length === 0) return state;
  const stays = (option: Option) => offered.some((each) => each.value === option.value);
  if (state.selected_options !== undefined) {
    return { ...state, selected_options: state.selected_options.filter(stays) };
  }
  return state.selected_option && !stays(state.selected_option) ? { ...state, selected_option: null } : state;
}

export function withState(
  state: SurfaceState,
  blockId: string,
  actionId: string,
  next: ElementState,
): SurfaceState {
  const inBlock = new Map(state.get(blockId)).set(actionId, next);
  return new Map(state).set(blockId, inBlock);
}

/** Checkboxes or a multi-select after one more choice was added or removed. */
export function ticked(before: ElementState | undefined, option: Option, on: boolean): ElementState {
  const others = (before?.selected_options ?? []).filter((each) => each.value !== option.value);
  return { type: before?.type ?? 'checkboxes', selected_options: on ? [...others, option] : others };
}

export function stateValues(state: SurfaceState): Record<string, Record<string, ElementState>> {
  return Object.fromEntries([...state].map(([id, inBlock]) => [id, Object.fromEntries(inBlock)]));
}

function isFilled(state: ElementState): boolean {
  return visibleValue(state) !== '';
}

/** What a person sees in the field; several choices are joined by commas. */
export function visibleValue(state: ElementState): string {
  if (state.selected_options !== undefined) {
    return state.selected_options.map((option) => option.text.text).join(', ');
  }
  if (state.selected_users !== undefined) return state.selected_users.join(', ');
  if (state.files !== undefined) return state.files.map(({ name }) => name).join(', ');
  const value =
    state.value ??
    state.selected_option?.text.text ??
    state.selected_date ??
    state.selected_time ??
    state.selected_date_time ??
    state.selected_user ??
    state.selected_channel ??
    state.selected_conversation ??
    '';
  return String(value);
}

/** Returns the state after a person typed into the element or set a date; `undefined` if that isn't possible. */
export function typedState(element: Element, typed: string): ElementState | undefined {
  const { type } = element;
  const value = typed === '' ? null : typed;
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value };
    case 'datepicker':
      return { type, selected_date: value };
    case 'timepicker':
      return { type, selected_time: value };
    case 'datetimepicker':
      return { type, selected_date_time: value === null ? null : Math.floor(Date.parse(value) / 1000) };
    default:
      return undefined;
  }
}

/** Returns the error of Slack's client under a field it won't send; `undefined` when the field is valid. */
export function clientError(block: Block, element: Element, state: ElementState): string | undefined {
  if (!isFilled(state)) {
    return block.optional === true ? undefined : 'Please complete this required field.';
  }
  const value = state.value ?? '';
  const size = [...value].length;
  switch (element.type) {
    case 'plain_text_input':
      if (size > (element.max_length ?? 3000)) {
        return `Must be at most ${element.max_length ?? 3000} characters.`;
      }
      return size < (element.min_length ?? 0)
        ? `Must be at least ${element.min_length} characters.`
        : undefined;
    case 'number_input':
      return numberComplaint(element, value);
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

function numberComplaint(element: Element, value: string): string | undefined {
  if (!/^-?\d+(?:\.\d+)?$/.test(value)) return 'Please enter a number.';
  if (element.is_decimal_allowed !== true && value.includes('.')) return 'Please enter a whole number.';
  if (element.min_value !== undefined && Number(value) < Number(element.min_value)) {
    return `Must be at least ${element.min_value}.`;
  }
  if (element.max_value !== undefined && Number(value) > Number(element.max_value)) {
    return `Must be at most ${element.max_value}.`;
  }
  return undefined;
}
