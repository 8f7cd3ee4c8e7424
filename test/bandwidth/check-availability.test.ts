import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, errorOf, HOST, phone, XML } from './support.js';

const offers = (query: string, ...numbers: readonly string[]) =>
  nock(HOST)
    .get(`${ACCOUNT}/availableNumbers?${query}`)
    .reply(
      200,
      `<SearchResult><ResultCount>${numbers.length}</ResultCount><TelephoneNumberList>${numbers.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('')}</TelephoneNumberList></SearchResult>`,
      XML,
    );
const block = (digits: string) => `npaNxxx=${digits}&quantity=1000&LCA=false&protected=MIXED`;
const missing = (...numbers: readonly string[]) => aClient().bandwidth.notOffered(numbers.map(phone));

describe('Numbers that are no longer available', () => {
  test('are those that the block of a thousand around them does not offer; each block is searched once', async () => {
    offers(block('9102414'), '9102414365', '9102414300');
    offers(block('9197654'));
    expect(await missing('9102414365', '9102414366', '9197654321')).toEqual(
      ['9102414366', '9197654321'].map(phone),
    );
  });

  test('are looked for among all toll-free numbers of their prefix', async () => {
    offers('tollFreeWildCardPattern=833&quantity=5000', '8337499246');
    expect(await missing('8337499246', '8332223333')).toEqual([phone('8332223333')]);
  });

  test('are not guessed if a prefix has more toll-free numbers than one answer can list', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `833222${String(at).padStart(4, '0')}`);
    offers('tollFreeWildCardPattern=833&quantity=5000', ...many);
    expect(await missing('8337499246')).toEqual([]);
  });

  test('are not reported if Bandwidth cannot be asked', async () => {
    nock(HOST)
      .get(/availableNumbers/)
      .reply(500);
    expect((await errorOf(missing('9102414365'))).trouble).toBe('broken');
  });
});
