import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../../sandbox/local-slack/local-slack.js';
import { actions, forms } from '../../../src/slack/blocks/action-ids.js';
import { searchFormCallbacks } from '../../../src/slack/blocks/forms/search-form.js';
import { SEARCH_FORM_KIND } from '../../../src/slack/blocks/forms/search-form-fields.js';
import { formWith, lastPayload, pressWith, sendAsSlack } from '../../support/as-slack.js';
import { failures, found, posted, queries, told } from '../../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../../support/world.js';

/** What buttons and forms may contain that were drawn by other code, or by an older version of the app. */
const garbage: readonly (readonly [string, string | undefined])[] = [
  ['nothing', undefined],
  ['an empty text', ''],
  ['a lone colon', ':'],
  ['an unknown id', '00000000-0000-4000-8000-000000000000:0:0'],
  ['a page that is none', 'x:-1:1e9'],
  ['a page beyond reason', `x:${'9'.repeat(40)}:0`],
  ['JSON of an older version', '{"v":0,"order":{"id":7}}'],
  ['a prototype', '__proto__'],
  ['2000 characters', 'x'.repeat(2000)],
  ['characters SQL would mind', "'; DROP TABLE entry; --"],
  ['a zero character', 'a\u0000b'],
];

/** Each button gets every third of it, not the same as its neighbors; `TEST_EVERY_STEP=1` plays them all. */
const ONE_IN = process.env.TEST_EVERY_STEP === undefined ? 3 : 1;

let world: World;
let results: Message;
let press: Readonly<Record<string, unknown>>;
let submission: Readonly<Record<string, unknown>>;
let orderSubmission: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  world = await startWorld({ mode: 'HTTP mode' });
  const { ana } = world;
  results = await found(world, '910 x25');
  await ana.presses(results, 'More');
  press = lastPayload(world, 'block_actions');
  await ana.types(CHANNEL, '/numbers search');
  await posted(world, async () => {
    const form = await ana.form();
    await form.fill('Area code', '919');
    await form.submit();
  });
  submission = lastPayload(world, 'view_submission');
  await ana.types(CHANNEL, '/numbers order');
  const form = await ana.form();
  await form.fill('Area code', '919');
  await form.submit();
  orderSubmission = lastPayload(world, 'view_submission');
  await form.close();
});
afterAll(() => world.close());

describe('A press that carries', () => {
  const everyButton = Object.entries(actions).filter(
    ([name]) =>
      ![
        'tickNumbers',
        'chooseSite',
        'chooseLocation',
        'chooseTarget',
        'chooseMessaging',
        'addField',
      ].includes(name),
  );
  test.each(
    garbage.flatMap(([what, value], row) =>
      everyButton
        .filter((_, column) => (row + column) % ONE_IN === 0)
        .map(([name, id]) => [what, name, id, value] as const),
    ),
  )(
    '%s for %s is acknowledged and answered with a sentence or a form, and breaks nothing',
    async (_, name, action_id, value) => {
      const { ana, slack } = world;
      const press = await freshPress();
      // The buttons that open a form carry nothing to go wrong: there the form is the answer.
      const heard = () =>
        ana.ephemerals(CHANNEL).length +
        slack.messages(CHANNEL).length +
        results.versions.length +
        formsOpened();
      const before = heard();
      const answer = await sendAsSlack(world, pressWith(press, { action_id, value }));
      expect(answer).toMatchObject({ status: 200 });
      // Slack waits no longer, and then tells the person that it failed.
      expect(answer.took).toBeLessThan(3_000);
      await slack.until(() => heard() > before, { describe: `an answer to ${name} with ${String(value)}` });
      expect(failures(world)).toEqual([]);
    },
  );

  test('a message that does not exist is answered in a new one', async () => {
    const press = await freshPress();
    const again = await posted(world, () =>
      sendAsSlack(world, pressWith({ ...press, message: { ts: '1.000001' } }, {})),
    );
    expect(asPlainText(again)).toContain('searched by @ana');
  });

  test('the name of an unknown button is answered privately', async () => {
    const { ana } = world;
    const press = await freshPress();
    const said = await told(world, ana, () =>
      sendAsSlack(world, pressWith(press, { action_id: 'search.long-gone' })).then((answer) =>
        expect(answer).toMatchObject({ status: 200 }),
      ),
    );
    expect(said).toContain('out of date');
  });
});

describe('A form that contains', () => {
  const broken: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no JSON', 'C0NUMBERS'],
    ['half of it', '{"channelId":"C0NUM'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['another shape', '{"channel":"C0NUMBERS"}'],
    ['a channel that is no text', '{"channelId":{"a":1}}'],
    ['a ts that is no text', '{"channelId":"C0NUMBERS","ts":12}'],
    ['a prototype', '{"__proto__":{"channelId":"C0NUMBERS"}}'],
  ];
  test.each(broken)(
    '%s for where it was opened says so and searches nothing',
    async (_, private_metadata) => {
      const asked = queries(world).length;
      for (const sent of [submission, orderSubmission]) {
        const answer = await sendAsSlack(world, formWith(sent, { private_metadata }));
        expect(answer).toMatchObject({ status: 200, body: { response_action: 'errors' } });
        expect(JSON.stringify(answer.body)).toContain('out of date');
      }
      expect(queries(world)).toHaveLength(asked);
      expect(failures(world)).toEqual([]);
    },
  );

  test.each(broken)('%s as an order is acknowledged with a sentence', async (_, private_metadata) => {
    for (const callback_id of [forms.order, forms.decline, forms.disconnect]) {
      const answer = await sendAsSlack(world, formWith(submission, { callback_id, private_metadata }));
      expect(answer.status).toBe(200);
      expect(answer.body === undefined || 'response_action' in (answer.body as object)).toBe(true);
    }
  });

  test('no fields at all is answered with what is missing', async () => {
    const empty = formWith(submission, { state: { values: {} } });
    expect(await sendAsSlack(world, empty)).toMatchObject({
      status: 200,
      body: { response_action: 'errors', errors: { areaCode: expect.any(String) } },
    });
  });

  test('an impossible kind, order or quantity is refused', async () => {
    const values = {
      kind: { [SEARCH_FORM_KIND]: { type: 'static_select', selected_option: { value: '__proto__' } } },
      areaCode: { areaCode: { type: 'plain_text_input', value: '910' } },
      quantity: { quantity: { type: 'plain_text_input', value: '1e3' } },
      orderBy: { orderBy: { type: 'static_select', selected_option: { value: 'price' } } },
    };
    expect(await sendAsSlack(world, formWith(submission, { state: { values } }))).toMatchObject({
      body: { errors: { quantity: 'The quantity must be a whole number from 1 to 5,000, not 1e3.' } },
    });
  });

  test('an unknown name is answered', async () => {
    const { ana } = world;
    const said = await told(world, ana, () =>
      sendAsSlack(world, formWith(submission, { callback_id: 'long-gone' })).then((answer) =>
        expect(answer).toMatchObject({ status: 200 }),
      ),
    );
    expect(said).toContain('out of date');
  });

  test('another kind, chosen in a form that has closed, is ignored', async () => {
    const { view } = submission as { view: Readonly<Record<string, unknown>> };
    const chosen = pressWith(
      { ...press, view, container: { type: 'view' }, message: undefined, channel: undefined },
      { action_id: SEARCH_FORM_KIND, type: 'static_select', block_id: 'kind' },
    );
    expect(await sendAsSlack(world, chosen)).toMatchObject({ status: 200 });
    expect(failures(world)).toEqual([]);
  });

  test(`is one of ours: ${Object.values(searchFormCallbacks).join(', ')}`, () => {
    expect(submission.view).toMatchObject({ callback_id: searchFormCallbacks.search });
    expect(orderSubmission.view).toMatchObject({ callback_id: searchFormCallbacks.order });
  });
});

test('type-ahead in a field that no longer exists gives an empty list', async () => {
  const suggestion = {
    ...press,
    type: 'block_suggestion',
    action_id: 'order-form.long-gone',
    block_id: 'x',
    value: 'Ral',
  };
  expect(await sendAsSlack(world, suggestion)).toMatchObject({ status: 200, body: { options: [] } });
});

test.each([
  ['no payload', 'payload='],
  ['no JSON', 'payload=%7B%22type%22'],
  ['another kind of thing', new URLSearchParams({ payload: '{"type":"made_up"}' }).toString()],
  ['nothing at all', ''],
  ['a list', new URLSearchParams({ payload: '[]' }).toString()],
])('a signed request with %s does not stop the app', async (_, body) => {
  await sendAsSlack(world, body).catch(() => undefined);
  expect(asPlainText(await found(world, '910 x1'))).toContain('searched by @ana');
});

/** A press that has just been made, so its trigger_id and response_url are still good. */
async function freshPress(): Promise<Readonly<Record<string, unknown>>> {
  // A message whose press was answered with "too old", or with no record of its order, has no buttons any more.
  if (!/\[(?:More|Previous)\]/.test(asPlainText(results))) results = await found(world, '910 x25');
  const turned = results.versions.length;
  await world.ana.presses(results, asPlainText(results).includes('[More]') ? 'More' : 'Previous');
  await world.slack.until(() => results.versions.length > turned);
  return lastPayload(world, 'block_actions');
}

function formsOpened(): number {
  return world.slack.calls.filter((call) => call.method === 'views.open').length;
}
