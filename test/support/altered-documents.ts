export interface Altered {
  readonly how: string;
  readonly body: string;
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly openEnds: number;
  readonly closeStarts: number;
}

/** Every document that differs from this one in one element below the root, which is missing or has another name. */
export function alterations(xml: string): readonly Altered[] {
  return elementsIn(xml).flatMap(({ name, start, end, openEnds, closeStarts }) => [
    { how: `without ${name} at ${start}`, body: xml.slice(0, start) + xml.slice(end) },
    {
      how: `${name} renamed at ${start}`,
      body: `${xml.slice(0, start)}<Other>${xml.slice(openEnds, closeStarts)}</Other>${xml.slice(end)}`,
    },
  ]);
}

function elementsIn(xml: string): readonly Span[] {
  const open: { name: string; start: number; openEnds: number }[] = [];
  const spans: Span[] = [];
  for (const tag of xml.matchAll(/<(\/?)([A-Za-z][\w:.-]*)[^>]*?(\/?)>/g)) {
    const [whole, closes, name = '', empty] = tag;
    const end = tag.index + whole.length;
    if (closes === '/') {
      const begun = open.pop();
      if (begun !== undefined && open.length > 0) spans.push({ ...begun, end, closeStarts: tag.index });
    } else if (empty === '/') {
      if (open.length > 0) spans.push({ name, start: tag.index, end, openEnds: end, closeStarts: end });
    } else open.push({ name, start: tag.index, openEnds: end });
  }
  return spans;
}
