import type { OrderId, Person, Timestamp } from '../domain/request.js';

/** A Home tab that a person opened lately, as an instance last published it. */
export interface OpenedHome {
  readonly person: Person;
  readonly openedAt: Timestamp;
  readonly publishedAt: Timestamp;
  /** A digest of its content. */
  readonly content: string;
  /** Slack's hash of it, if Slack gave one. */
  readonly hash?: string;
  /** The orders on it. */
  readonly orders: readonly OrderId[];
}

/** The Home tabs that all instances together keep up to date. Every method throws StoreError. */
export interface OpenedHomeStore {
  all(): Promise<readonly OpenedHome[]>;
  of(userId: string): Promise<OpenedHome | undefined>;
  /** Kept for so long. */
  put(home: OpenedHome, keptForMs: number): Promise<void>;
  remove(userId: string): Promise<void>;
}
