/**
 * A statement that certainly changed nothing: it was never sent, or the database answered that it failed. After any
 * other failure, a write may or may not have happened.
 */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
