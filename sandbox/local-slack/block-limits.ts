/**
 * Slack's limits, from https://docs.slack.dev/reference/block-kit and the doc comments of @slack/types 3.2.0. Lengths
 * count Unicode characters.
 */
export const limits = {
  blocksInMessage: 50,
  blocksInView: 100,
  /** The text of all blocks of a message together. Undocumented; measured by others (bolt-js#2509). */
  textInAllBlocks: 13_200,
  viewBytes: 250_000,
  id: 255,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  contextActionsElements: 5,
  markdown: 12_000,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionDescription: 75,
  /** The types say 75, other lists 150; the smaller one is safe either way. */
  optionValue: 75,
  selectOptions: 100,
  optionGroups: 100,
  choices: 10,
  overflowOptions: 5,
  placeholder: 150,
  inputLabel: 2000,
  inputHint: 2000,
  textInput: 3000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  imageAlt: 2000,
  imageTitle: 2000,
  cardTitle: 150,
  cardBody: 200,
  carouselCards: 10,
  containerTitle: 150,
  containerBlocks: 10,
  files: 10,
} as const;

export const length = (text: string): number => [...text].length;

/** Returns the length of all texts in the blocks, which Slack limits for a message. */
export function textLength(blocks: unknown): number {
  if (Array.isArray(blocks)) return blocks.reduce((sum: number, each) => sum + textLength(each), 0);
  if (typeof blocks !== 'object' || blocks === null) return 0;
  return Object.entries(blocks).reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? length(value) : textLength(value)),
    0,
  );
}
