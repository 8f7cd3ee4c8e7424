/** The most characters that a text field of a form in Slack can hold. */
export const FIELD_LENGTH = 3000;
