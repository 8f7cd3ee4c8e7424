/** A sequence of events that no order can have: some were changed or left out. */
export class ImpossibleHistory extends Error {
  override readonly name = 'ImpossibleHistory';
}
