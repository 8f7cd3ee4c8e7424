export type ReadMarks = ReturnType<typeof makeReadMarks>;

/**
 * How far each person has read, by place: a channel's id, or a channel's id, a space and the ts of a message whose
 * thread it is.
 */
export function makeReadMarks(remembered: Readonly<Record<string, string>> = {}) {
  const marks = new Map(Object.entries(remembered));
  const key = (person: string, place: string) => `${person} ${place}`;
  return {
    /** Returns the ts of the newest message this person has read there; `0` for none. */
    of: (person: string, place: string): string => marks.get(key(person, place)) ?? '0',
    read(person: string, place: string, ts: string): void {
      if (Number(ts) > Number(marks.get(key(person, place)) ?? 0)) marks.set(key(person, place), ts);
    },
    remember: (): Record<string, string> => Object.fromEntries(marks),
  };
}
