import type { WhichMonth } from '../../orders/use-cases/read-audit.js';
import { asTyped } from '../text/typed-text.js';

/** The month of a requested audit; `wrong` is the typed text when it isn't a month. */
export type AuditWords = { readonly which: WhichMonth } | { readonly wrong: string };

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Parses what follows `/numbers audit`: `2026-11`, `11/2026`, `November 2026`, `last month`; nothing means this month.
 */
export function readAuditWords(text: string): AuditWords {
  const typed = asTyped(text).trim();
  const words = typed.toLowerCase();
  if (words === '' || words === 'this month') return { which: { monthsAgo: 0 } };
  if (words === 'last month') return { which: { monthsAgo: 1 } };
  const [, yearFirst, second] = /^(\d{4})[-/. ](\d{1,2})$/.exec(words) ?? [];
  const [, first, yearLast] = /^(\d{1,2})[-/. ](\d{4})$/.exec(words) ?? [];
  const [, name = '', yearOfName] = /^([a-z]{3,9})\.?[\s,]+(\d{4})$/.exec(words) ?? [];
  const year = Number(yearFirst ?? yearLast ?? yearOfName);
  const month = Number(second ?? first ?? monthNames.indexOf(name.slice(0, 3)) + 1);
  return year >= 2000 && month >= 1 && month <= 12 ? { which: { year, month } } : { wrong: typed };
}

/** Formats a month so that it can be typed again. */
export function printMonth(which: WhichMonth): string {
  if ('month' in which) return `${which.year}-${String(which.month).padStart(2, '0')}`;
  return which.monthsAgo === 0 ? '' : 'last month';
}
