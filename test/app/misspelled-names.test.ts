import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { failures, posted, queries, searched } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const lists = () => world.bandwidth.requests.filter(({ path }) => /\/(?:cities|rateCenters)$/.test(path));
const answerTo = async (words: string) => (await searched(world, words)).replaceAll('\u200B', '');

describe('Ana searches by a name, and', () => {
  test.each([
    ['Raliegh, NC', 'Bandwidth lists no city “Raliegh” in NC.', 'Raleigh, NC'],
    ['Fayettevile, NC', 'Bandwidth lists no city “Fayettevile” in NC.', 'Fayetteville, NC'],
    ['Fayettevl, NC', 'Bandwidth lists no city “Fayettevl” in NC.', 'rc FAYETTEVL NC'],
    ['rc FAYETTEVILLE NC', 'Bandwidth lists no rate center “FAYETTEVILLE” in NC.', 'rc FAYETTEVL NC'],
    ['rc FAYETEVL NC', 'Bandwidth lists no rate center “FAYETEVL” in NC.', 'rc FAYETTEVL NC'],
    ['"QUEENS 8", NY', 'Bandwidth lists no city “QUEENS 8” in NY.', 'rc QUEENS 8 NY'],
    ['OFallon, MO x3', 'Bandwidth lists no city “OFallon” in MO.', "O'FALLON, MO x3"],
    ['around Raleigh, NC', 'Bandwidth lists no city “around Raleigh” in NC.', 'Raleigh, NC'],
    ['Raleigh or Durham, NC', 'Bandwidth lists no city “Raleigh or Durham” in NC.', 'DURHAM, NC'],
  ])('%s is corrected from what Bandwidth lists', async (typed, sentence, words) => {
    const said = await answerTo(typed);
    expect(said).toContain(sentence);
    const offered = [...said.matchAll(/`\/numbers search ([^`]+)`/g)].map(([, command = '']) => command);
    expect(offered.map((each) => each.toUpperCase())).toContain(words.toUpperCase());
    const again = offered.find((each) => each.toUpperCase() === words.toUpperCase()) ?? '';
    const results = await posted(world, () => world.ana.types(CHANNEL, `/numbers search ${again}`));
    expect(asPlainText(results)).not.toContain('none available');
    expect(failures(world)).toEqual([]);
  });

  test('a name that finds numbers is not looked up, nor is a search by anything else', async () => {
    await answerTo('Raleigh, NC');
    await answerTo('vanity ZZZZZZZ');
    await answerTo('lata 1');
    expect(lists()).toEqual([]);
  });

  test('a city that Bandwidth lists without any numbers is not called unknown', async () => {
    const said = await answerTo('"City View", SC zip 99999');
    expect(said).toContain('none right now');
    expect(said).not.toContain('lists no');
  });

  test.each([503, 'html', 'reset-before-read', 404] as const)(
    'where the lists cannot be read (%s), the answer says nothing about them',
    async (how) => {
      world.bandwidth.fail({ path: /\/(?:cities|rateCenters)$/, how, times: 20 });
      const said = await answerTo('Raliegh, NC');
      expect(said).toContain('none right now');
      expect(said).toContain('/numbers search NC');
      expect(said).not.toContain('lists no');
      expect(failures(world)).toEqual([]);
    },
  );

  test('where one of the two lists cannot be read, the other still corrects', async () => {
    world.bandwidth.fail({ path: /\/rateCenters$/, how: 503, times: 20 });
    expect(await answerTo('Raliegh, NC')).toContain('/numbers search Raleigh, NC');
  });

  test('nothing is said about a state whose list is empty', async () => {
    const said = await answerTo('Honolulu, HI');
    expect(said).not.toContain('lists no');
    expect(queries(world)).toHaveLength(1);
  });

  test('the second misspelling in a state asks Bandwidth for no list again', async () => {
    await answerTo('Raliegh, NC');
    await answerTo('Durhamm, NC');
    expect(lists()).toHaveLength(2);
  });
});
