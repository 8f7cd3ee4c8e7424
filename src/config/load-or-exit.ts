import { ConfigError, readConfig } from './config.js';

/** The exit code for failures that may not happen at the next start. */
export const EXIT_FAILED = 1;
/** The exit code for wrong settings (EX_CONFIG in sysexits.h): restarting without changing them is pointless. */
export const EXIT_CONFIG = 78;

/** Prints a sentence for the operator and exits. Call it only before anything runs. */
export function endWith(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

/** Reads the settings, or prints every problem with them and exits. */
export function loadOrExit(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return endWith(error.message, EXIT_CONFIG);
    throw error;
  }
}
