import { store } from './setting-checks.js';
import { basicPair, type Environment, oauthPair, storeVariables, type Variable } from './settings.js';

/** A problem with settings that are each valid on their own. */

export interface Problem {
  readonly variable: Variable;
  readonly text: string;
  /** The variables whose absence is the problem, any of which may have been misspelled. */
  readonly missing: readonly Variable[];
}

export function connectionProblems(given: Environment): readonly Problem[] {
  const variable = 'SLACK_APP_TOKEN';
  if (given.SLACK_APP_TOKEN === undefined && given.SLACK_SIGNING_SECRET === undefined) {
    const text = 'is not set: set it (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode.';
    return [{ variable, text, missing: ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] }];
  }
  if (given.SLACK_APP_TOKEN !== undefined && given.SLACK_SIGNING_SECRET !== undefined) {
    const text =
      'and SLACK_SIGNING_SECRET are both set: keep the first for Socket Mode or the second for HTTP mode, and remove the other.';
    return [{ variable, text, missing: [] }];
  }
  return [];
}

export function credentialsProblems(given: Environment): readonly Problem[] {
  const isSet = (name: Variable) => given[name] !== undefined;
  const variable = 'BW_CLIENT_ID';
  if (![...oauthPair, ...basicPair].some(isSet)) {
    const text =
      'and BW_CLIENT_SECRET are not set: create them in the Bandwidth App (or set BW_USERNAME and BW_PASSWORD of an old API user).';
    return [{ variable, text, missing: [...oauthPair, ...basicPair] }];
  }
  if (oauthPair.some(isSet) && basicPair.some(isSet)) {
    const [one, other] = [oauthPair.filter(isSet).join(' and '), basicPair.filter(isSet).join(' and ')];
    const text = `is one way to sign in to Bandwidth and BW_USERNAME another, and you have set parts of both (${one}; ${other}): keep one complete pair, preferably BW_CLIENT_ID and BW_CLIENT_SECRET, and remove the other.`;
    return [{ variable, text, missing: [] }];
  }
  return [oauthPair, basicPair].flatMap((pair) => halfOf(pair, given));
}

/** Finds pairs of variables of which only one is set. */
export function halfOf(pair: readonly Variable[], given: Environment): readonly Problem[] {
  const present = pair.find((name) => given[name] !== undefined);
  const absent = pair.find((name) => given[name] === undefined);
  if (present === undefined || absent === undefined) return [];
  const text = `is not set, but ${present} is: they belong together.`;
  return [{ variable: absent, text, missing: [absent] }];
}

export function peerProblems(given: Environment): readonly Problem[] {
  if (given.BW_PEER_ID === undefined || given.BW_SITE_ID !== undefined) return [];
  const text = 'is not set, but BW_PEER_ID is: a location belongs to a sub-account.';
  return [{ variable: 'BW_SITE_ID', text, missing: ['BW_SITE_ID'] }];
}

const storeVariable = (given: Environment) => storeVariables.find((name) => given[name] !== undefined);

export function fallbackStoreProblems(given: Environment): readonly Problem[] {
  const variable = storeVariable(given);
  if (variable === undefined || variable === 'STORE_URL') return [];
  const text = store(given[variable] ?? '');
  return text === undefined ? [] : [{ variable, text, missing: [] }];
}

/** Heroku, and platforms that imitate it, set DYNO in every process. */
export const onHeroku = (given: Environment) => given.DYNO !== undefined;

export function herokuProblems(given: Environment): readonly Problem[] {
  if (!onHeroku(given) || storeVariable(given) !== undefined) return [];
  const text =
    'is not set, nor is DATABASE_URL or REDIS_URL: on Heroku a file is lost with every restart, and orders with it. Add a database (heroku addons:create heroku-postgresql) and start again.';
  return [{ variable: 'STORE_URL', text, missing: ['STORE_URL'] }];
}
