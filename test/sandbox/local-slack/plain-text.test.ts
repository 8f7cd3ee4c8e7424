import { describe, expect, test } from '@jest/globals';
import { checkMessageBlocks } from '../../../sandbox/local-slack/check-blocks.js';
import { asPlainText, mentionsIn } from '../../../sandbox/local-slack/plain-text.js';

const names = { U0ANA: 'ana', C0NUMBERS: 'numbers', S0TELCO: 'telco' };
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string) => ({ text: plain(text), value: text });

function read(...blocks: object[]): string {
  const checked = checkMessageBlocks(blocks);
  if (!checked.ok) throw new Error(checked.validationErrors.join());
  return asPlainText({ blocks: checked.value, names });
}

describe('a message reads like', () => {
  test('its text, if it has no blocks', () => {
    expect(asPlainText({ text: 'Hello <@U0ANA>', blocks: [], names })).toBe('Hello @ana');
  });

  test('mentions by name, links by label, escapes as typed', () => {
    expect(
      read({
        type: 'section',
        text: mrkdwn(
          '<@U0ANA> in <#C0NUMBERS>, <!subteam^S0TELCO>, <!here>: <https://a.example|docs> &lt;b&gt; &amp;amp;',
        ),
      }),
    ).toBe('@ana in #numbers, @telco, @here: docs <b> &amp;');
    expect(read({ type: 'section', text: plain('<@U0ANA> &lt;') })).toBe('<@U0ANA> &lt;');
  });

  test('a card with everything on it', () => {
    const card = read(
      { type: 'header', text: plain('Order') },
      {
        type: 'section',
        text: mrkdwn('Two numbers'),
        fields: [mrkdwn('*Site*\nRaleigh'), plain('Back-order: no')],
      },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('searched by <@U0ANA>'), plain('10 of 40')] },
      {
        type: 'actions',
        elements: [
          {
            type: 'checkboxes',
            options: [
              option('(910) 241-4365'),
              { ...option('(910) 241-4366'), description: plain('LATA 949') },
            ],
            initial_options: [option('(910) 241-4365')],
          },
          { type: 'button', text: plain('Order selected…') },
          { type: 'static_select', placeholder: plain('Sort'), options: [option('City')] },
        ],
      },
    );
    expect(card).toBe(
      [
        'Order',
        'Two numbers',
        '*Site*\nRaleigh',
        'Back-order: no',
        '────────',
        'searched by @ana · 10 of 40',
        '☑ (910) 241-4365',
        '☐ (910) 241-4366 — LATA 949',
        '[Order selected…] [Sort ▾]',
      ].join('\n'),
    );
  });

  test('tables and rich text', () => {
    const cell = (text: string) => ({ type: 'raw_text', text });
    const rich = {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'for ' },
            { type: 'user', user_id: 'U0ANA' },
          ],
        },
      ],
    };
    expect(
      read(
        {
          type: 'table',
          rows: [
            [cell('a'), cell('b')],
            [cell('c'), rich],
          ],
        },
        rich,
      ),
    ).toBe('a | b\nc | for @ana\nfor @ana');
  });
});

test('only unescaped mrkdwn notifies people', () => {
  const blocks = (text: object) => {
    const checked = checkMessageBlocks([{ type: 'section', text }]);
    return checked.ok ? checked.value : [];
  };
  const shout = '<!channel> <@U0ANA> <!subteam^S0TELCO> <!date^1^{date}|today> <https://a.example>';
  expect(mentionsIn({ text: shout })).toEqual(['channel', 'U0ANA', 'S0TELCO']);
  expect(mentionsIn({ blocks: blocks(mrkdwn(shout)) })).toEqual(['channel', 'U0ANA', 'S0TELCO']);
  expect(mentionsIn({ blocks: blocks(plain(shout)) })).toEqual([]);
  expect(mentionsIn({ text: '&lt;!channel&gt;' })).toEqual([]);
});
