import { describe, expect, test } from '@jest/globals';
import { makeListPlaces } from '../../../src/orders/use-cases/list-places.js';
import { makeManualClock } from '../../support/orders/manual-clock.js';

const MINUTE = 60_000;

/** Lists whose locations are answered by hand: each question waits for the next `answer`. */
function lists() {
  const clock = makeManualClock();
  const questions: { readonly siteId: string; answer(name: string): void; fail(): void }[] = [];
  const places = makeListPlaces({
    clock,
    carrier: {
      sites: async () => [],
      locations: (siteId) =>
        new Promise((resolve, reject) => {
          questions.push({
            siteId,
            answer: (name) => resolve([{ id: '1', name }]),
            fail: () => reject(new Error("Bandwidth didn't answer")),
          });
        }),
    },
  });
  return { clock, questions, places };
}

const namesOf = (locations: readonly { readonly name: string }[]) => locations.map(({ name }) => name);

describe('The locations of a sub-account', () => {
  test('are requested once while people type, and again after a minute', async () => {
    const { clock, questions, places } = lists();
    const typed = [places.locations('743'), places.locations('743')];
    questions[0]?.answer('Raleigh');
    expect((await Promise.all(typed)).map(namesOf)).toEqual([['Raleigh'], ['Raleigh']]);
    await clock.advance(MINUTE - 1);
    expect(namesOf(await places.locations('743'))).toEqual(['Raleigh']);
    await clock.advance(2);
    const later = places.locations('743');
    questions[1]?.answer('Durham');
    expect(namesOf(await later)).toEqual(['Durham']);
    expect(questions).toHaveLength(2);
  });

  test('are not mixed up with those of another sub-account', async () => {
    const { questions, places } = lists();
    const [one, other] = [places.locations('743'), places.locations('744')];
    questions.find(({ siteId }) => siteId === '744')?.answer('Durham');
    questions.find(({ siteId }) => siteId === '743')?.answer('Raleigh');
    expect([namesOf(await one), namesOf(await other)]).toEqual([['Raleigh'], ['Durham']]);
  });

  test('are requested again at once after a failure', async () => {
    const { questions, places } = lists();
    const failed = places.locations('743');
    questions[0]?.fail();
    await expect(failed).rejects.toThrow("Bandwidth didn't answer");
    const next = places.locations('743');
    questions[1]?.answer('Raleigh');
    expect(namesOf(await next)).toEqual(['Raleigh']);
  });

  test('are kept if an older request fails after a newer one was answered', async () => {
    const { clock, questions, places } = lists();
    const slow = places.locations('743');
    await clock.advance(MINUTE + 1);
    const quick = places.locations('743');
    questions[1]?.answer('Raleigh');
    await quick;
    questions[0]?.fail();
    await expect(slow).rejects.toThrow();
    expect(namesOf(await places.locations('743'))).toEqual(['Raleigh']);
    expect(questions).toHaveLength(2);
  });

  test('are kept for 500 sub-accounts, whatever ids a client makes up', async () => {
    const { questions, places } = lists();
    for (let siteId = 0; siteId <= 500; siteId += 1) {
      const asked = places.locations(String(siteId));
      questions.at(-1)?.answer(String(siteId));
      await asked;
    }
    void places.locations('500');
    expect(questions).toHaveLength(501);
    void places.locations('0');
    expect(questions).toHaveLength(502);
  });
});
