import type { Filter } from '../../orders/domain/search/filters.js';
import { ending, starting, without } from './digits.js';
import { easy } from './easy.js';
import type { FilterWords } from './filter.js';
import { inARow } from './in-a-row.js';
import { like } from './like.js';

/** Every filter, in the order in which the form offers them. To add one, see `orders/domain/search/filters.ts`. */
export const filterWords: Readonly<Record<Filter, FilterWords>> = {
  easy,
  inARow,
  starting,
  ending,
  without,
  like,
};

/** In the same order. */
export const filtersInForm = Object.keys(filterWords) as readonly Filter[];
