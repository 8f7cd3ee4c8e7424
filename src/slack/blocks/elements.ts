import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  SectionBlock,
} from '@slack/types';
import { cut, plainText } from '../text/escape.js';
import { limits } from './limits.js';

/** Verbatim, so that Slack doesn't turn a typed `@name`, `#channel` or address into a link. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** The only plain text with emoji: one for each state of an order, all of them ours. */
export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { ...plainText(text, limits.headerText), emoji: true },
});

export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

/** Short texts in two columns; ten at most. */
export const columns = (texts: readonly string[]): SectionBlock => ({
  type: 'section',
  fields: texts.map(mrkdwn),
});

export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

export const row = (buttons: readonly Button[]): ActionsBlock => ({
  type: 'actions',
  elements: [...buttons],
});

export function button(given: {
  label: string;
  action: string;
  value: string;
  /** What the label means without the surrounding message, for screen readers. */
  spoken?: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
}): Button {
  return {
    type: 'button',
    text: plainText(given.label),
    action_id: given.action,
    value: given.value,
    ...(given.spoken === undefined
      ? {}
      : { accessibility_label: cut(given.spoken, limits.accessibilityLabel) }),
    ...(given.style === undefined ? {} : { style: given.style }),
    ...(given.confirm === undefined ? {} : { confirm: given.confirm }),
  };
}
