import { expect, test } from '@jest/globals';
import { checkMessageBlocks } from '../../../sandbox/local-slack/check-blocks.js';
import { structureErrors } from '../../../sandbox/local-slack/structure.js';

test('what the types allow is accepted', () => {
  expect(structureErrors({ type: 'divider' }, '')).toEqual([]);
  expect(
    structureErrors(
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'hello' }] }],
      },
      '',
    ),
  ).toEqual([]);
});

test.each([
  ['an unknown block', { type: 'nonsense' }, '', 'unsupported type: nonsense'],
  [
    'mrkdwn on a button',
    { type: 'actions', elements: [{ type: 'button', text: { type: 'mrkdwn', text: 'x' } }] },
    '/elements/0/text/type',
    'must be equal to constant',
  ],
  [
    'a stray property deep in rich text',
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x', size: 3 }] }],
    },
    '/elements/0/elements/0',
    'invalid additional property: size',
  ],
  [
    'an element where it cannot stand',
    { type: 'section', text: { type: 'mrkdwn', text: 'x' }, accessory: { type: 'plain_text_input' } },
    '/accessory',
    'unsupported type: plain_text_input',
  ],
])('%s is refused, with the place and the reason', (_, block, path, sentence) => {
  expect(structureErrors(block, '/blocks/0')).toEqual([
    `[ERROR] ${sentence} [json-pointer:/blocks/0${path}]`,
  ]);
});

test('the local Slack refuses what only the types show to be wrong', () => {
  const stray = { type: 'rich_text_section', elements: [{ type: 'text', text: 'x', size: 3 }] };
  expect(checkMessageBlocks([{ type: 'rich_text', elements: [stray] }])).toEqual({
    ok: false,
    validationErrors: [
      '[ERROR] invalid additional property: size [json-pointer:/blocks/0/elements/0/elements/0]',
    ],
  });
});
