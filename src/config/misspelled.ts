import { distance } from 'fastest-levenshtein';
import { type Environment, settings, type Variable, variables } from './settings.js';

const MISSPELT_BY_AT_MOST = 2;
/** A shorter name is near to too many others. */
const MISSPELT_FROM_LENGTH = 8;

/** Variables that are not set, each with a name that is set, is not ours, and is nearly the same. */
export function findMisspelled(given: Environment): ReadonlyMap<Variable, string> {
  const strangers = Object.keys(given).filter((name) => !Object.hasOwn(settings.shape, name));
  const pairs = variables
    .filter((name) => given[name] === undefined && name.length >= MISSPELT_FROM_LENGTH)
    .flatMap((name) => {
      const near = strangers.find(
        (stranger) => distance(stranger.toUpperCase(), name) <= MISSPELT_BY_AT_MOST,
      );
      return near === undefined ? [] : [[name, near] as const];
    });
  return new Map(pairs);
}
