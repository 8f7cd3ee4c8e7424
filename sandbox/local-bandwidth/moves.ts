import { randomUUID } from 'node:crypto';
import { isOurs } from './disconnects.js';
import type { Attached, Numbers, TelephoneNumber } from './numbers.js';
import type { LocalSite } from './sites.js';
import type { Timers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

export interface MoveRequest {
  readonly customerOrderId: string | undefined;
  readonly siteId: string;
  readonly peerId: string;
  readonly numbers: readonly string[];
}

export interface Move {
  readonly id: string;
  readonly request: MoveRequest;
  readonly requestXml: string;
  readonly status: 'RECEIVED' | 'PROCESSING' | 'COMPLETE' | 'PARTIAL' | 'FAILED';
  readonly numbers: readonly string[];
  readonly faults: readonly CarrierFault[];
  /** Numbers of other accounts are skipped with a warning. */
  readonly skipped: readonly string[];
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** How the next move ends. PARTIAL moves the first half; if absent, it depends on the numbers and the location. */
export interface MovePlan {
  readonly ends?: 'PARTIAL' | 'FAILED';
  readonly delayMs?: number | 'manual';
  readonly processing?: boolean;
  readonly errors?: readonly CarrierFault[];
}

export interface Moves {
  place(request: MoveRequest, requestXml: string): Move;
  get(id: string): Move | undefined;
  all(): readonly Move[];
  plan(plan: MovePlan): void;
  finish(id: string): void;
  /** Restores moves of an earlier run. Pending ones take as long as new ones. */
  restore(earlier: readonly Move[]): void;
}

export function makeMoves(deps: {
  readonly accountId: string;
  readonly sites: readonly LocalSite[];
  readonly numbers: Numbers;
  readonly now: () => number;
  readonly timers: Timers;
  readonly changed: (id: string) => void;
  readonly usually: () => { readonly delayMs: number | 'manual'; readonly processing: boolean };
}): Moves {
  const { accountId, sites, numbers, now, timers, changed, usually } = deps;
  const moves = new Map<string, Move>();
  const planned = new Map<string, MovePlan>();
  const plans: MovePlan[] = [];
  const change = (move: Move, changes: Partial<Move>) => {
    moves.set(move.id, { ...move, ...changes, modifiedAt: now() });
    changed(move.id);
  };
  const peerOf = (siteId: string, peerId: string) =>
    sites.find(({ id }) => id === siteId)?.peers.find(({ id }) => id === peerId);
  /** What works on it now, by itself or because of its location. */
  const servicesOf = (number: TelephoneNumber | undefined): Attached => ({
    ...peerOf(number?.account?.siteId ?? '', number?.account?.peerId ?? '')?.services,
    ...number?.attached,
  });
  const decide = (id: string) => {
    const move = moves.get(id);
    if (move === undefined || !['RECEIVED', 'PROCESSING'].includes(move.status)) return;
    const { request } = move;
    const plan = planned.get(id) ?? {};
    const skipped = request.numbers.filter((each) => !isOurs(each, numbers, accountId));
    const takesMessages = peerOf(request.siteId, request.peerId)?.sms !== false;
    const blocked = request.numbers.filter(
      (each) => !takesMessages && servicesOf(numbers.get(each)).messaging === true,
    );
    const able = request.numbers.filter((each) => !skipped.includes(each) && !blocked.includes(each));
    const half = Math.floor(request.numbers.length / 2);
    const done = plan.ends === 'FAILED' ? [] : plan.ends === 'PARTIAL' ? able.slice(0, half) : able;
    const failed = able.filter((each) => !done.includes(each));
    for (const each of done) {
      // The location decides what works on a number, so what worked before is now its own.
      numbers.attach(each, { ...numbers.get(each)?.attached });
      numbers.move(each, request.siteId, request.peerId);
    }
    change(move, {
      status: done.length === request.numbers.length ? 'COMPLETE' : done.length === 0 ? 'FAILED' : 'PARTIAL',
      numbers: done,
      skipped,
      faults: plan.errors ?? [...blocked.map(noMessaging), ...failed.map(notActive)],
    });
  };
  return {
    place(request, requestXml) {
      const plan = plans.shift() ?? {};
      const at = now();
      const move: Move = {
        id: randomUUID(),
        request,
        requestXml,
        status: 'RECEIVED',
        numbers: [],
        faults: [],
        skipped: [],
        createdAt: at,
        modifiedAt: at,
      };
      moves.set(move.id, move);
      planned.set(move.id, plan);
      if (plan.processing ?? usually().processing) change(move, { status: 'PROCESSING' });
      timers.after(plan.delayMs ?? usually().delayMs, () => decide(move.id));
      changed(move.id);
      return move;
    },
    get: (id) => moves.get(id),
    all: () => [...moves.values()],
    plan: (plan) => plans.push(plan),
    finish: decide,
    restore(earlier) {
      for (const move of earlier) {
        moves.set(move.id, move);
        timers.after(usually().delayMs, () => decide(move.id));
      }
    },
  };
}

const noMessaging = (telephoneNumber: string): CarrierFault => ({
  code: '13676',
  description: 'SMS enabled telephone numbers cannot be moved to a SIP peer without SMS',
  telephoneNumber,
});
const notActive = (telephoneNumber: string): CarrierFault => ({
  code: '7518',
  description: 'Telephone number is not active',
  telephoneNumber,
});
