import { distance } from 'fastest-levenshtein';
import { type Environment, settings, type Variable, variables } from './settings.js';

const MISSPELT_BY_AT_MOST = 2;
/** Shorter names resemble too many others. */
const MISSPELLED_FROM_LENGTH = 8;

/** Finds unset variables whose likely misspelling is set, and returns that misspelling for each. */
export function findMisspelled(given: Environment): ReadonlyMap<Variable, string> {
  const strangers = Object.keys(given).filter((name) => !Object.hasOwn(settings.shape, name));
  const pairs = variables
    .filter((name) => given[name] === undefined && name.length >= MISSPELLED_FROM_LENGTH)
    .flatMap((name) => {
      const near = strangers.find((stranger) => distance(settingIn(stranger), name) <= MISSPELT_BY_AT_MOST);
      return near === undefined ? [] : [[name, near] as const];
    });
  return new Map(pairs);
}

/** `NAME_FILE` counts as NAME: it may be misspelled, too, or one that can't be read from a file. */
const settingIn = (stranger: string): string => stranger.toUpperCase().replace(/_FILE$/, '');
