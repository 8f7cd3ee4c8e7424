/**
 * Block Kit as the rest of this folder reads it, after check-blocks.ts has checked it. Deliberately looser than
 * @slack/types: one shape for every block and one for every element, so that a new kind needs only a rule.
 */
export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

export interface Option {
  readonly text: TextObject;
  readonly value?: string;
  readonly description?: TextObject;
}

export interface OptionGroup {
  readonly label: TextObject;
  readonly options: readonly Option[];
}

interface Confirm {
  readonly title?: TextObject;
  readonly text: TextObject;
  readonly confirm?: TextObject;
  readonly deny?: TextObject;
}

export interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly text?: TextObject | string;
  readonly value?: string;
  readonly style?: string;
  readonly placeholder?: TextObject;
  readonly confirm?: Confirm;
  readonly options?: readonly Option[];
  readonly option_groups?: readonly OptionGroup[];
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
  readonly initial_value?: string;
  readonly initial_date?: string;
  readonly initial_time?: string;
  readonly initial_date_time?: number;
  readonly initial_user?: string;
  readonly initial_users?: readonly string[];
  readonly initial_channel?: string;
  readonly initial_conversation?: string;
  readonly min_query_length?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly min_value?: string;
  readonly max_value?: string;
  readonly is_decimal_allowed?: boolean;
  readonly filetypes?: readonly string[];
  readonly max_files?: number;
  readonly alt_text?: string;
}

export interface Block {
  readonly type: string;
  readonly block_id: string;
  readonly text?: TextObject | string;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly Element[];
  readonly accessory?: Element;
  readonly element?: Element;
  readonly label?: TextObject;
  readonly hint?: TextObject;
  readonly optional?: boolean;
  readonly dispatch_action?: boolean;
  readonly title?: TextObject | string;
  readonly subtitle?: TextObject;
  readonly body?: TextObject;
  readonly alt_text?: string;
  readonly actions?: readonly Element[];
  readonly child_blocks?: readonly Block[];
  readonly rows?: readonly (readonly unknown[])[];
}

/** A modal or a Home tab as the app sent it. */
export interface ViewContent {
  readonly type: 'modal' | 'home';
  readonly title?: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
  readonly blocks: readonly Block[];
  readonly private_metadata?: string;
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
}

/** Returns every element of a block that a person can use. */
export function elementsOf(block: Block): readonly Element[] {
  return [
    ...(block.accessory === undefined ? [] : [block.accessory]),
    ...(block.element === undefined ? [] : [block.element]),
    ...(block.type === 'context' || block.type === 'rich_text' ? [] : (block.elements ?? [])),
    ...(block.actions ?? []),
    ...(block.child_blocks ?? []).flatMap(elementsOf),
  ];
}

/** Returns the options of a select, a radio group or checkboxes that don't come from the app. */
export function optionsOf(element: Element): readonly Option[] {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}
