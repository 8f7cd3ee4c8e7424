import { type Block, type Element, elementsOf, type Option, optionsOf } from './block-kit.js';
import { readText } from './plain-text.js';

/** Finds a button by its visible words. */
export function findButton(blocks: readonly Block[], label: string): readonly [Block, Element] {
  const buttons = touchable(blocks).filter(([, element]) => element.type.endsWith('button'));
  const found = buttons.find(([, element]) => readText(element.text) === label);
  if (found !== undefined) return found;
  const there = buttons.map(([, element]) => `[${readText(element.text)}]`).join(' ');
  throw new Error(`There is no button [${label}] now; there is ${there === '' ? 'none' : there}`);
}

/**
 * Finds an element the way a person names it: by its label, the text next to it or its placeholder; or by its
 * action_id.
 */
export function findElement(blocks: readonly Block[], name: string): readonly [Block, Element] {
  const found = touchable(blocks).filter(([block, element]) => namesOf(block, element).includes(name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const there = touchable(blocks).map(([block, element]) => namesOf(block, element)[0] ?? element.action_id);
  throw new Error(
    only === undefined
      ? `There is no field “${name}” now; there is ${there.map((each) => `“${each}”`).join(', ') || 'none'}`
      : `“${name}” names ${found.length} fields; use the action_id of one`,
  );
}

function namesOf(block: Block, element: Element): readonly string[] {
  const beside = block.accessory === element ? readText(block.text) : '';
  return [readText(block.label), beside, readText(element.placeholder), element.action_id].filter(
    (name) => name !== '',
  );
}

export function findChoice(blocks: readonly Block[], label: string): readonly [Block, Element, Option] {
  const choices = touchable(blocks)
    .filter(([, element]) => element.type === 'checkboxes')
    .flatMap(([block, element]) => optionsOf(element).map((option) => [block, element, option] as const));
  const exact = choices.find(([, , option]) => readText(option.text) === label);
  const close = choices.filter(([, , option]) => readText(option.text).includes(label));
  const found = exact ?? (close.length === 1 ? close[0] : undefined);
  if (found !== undefined) return found;
  const there = choices.map(([, , option]) => readText(option.text)).join('; ');
  throw new Error(`There is no one checkbox “${label}” now; there is ${there === '' ? 'none' : there}`);
}

/** Returns the option a person means: the one with exactly these words, or the only one that contains them. */
export function pick(options: readonly Option[], wanted: string, name: string): Option {
  const exact = options.find((option) => readText(option.text) === wanted);
  const close = options.filter((option) => readText(option.text).includes(wanted));
  const found = exact ?? (close.length === 1 ? close[0] : undefined);
  if (found !== undefined) return found;
  const there = options.map((option) => readText(option.text)).join('; ');
  throw new Error(`“${name}” offers no one “${wanted}”; it offers ${there === '' ? 'nothing' : there}`);
}

function touchable(blocks: readonly Block[]): readonly (readonly [Block, Element])[] {
  return blocks.flatMap((block) => elementsOf(block).map((element) => [block, element] as const));
}
