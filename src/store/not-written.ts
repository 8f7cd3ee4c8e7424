/**
 * A statement that certainly changed nothing: it never left, or the database answered that it did not carry it out. Any
 * other failure of a write leaves open whether it happened.
 */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
