/** One line of the table. */
export interface Finding {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | 's' | '/s' | '/min' | '';
  readonly median?: number;
  readonly p99?: number;
  /** What the rival, or the least that must be done, took in this same run. */
  readonly floor?: number;
  readonly ratio?: number;
  /** The goal in words, and whether it was met; left out where there is none. */
  readonly goal?: string;
  readonly met?: boolean;
  /** What else there is to know: peaks, reasons, limits. */
  readonly note?: string;
}

export interface Options {
  /** How long each load lasts. */
  readonly seconds: number;
  /** How many open orders, or numbers found; the goals are for 10,000 and 5,000. */
  readonly sizes: readonly number[];
  /** How often short things are repeated. */
  readonly times: number;
  /** Databases beside SQLite, where there are any. */
  readonly postgresUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

export interface Row {
  readonly name: string;
  readonly about: string;
  run(options: Options): Promise<readonly Finding[]>;
}
