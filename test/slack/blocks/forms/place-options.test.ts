import { describe, expect, test } from '@jest/globals';
import { locationOptions, siteOptions } from '../../../../src/slack/blocks/forms/place-options.js';
import { anyText } from '../../../support/arbitrary-orders.js';
import { optionProblems } from '../../../support/block-limits.js';
import { fc } from '../../../support/properties.js';

describe('choosing a sub-account', () => {
  const sites = Array.from({ length: 500 }, (_, index) => ({
    id: String(1000 + index),
    name: `${index % 2 === 0 ? 'Shop' : 'Office'} ${index}`,
  }));

  test('offers a hundred of five hundred, and any of them once its name or id is typed', () => {
    expect(siteOptions(sites, '').options).toHaveLength(100);
    expect(siteOptions(sites, ' office 499 ').options).toEqual([
      {
        value: '1499',
        text: { type: 'plain_text', text: 'Office 499', emoji: false },
        description: { type: 'plain_text', text: 'Sub-account 1499', emoji: false },
      },
    ]);
    expect(siteOptions(sites, '1499').options.map(({ value }) => value)).toEqual(['1499']);
    expect(siteOptions(sites, 'nowhere').options).toEqual([]);
    expect(siteOptions([], '').options).toEqual([]);
  });

  test('puts names that begin with what was typed first', () => {
    const found = siteOptions(
      [
        { id: '1', name: 'Big Shop' },
        { id: '2', name: 'Shop' },
      ],
      'shop',
    ).options;
    expect(found.map(({ value }) => value)).toEqual(['2', '1']);
  });

  test('fits any name into an option', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(locationOptions([{ id: '42', name }], '').options.flatMap(optionProblems)).toEqual([]);
      }),
    );
  });
});
