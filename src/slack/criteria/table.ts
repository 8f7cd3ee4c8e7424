import type { Criterion } from '../../orders/domain/search/criteria.js';
import { areaCode } from './area-code.js';
import { city } from './city.js';
import type { CriterionWords } from './criterion.js';
import { lata } from './lata.js';
import { localVanity } from './local-vanity.js';
import { npaNxx } from './npa-nxx.js';
import { npaNxxx } from './npa-nxxx.js';
import { rateCenter } from './rate-center.js';
import { state } from './state.js';
import { tollFreeWildCardPattern } from './toll-free-prefix.js';
import { tollFreeVanity } from './toll-free-vanity.js';
import { zip } from './zip.js';

/** Every criterion, in the order in which the form offers them. To add one, see “How to add” in ARCHITECTURE.md. */
export const criterionWords: Readonly<Record<Criterion, CriterionWords>> = {
  areaCode,
  npaNxx,
  npaNxxx,
  city,
  state,
  rateCenter,
  zip,
  lata,
  localVanity,
  tollFreeWildCardPattern,
  tollFreeVanity,
};

/** In the same order. */
export const criteriaInForm = Object.keys(criterionWords) as readonly Criterion[];

/** How each is typed. */
export const criteriaTyped = Object.values(criterionWords).map(({ typed }) => typed);

/** A regular expression for the words that introduce a criterion. */
export const CRITERION_KEYWORDS = criteriaTyped
  .flatMap(({ keyword }) => (keyword === undefined ? [] : [keyword]))
  .join('|');
