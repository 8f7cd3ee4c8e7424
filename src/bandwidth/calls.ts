import type { CarrierFault } from '../orders/order.js';
import type { Clock, Log } from '../orders/ports.js';
import type { Credentials } from './credentials.js';
import { decodeFaults } from './decode.js';
import { type Asked, refusal, statusError, unreachable, unreadable } from './errors.js';
import { type HttpAnswer, type HttpRequest, makeHttp, NoAnswer, type Timeouts } from './http.js';
import { MalformedXml, parseXml, type XmlDocument } from './xml.js';

/** Calls to Bandwidth with our credentials, and what their answers are. Paths stand below the API's address. */
export interface Calls {
  /** Any status is an answer. Throws NoAnswer, and CarrierError for want of credentials. */
  send(
    method: HttpRequest['method'],
    path: string,
    more?: Pick<HttpRequest, 'body' | 'deadline'>,
  ): Promise<HttpAnswer>;
  /** The same, for a question or what may be said twice: no answer is a CarrierError too. Without `sent` it is a GET. */
  ask(path: string, asked: Asked, sent?: Sent): Promise<HttpAnswer>;
  /** The document of that root in a successful answer; anything else is thrown as the CarrierError it is. */
  expect(answer: HttpAnswer, asked: Asked, root: string): Promise<XmlDocument>;
  /** Asks for a document; undefined for "no content". Throws CarrierError. */
  get(path: string, asked: Asked, root: string): Promise<XmlDocument | undefined>;
  /** What an answer complains of. */
  faultsIn(answer: HttpAnswer): Promise<readonly CarrierFault[]>;
  close(): void;
}

type Sent = Pick<HttpRequest, 'body' | 'deadline'> & { readonly method: 'POST' | 'PUT' | 'DELETE' };

export function makeCalls(needs: {
  /** Everything before `/accounts`. */
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  log: Log;
  timeouts?: Partial<Timeouts> | undefined;
}): Calls {
  const { credentials, clock, log } = needs;
  const http = makeHttp(needs.timeouts);
  const api = needs.apiUrl.replace(/\/+$/, '');

  /** Sends with our credentials. After a 401 nothing was done, so any call may be sent once more with a new token. */
  const send = async (
    method: HttpRequest['method'],
    path: string,
    { body, deadline }: Pick<HttpRequest, 'body' | 'deadline'> = {},
  ): Promise<HttpAnswer> => {
    const attempt = async (authorization: string) => {
      const startedAt = clock.now();
      const answer = await http.send({
        method,
        url: api + path,
        headers: {
          Authorization: authorization,
          Accept: 'application/xml',
          ...(body === undefined ? {} : { 'Content-Type': 'application/xml; charset=utf-8' }),
        },
        ...(body === undefined ? {} : { body }),
        ...(deadline === undefined ? {} : { deadline }),
      });
      log.debug(
        { method, path, status: answer.status, milliseconds: clock.now() - startedAt },
        'Bandwidth answered',
      );
      return answer;
    };
    const authorization = await credentials.authorization();
    const answer = await attempt(authorization);
    if (answer.status !== 401 || !(await credentials.renew(authorization))) return answer;
    return attempt(await credentials.authorization());
  };

  const faultsIn = async (answer: HttpAnswer): Promise<readonly CarrierFault[]> => {
    const document = await documentIn(answer);
    return document instanceof MalformedXml ? [] : decodeFaults(document, log);
  };

  const ask = async (path: string, asked: Asked, sent?: Sent): Promise<HttpAnswer> => {
    try {
      return await (sent === undefined ? send('GET', path) : send(sent.method, path, sent));
    } catch (error) {
      throw error instanceof NoAnswer ? unreachable(asked, error) : error;
    }
  };

  const expect = async (answer: HttpAnswer, asked: Asked, root: string): Promise<XmlDocument> => {
    if (answer.status !== 200) throw statusError(answer, asked, await faultsIn(answer), clock.now());
    const document = await documentIn(answer);
    if (document instanceof MalformedXml) throw unreadable(asked, document.message);
    if (document.root === root) return document;
    const faults = decodeFaults(document, log);
    throw faults.length > 0 ? refusal(asked, faults) : unreadable(asked, `a document <${document.root}>`);
  };

  return {
    send,
    ask,
    expect,
    async get(path, asked, root) {
      const answer = await ask(path, asked);
      return answer.status === 204 ? undefined : expect(answer, asked, root);
    },
    faultsIn,
    close: http.close,
  };
}

/** The document of an answer, or why it has none. */
export async function documentIn(answer: HttpAnswer): Promise<XmlDocument | MalformedXml> {
  try {
    return await parseXml(answer.body);
  } catch (error) {
    if (error instanceof MalformedXml) return error;
    throw error;
  }
}
