import axios from 'axios';
import { Parser } from 'xml2js';

/*
 * The minimum cost of one polling pass: fetches and parses the list's pages in its own process and does nothing with
 * them. The parent sends the list's URL and credentials over IPC, and gets the CPU time in milliseconds.
 */
process.on('message', async (told: { url: string; query?: string; authorization: string; size: number }) => {
  const page = async (at: string) => {
    const { data } = await axios.get<string>(`${told.url}?${told.query ?? ''}page=${at}&size=${told.size}`, {
      responseType: 'text',
      headers: { authorization: told.authorization },
    });
    await new Parser().parseStringPromise(data);
    return /rel="next"/.test(data) || /next&gt;|<next>/.test(data)
      ? /<next>[^<]*[?&](?:amp;)?page=([\w-]+)/.exec(data)?.[1]
      : undefined;
  };
  const sweep = async () => {
    let pages = 0;
    for (let at: string | undefined = '1'; at !== undefined; pages++) at = await page(at);
    return pages;
  };
  await sweep();
  const before = process.cpuUsage();
  const pages = await sweep();
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpuMs: (user + system) / 1000, pages });
});
