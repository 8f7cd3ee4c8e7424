import {
  type Criteria,
  type Criterion,
  criterionRules,
  givenCriteria,
  type KindRules,
  local,
  standsAlone,
} from './criteria.js';
import type { Filters } from './filters.js';

/* What a search is. Its single criteria are in `criteria.ts`, and what Bandwidth refuses in `check-search.ts`. */

export const orderings = ['fullNumber', 'npaNxxx', 'npaNxx', 'areaCode'] as const;
export type OrderBy = (typeof orderings)[number];
export const protectedChoices = ['None', 'ONLY', 'MIXED'] as const;
export type ProtectedChoice = (typeof protectedChoices)[number];

/** A search that Bandwidth accepts. Only `checkSearch` makes one. */
export interface Search {
  readonly kind: SearchKind;
  readonly criteria: Criteria;
  readonly quantity: number;
  /** Sent explicitly whenever it applies: without it, Bandwidth returns numbers outside the requested prefix. */
  readonly lca?: boolean;
  readonly orderBy?: OrderBy;
  readonly protected?: ProtectedChoice;
  /** Applied to what Bandwidth returns. Never empty. */
  readonly filters?: Filters;
}

/** A search before validation. */
export type SearchDraft = Omit<Search, 'kind' | 'quantity'> & { readonly quantity?: number };

export type SearchKind = Criterion | 'combined';
/** Bandwidth's maximum, and its default when Quantity is omitted, which is why we always send one. */
export const MAX_QUANTITY = 5000;
/** One search fetches this many, to be paged through. */
export const DEFAULT_SEARCH_QUANTITY = 100;
/** An order buys what it asks for, so the default is one. */
export const DEFAULT_ORDER_QUANTITY = 1;

export function rulesOf(kind: SearchKind): KindRules {
  return kind === 'combined' ? { ...local, orderBy: true, lca: true } : criterionRules[kind].takes;
}

/** Determines the kind of search for these criteria; undefined for none. */
export function searchKind(criteria: Criteria): SearchKind | undefined {
  const given = givenCriteria(criteria);
  // A toll-free prefix is more specific than a word beside it.
  const alone = given.findLast(standsAlone);
  if (alone !== undefined) return alone;
  const [only, second, third] = given;
  if (only === undefined || second === undefined) return only;
  // A city or rate center needs its state to be a place, so together they are one criterion.
  if (third === undefined && second === 'state' && criterionRules[only].needsState) return only;
  return 'combined';
}

/** LCA applies only with a prefix or a rate center; sending it elsewhere is an error (5002). */
export function takesLca(criteria: Criteria): boolean {
  return givenCriteria(criteria).some((name) => criterionRules[name].takes.lca);
}
