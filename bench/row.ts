/** One row of the table. */
export interface Finding {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | 's' | '/s' | '/min' | '';
  readonly median?: number;
  readonly p99?: number;
  /** The result of the competitor, or of the minimum work, in the same run. */
  readonly floor?: number;
  readonly ratio?: number;
  /** The goal in words, and whether it was met; absent when there is none. */
  readonly goal?: string;
  readonly met?: boolean;
  /** Additional facts such as peaks, reasons or limits. */
  readonly note?: string;
}

export interface Options {
  /** How many seconds each load lasts. */
  readonly seconds: number;
  /** The numbers of open orders, or of numbers found. The goals are for 10,000 and 5,000. */
  readonly sizes: readonly number[];
  /** How often short measurements are repeated. */
  readonly times: number;
  /** Absent when there is no such database to measure besides SQLite. */
  readonly postgresUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

export interface Row {
  readonly name: string;
  readonly about: string;
  run(options: Options): Promise<readonly Finding[]>;
}
