import { shown } from './setting-values.js';

/** Says why a file couldn't be read, as a sentence without its subject's name. Takes an error of `node:fs`. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as { code?: unknown };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file.';
    case 'EISDIR':
      return 'it is a folder.';
    case 'EACCES':
    case 'EPERM':
      return "this user doesn't have permission to read it.";
    default:
      return `the system says ${shown(code ?? 'nothing more')}.`;
  }
}
