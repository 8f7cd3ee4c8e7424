import { ConfigError, readConfig } from './config.js';

/** Something in the way that may be gone next time. */
export const EXIT_FAILED = 1;
/** sysexits.h EX_CONFIG: the settings are wrong, and starting again without changing them is pointless. */
export const EXIT_CONFIG = 78;

/** Ends the process, in which nothing runs yet, with a sentence for whoever started it. */
export function endWith(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

/** The settings in the environment. If anything is wrong with them, says all of it and ends the process. */
export function loadOrExit(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return endWith(error.message, EXIT_CONFIG);
    throw error;
  }
}
