/** A file in Slack, as far as a payload or `files.info` describes it. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly size?: number;
  /** Absent if Slack gave only the id, as for files from another company: then `files.info` has the rest. */
  readonly url?: string;
  /** It is in Google Drive or the like. */
  readonly isExternal: boolean;
  /** Who shared it. */
  readonly owner?: { readonly userId: string; readonly teamId?: string };
}

/** Reads https://docs.slack.dev/reference/objects/file-object; undefined for anything else. */
export function readSharedFile(given: unknown): SharedFile | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { id, name, size, mode, is_external, url_private_download, url_private, user, user_team } = given as {
    readonly [field: string]: unknown;
  };
  if (typeof id !== 'string' || id === '') return undefined;
  const url = [url_private_download, url_private].find((each) => typeof each === 'string' && each !== '');
  return {
    id,
    name: typeof name === 'string' ? name : '',
    isExternal: is_external === true || mode === 'external',
    ...(typeof size === 'number' ? { size } : {}),
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof user === 'string'
      ? { owner: { userId: user, ...(typeof user_team === 'string' ? { teamId: user_team } : {}) } }
      : {}),
  };
}

/** Returns the files of a message. */
export function filesIn(message: object): readonly SharedFile[] {
  const files: readonly unknown[] = 'files' in message && Array.isArray(message.files) ? message.files : [];
  return files.map(readSharedFile).filter((file) => file !== undefined);
}

/** Returns the one file meant: the only CSV file, or else the only file. */
export function meantFile(files: readonly SharedFile[]): SharedFile | undefined {
  const named = files.filter(({ name }) => /\.csv$/i.test(name));
  const [only, ...others] = named.length > 0 ? named : files;
  return others.length === 0 ? only : undefined;
}
