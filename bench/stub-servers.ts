import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { searchDocument } from './found-numbers.js';

/*
 * A Slack and a Bandwidth in their own process that answer at once and check nothing, so that a load measures only the
 * app. The child sends its port to the parent over IPC.
 */

const documents = new Map<number, string>();

function found(quantity: number): string {
  const document = documents.get(quantity) ?? searchDocument(quantity);
  documents.set(quantity, document);
  return document;
}

function bandwidth(method: string, path: string, query: URLSearchParams, body: string): [number, string] {
  if (path.endsWith('/token')) {
    return [200, JSON.stringify({ access_token: 'bench', token_type: 'Bearer', expires_in: 3600 })];
  }
  if (path.endsWith('/availableNumbers')) return [200, found(Number(query.get('quantity') ?? 10))];
  if (path.endsWith('/orders') && method === 'POST') {
    const placed = /<CustomerOrderId>([^<]*)/.exec(body)?.[1] ?? '';
    process.send?.({ placed });
    const order = `<Order><id>${randomUUID()}</id><CustomerOrderId>${placed}</CustomerOrderId></Order>`;
    return [201, `<OrderResponse>${order}<OrderStatus>RECEIVED</OrderStatus></OrderResponse>`];
  }
  if (path.endsWith('/orders')) {
    const none = '<ListOrderIdUserIdDate><TotalCount>0</TotalCount></ListOrderIdUserIdDate>';
    return [200, `<ResponseSelectWrapper>${none}</ResponseSelectWrapper>`];
  }
  if (/\/orders\/[\w-]+$/.test(path)) {
    return [200, '<OrderResponse><Order/><OrderStatus>RECEIVED</OrderStatus></OrderResponse>'];
  }
  return [404, ''];
}

let ts = 1_800_000_000;

function slack(method: string, body: string): string {
  switch (method) {
    case 'auth.test':
      return '{"ok":true,"user_id":"U0BOT","bot_id":"B0BOT","team_id":"T0LOCAL","user":"numbers","team":"local","url":"https://x.slack.com/"}';
    case 'users.info': {
      const id = new URLSearchParams(body).get('user') ?? 'U0BEN';
      return JSON.stringify({ ok: true, user: { id, team_id: 'T0LOCAL', deleted: false, is_bot: false } });
    }
    case 'conversations.info':
      return '{"ok":true,"channel":{"id":"C0NUMBERS","is_ext_shared":false,"is_shared":false}}';
    case 'usergroups.users.list':
      return '{"ok":true,"users":["U0BEN","U0CLEO"]}';
    case 'chat.postMessage':
    case 'chat.update': {
      const channel = new URLSearchParams(body).get('channel') ?? 'C0NUMBERS';
      const at = new URLSearchParams(body).get('ts') ?? `${ts++}.000100`;
      return JSON.stringify({ ok: true, channel, ts: at, message: { ts: at } });
    }
    default:
      return '{"ok":true}';
  }
}

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = Buffer.concat(pieces).toString('utf8');
    const api = /^\/slack\/api\/(.+)$/.exec(url.pathname)?.[1];
    if (api !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(slack(api, body));
      return;
    }
    if (url.pathname === '/slack/respond') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      return;
    }
    const [status, content] = bandwidth(request.method ?? 'GET', url.pathname, url.searchParams, body);
    const type = content.startsWith('{') ? 'application/json' : 'application/xml';
    response.writeHead(status, { 'content-type': type }).end(content);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
