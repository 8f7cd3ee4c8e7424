import { isTollFreePrefix } from '../../orders/domain/search/criteria.js';
import { areaCodesNear } from '../text/near-misses.js';
import type { CriterionWords } from './criterion.js';
import { digitGroups, prefixDigits, prefixRule } from './prefix.js';

const keyword = String.raw`(?:area\s*code|npa|prefix)`;

export const areaCode: CriterionWords = {
  noun: 'an area code',
  typed: {
    keyword,
    example: '910',
    rules: [
      prefixRule('areaCode', keyword),
      {
        pattern: digitGroups(String.raw`\d{3}`),
        read: ([, npa = ''], { give }) =>
          isTollFreePrefix(npa) ? give('tollFreeWildCardPattern', npa) : give('areaCode', npa),
      },
    ],
  },
  print: (value) => value,
  describe: (value) => `area code ${value}`,
  malformed: (shown) => `${shown} isn't an area code: ${faultOf(shown)}. Example: 910.`,
  remedies: (value, { instead }) => areaCodesNear(value).map((near) => instead({ areaCode: near })),
  form: { kind: 'Area code', label: 'Area code', example: '910', most: 20, read: prefixDigits },
  column: { head: 'area code', alsoCalled: ['areacodes', 'npa'], digits: true },
};

function faultOf(value: string): string {
  if (!/^\d{3}$/.test(value)) return 'an area code has three digits';
  if (/^[01]/.test(value)) return 'none begins with 0 or 1';
  if (/^\d11$/.test(value)) return 'it is a service number';
  if (/^(?:37|96)/.test(value)) return 'codes that begin with 37 or 96 are reserved';
  return /^\d9/.test(value) ? 'none has 9 as its second digit' : 'it is not in use';
}
