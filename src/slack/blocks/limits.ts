/**
 * Slack's limits, in characters or items.
 *
 * Blocks and their elements: https://docs.slack.dev/reference/block-kit
 * Views: https://docs.slack.dev/reference/views
 * Texts of messages: https://docs.slack.dev/reference/methods/chat.update (more than 4,000 is `msg_too_long`)
 */
export const limits = {
  /** Below chat.update's 4,000: a card that can be posted but never updated again would tell lies for ever. */
  messageText: 3900,
  headerText: 150,
  viewMetadata: 3000,
  viewBytes: 250_000,
  inputValue: 3000,
  /** The longest error Slack shows under a form field without cutting it itself. */
  fieldError: 150,
  optionText: 75,
  optionsPerSelect: 100,
  accessibilityLabel: 75,
} as const;

/** An order's name at Bandwidth: `Name` of POST /accounts/{accountId}/orders. */
export const ORDER_NAME_MAX = 50;
