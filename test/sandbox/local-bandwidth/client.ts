import {
  type LocalBandwidth,
  type LocalBandwidthOptions,
  startLocalBandwidth,
} from '../../../sandbox/local-bandwidth/local-bandwidth.js';

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

export interface Client {
  readonly bandwidth: LocalBandwidth;
  get(path: string): Promise<Reply>;
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, xml?: string): Promise<Reply>;
  /** POST /orders around these elements; gives the reply and the new order's id. */
  order(inside: string): Promise<Reply & { readonly id: string }>;
}

const running: LocalBandwidth[] = [];

/** A fresh local Bandwidth whose orders wait for finish(), and a client with its name and password. */
export async function startClient(options: LocalBandwidthOptions = {}): Promise<Client> {
  const bandwidth = await startLocalBandwidth({ orderDelayMs: 'manual', ...options });
  running.push(bandwidth);
  const authorization = `Basic ${btoa(`${bandwidth.username}:${bandwidth.password}`)}`;
  const address = (path: string) =>
    path.startsWith('/')
      ? `${bandwidth.apiUrl}${path}`
      : `${bandwidth.apiUrl}/accounts/${bandwidth.accountId}/${path}`;
  const reply = async (response: Response): Promise<Reply> => ({
    status: response.status,
    body: await response.text(),
    headers: response.headers,
  });
  const client: Client = {
    bandwidth,
    get: async (path) => reply(await fetch(address(path), { headers: { authorization } })),
    send: async (method, path, xml) =>
      reply(
        await fetch(address(path), {
          method,
          headers: { authorization, 'content-type': 'application/xml; charset=utf-8' },
          ...(xml === undefined ? {} : { body: xml }),
        }),
      ),
    async order(inside) {
      const answer = await client.send('POST', 'orders', `<Order>${inside}</Order>`);
      return { ...answer, id: values(answer.body, 'id')[0] ?? '' };
    },
  };
  return client;
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((bandwidth) => bandwidth.close()));
}

/** The texts of all elements of this name, as written. */
export function values(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((found) => found[1] ?? '');
}

/** The names of the direct children of the first element of this name. */
export function childNames(xml: string, name: string): string[] {
  const inside = new RegExp(`<${name}>(.*)</${name}>`, 's').exec(xml)?.[1] ?? '';
  const names: string[] = [];
  let depth = 0;
  for (const [, close, tagName, empty] of inside.matchAll(/<(\/?)(\w+)(\/?)>/g)) {
    if (close === '/') depth -= 1;
    else {
      if (depth === 0) names.push(tagName ?? '');
      if (empty !== '/') depth += 1;
    }
  }
  return names;
}

export const site = '<SiteId>461</SiteId>';

export function existing(...numbers: readonly string[]): string {
  const list = numbers.map((number) => `<TelephoneNumber>${number}</TelephoneNumber>`).join('');
  return `<ExistingTelephoneNumberOrderType><TelephoneNumberList>${list}</TelephoneNumberList></ExistingTelephoneNumberOrderType>`;
}

export function areaCode(area: string, quantity?: number): string {
  const count = quantity === undefined ? '' : `<Quantity>${quantity}</Quantity>`;
  return `<AreaCodeSearchAndOrderType><AreaCode>${area}</AreaCode>${count}</AreaCodeSearchAndOrderType>`;
}
