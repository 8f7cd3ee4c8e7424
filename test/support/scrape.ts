/** The answer of `GET /metrics` at this port: the value of each series, by its name and labels, and the whole text. */
export async function scrape(
  port: number,
): Promise<{ readonly series: ReadonlyMap<string, number>; readonly text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  const text = await answer.text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const series = lines.map((line): [string, number] => {
    const end = line.lastIndexOf(' ');
    return [line.slice(0, end), Number(line.slice(end + 1))];
  });
  return { series: new Map(series), text };
}
