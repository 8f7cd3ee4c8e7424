import { type Block, type Element, type Option, optionsOf, type TextObject } from './block-kit.js';
import { initialState, type SurfaceState, visibleValue } from './element-state.js';

export interface Readable {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * Renders a message or a form for a terminal: mentions by name, escapes resolved, checkboxes as ☐ and ☑, buttons as
 * [Label]. `state` is what one person entered; without it the initial values show.
 */
export function asPlainText(readable: Readable, state?: SurfaceState): string {
  const names = readable.names ?? {};
  const blocks = readable.blocks ?? [];
  if (blocks.length === 0) return fromMrkdwn(readable.text ?? '', names);
  return blocks
    .map((block) => drawBlock(block, names, state))
    .filter((lines) => lines !== '')
    .join('\n');
}

function drawBlock(
  block: Block,
  names: Readonly<Record<string, string>>,
  state: SurfaceState | undefined,
): string {
  const text = (given: TextObject | string | undefined) => readText(given, names);
  const draw = (element: Element) =>
    drawElement(element, names, state?.get(block.block_id)?.get(element.action_id));
  switch (block.type) {
    case 'divider':
      return '────────';
    case 'context':
      return (block.elements ?? []).map((each) => contextText(each, names)).join(' · ');
    case 'section': {
      const lines = [text(block.text), ...(block.fields ?? []).map(text)];
      if (block.accessory !== undefined) lines.push(draw(block.accessory));
      return lines.filter((line) => line !== '').join('\n');
    }
    case 'actions':
      return drawActions(block.elements ?? [], draw);
    case 'input': {
      const element = block.element === undefined ? '' : draw(block.element);
      const label = `${text(block.label)}${block.optional === true ? ' (optional)' : ''}:`;
      const field = element.includes('\n') || element.startsWith('☐') || element.startsWith('☑');
      return [`${label}${field ? '\n' : ' '}${element}`, text(block.hint)]
        .filter((line) => line !== '')
        .join('\n');
    }
    case 'image':
      return [text(block.title), `(image: ${block.alt_text ?? ''})`].filter((line) => line !== '').join('\n');
    case 'rich_text':
      return (block.elements ?? []).map((each) => richText(each, names)).join('\n');
    case 'table':
    case 'data_table':
      return (block.rows ?? []).map((row) => row.map((cell) => richText(cell, names)).join(' | ')).join('\n');
    case 'markdown':
      return typeof block.text === 'string' ? block.text : '';
    default:
      return [
        text(block.title),
        text(block.subtitle),
        text(block.text),
        text(block.body),
        (block.actions ?? []).map(draw).join(' '),
        ...(block.child_blocks ?? []).map((child) => drawBlock(child, names, state)),
      ]
        .filter((line) => line !== '')
        .join('\n');
  }
}

/** Buttons and menus share a line; lists of choices have their own lines. */
function drawActions(elements: readonly Element[], draw: (element: Element) => string): string {
  return elements
    .map((element, at) => {
      const before = elements[at - 1];
      if (before === undefined) return draw(element);
      return `${isList(element) || isList(before) ? '\n' : ' '}${draw(element)}`;
    })
    .join('');
}

function isList(element: Element): boolean {
  return element.type === 'checkboxes' || element.type === 'radio_buttons';
}

function drawElement(
  element: Element,
  names: Readonly<Record<string, string>>,
  entered: ElementStateOrNothing,
): string {
  const state = entered ?? initialState(element);
  const placeholder = readText(element.placeholder, names);
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return `[${readText(element.text, names)}]`;
    case 'overflow':
      return `[⋯ ${optionsOf(element)
        .map((option) => readText(option.text, names))
        .join(' | ')}]`;
    case 'checkboxes':
      return drawChoices(element, names, state?.selected_options ?? [], ['☐', '☑']);
    case 'radio_buttons':
      return drawChoices(element, names, state?.selected_option ? [state.selected_option] : [], ['○', '◉']);
    case 'image':
      return `(image: ${element.alt_text ?? ''})`;
    default: {
      const value = state === undefined ? '' : visibleValue(state);
      return element.type.includes('select')
        ? `[${names[value] ?? (value || placeholder || 'Select an option')} ▾]`
        : `[${value || placeholder}]`;
    }
  }
}

type ElementStateOrNothing = ReturnType<typeof initialState>;

function drawChoices(
  element: Element,
  names: Readonly<Record<string, string>>,
  chosen: readonly Option[],
  [off, on]: readonly [string, string],
): string {
  return optionsOf(element)
    .map((option) => {
      const mark = chosen.some((each) => each.value === option.value) ? on : off;
      const description = readText(option.description, names);
      return `${mark} ${readText(option.text, names)}${description === '' ? '' : ` — ${description}`}`;
    })
    .join('\n');
}

function contextText(element: Element, names: Readonly<Record<string, string>>): string {
  if (element.type === 'image') return `(image: ${element.alt_text ?? ''})`;
  const words = typeof element.text === 'string' ? element.text : '';
  return element.type === 'mrkdwn' ? fromMrkdwn(words, names) : words;
}

/** The visible words of a text object. */
export function readText(
  given: TextObject | string | undefined,
  names: Readonly<Record<string, string>> = {},
): string {
  if (given === undefined) return '';
  if (typeof given === 'string') return given;
  return given.type === 'mrkdwn' ? fromMrkdwn(given.text, names) : given.text;
}

/** Resolves Slack's <…> and &…; emphasis stays as typed, which is readable in a terminal. */
function fromMrkdwn(mrkdwn: string, names: Readonly<Record<string, string>>): string {
  return mrkdwn
    .replace(/<([^<>]+)>/g, (_, inside: string) => reference(inside, names))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/**
 * Returns whom a message notifies: user ids, user-group ids, and `channel`, `here` or `everyone`. Only mrkdwn notifies;
 * escaped and plain text don't.
 */
export function mentionsIn(message: Readable): readonly string[] {
  const blocks = message.blocks ?? [];
  const words = blocks.length === 0 ? [message.text ?? ''] : mrkdwnIn(blocks);
  return words.flatMap((each) =>
    [...each.matchAll(/<(?:@|!subteam\^|!)(\w+)[^>]*>/g)].flatMap(([whole, id]) =>
      id === undefined || whole.startsWith('<!date') ? [] : [id],
    ),
  );
}

function mrkdwnIn(given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.flatMap(mrkdwnIn);
  if (typeof given !== 'object' || given === null) return [];
  if ('type' in given && given.type === 'mrkdwn' && 'text' in given) return [String(given.text)];
  if ('type' in given && given.type === 'user' && 'user_id' in given) return [`<@${given.user_id}>`];
  if ('type' in given && given.type === 'broadcast' && 'range' in given) return [`<!${given.range}>`];
  return Object.values(given).flatMap(mrkdwnIn);
}

function reference(inside: string, names: Readonly<Record<string, string>>): string {
  const [target = '', label] = inside.split('|', 2);
  const id = target.slice(1);
  if (target.startsWith('@')) return `@${label ?? names[id] ?? id}`;
  if (target.startsWith('#')) return `#${label ?? names[id] ?? id}`;
  if (target.startsWith('!subteam^')) {
    const group = target.slice('!subteam^'.length);
    return `@${label ?? names[group] ?? group}`;
  }
  if (target.startsWith('!date^')) return label ?? target;
  if (target.startsWith('!')) return `@${id}`;
  return label ?? target;
}

/** Collects the words of rich text and table cells, which nest freely. */
function richText(given: unknown, names: Readonly<Record<string, string>>): string {
  if (Array.isArray(given)) return given.map((each) => richText(each, names)).join('');
  if (typeof given !== 'object' || given === null) return '';
  const part = given as {
    type?: string;
    text?: unknown;
    user_id?: string;
    name?: string;
    elements?: unknown;
  };
  if (part.type === 'user') return `@${names[part.user_id ?? ''] ?? part.user_id}`;
  if (part.type === 'emoji') return `:${part.name}:`;
  if (part.type === 'rich_text_list' && Array.isArray(part.elements)) {
    return part.elements.map((each) => `• ${richText(each, names)}`).join('\n');
  }
  if (typeof part.text === 'string') return part.text;
  return richText(part.elements, names);
}
