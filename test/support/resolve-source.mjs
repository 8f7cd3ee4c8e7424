import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Finds the TypeScript file that is imported by the name of its compiled file. Jest remembers what a resolver found for
 * all test files of a worker; what `moduleNameMapper` says, it looks up twice for every import of every test file.
 */
export default function resolve(path, options) {
  const source = path.startsWith('.') && path.endsWith('.js') ? `${path.slice(0, -3)}.ts` : path;
  const isSource = source !== path && existsSync(join(options.basedir, source));
  return options.defaultResolver(isSource ? source : path, options);
}
