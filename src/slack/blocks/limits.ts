import { FIELD_LENGTH } from '../text/field-length.js';

/**
 * Slack's limits, in characters or items.
 *
 * Blocks and their elements: https://docs.slack.dev/reference/block-kit
 * Views: https://docs.slack.dev/reference/views
 * Texts of messages: https://docs.slack.dev/reference/methods/chat.update (more than 4,000 is `msg_too_long`)
 */
export const limits = {
  /** Below chat.update's 4,000, because a card that could be posted but never updated would stay wrong. */
  messageText: 3900,
  headerText: 150,
  viewMetadata: 3000,
  sectionText: 3000,
  viewBytes: 250_000,
  inputValue: FIELD_LENGTH,
  /** Slack cuts longer errors under a form field. */
  fieldError: 150,
  optionText: 75,
  optionsPerSelect: 100,
  accessibilityLabel: 75,
} as const;
