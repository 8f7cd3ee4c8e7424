/** A file that was shared in a message or put into a form. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly content: Buffer;
  /** Where it is, if it isn't in Slack but, for example, in Google Drive. */
  readonly externalUrl?: string;
  /** Put into a form of the app, which may then read it wherever it is. */
  readonly forApp: boolean;
}

/** A file as a person picks it on their computer. */
export interface PickedFile {
  readonly name: string;
  readonly content: Buffer | string;
  readonly externalUrl?: string;
}

export function makeStoredFiles(given: {
  readonly teamId: string;
  /** Returns the origin of the addresses of files. */
  readonly origin: () => string;
  readonly remembered: readonly StoredFile[];
}) {
  const files = new Map<string, StoredFile>(given.remembered.map((file) => [file.id, file]));
  let count = files.size;
  return {
    /** Returns an id that no other file has. */
    nextFileId(): string {
      count += 1;
      return `F${String(count).padStart(4, '0')}`;
    },
    storeFile(file: StoredFile): StoredFile {
      files.set(file.id, file);
      return file;
    },
    file: (id: string): StoredFile | undefined => files.get(id),
    allFiles: (): readonly StoredFile[] => [...files.values()],
    fileUrl: ({ id, name }: StoredFile): string =>
      `${given.origin()}/files-pri/${given.teamId}-${id}/download/${encodeURIComponent(name)}`,
  };
}
