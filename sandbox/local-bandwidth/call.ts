import type { LocalCarrier } from './carrier.js';
import type { SeenRequest } from './faults.js';
import type { XmlElement } from './read-xml.js';
import type { Version } from './versions.js';

export interface CarrierRequest extends SeenRequest {
  readonly contentType: string;
  /** Our address as the client knows it, e.g. `http://127.0.0.1:4000/api`. */
  readonly apiUrl: string;
}

/** An authenticated call of the API that matches a route. */
export interface Call {
  readonly carrier: LocalCarrier;
  readonly request: CarrierRequest;
  readonly query: URLSearchParams;
  /** The last id in the path, if any. */
  readonly id: string;
  readonly ids: readonly string[];
  /** Undefined when the body is empty or isn't XML. */
  readonly xml: XmlElement | undefined;
  readonly version: Version;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The path of what was created. */
  readonly location?: string;
  /** XML unless said otherwise. */
  readonly contentType?: string;
}

export const empty = (status: number): Answer => ({ status, body: '' });

/** Returns an address of the account, such as that of an order. */
export const accountUrl = ({ carrier, request }: Pick<Call, 'carrier' | 'request'>, path: string): string =>
  `${request.apiUrl}/accounts/${carrier.accountId}/${path}`;
