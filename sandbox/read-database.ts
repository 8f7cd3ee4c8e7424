import Database from 'libsql';

/**
 * Returns the status of an order in a stopped app's database; undefined if it isn't there, as in a database whose app
 * was stopped before it made its tables.
 */
export function orderStatusOnRecord(file: string, orderId: string): string | undefined {
  const database = new Database(file, { readonly: true });
  try {
    const table = database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'entry'")
      .get();
    if (table === undefined) return undefined;
    const row = database
      .prepare("SELECT value FROM entry WHERE namespace = 'orders' AND key LIKE ?")
      .get(`%${orderId}`) as { readonly value: string } | undefined;
    return row === undefined ? undefined : statusIn(row.value);
  } finally {
    database.close();
  }
}

/** Returns the status in a stored order. */
export function statusIn(stored: string): string {
  const { value } = JSON.parse(stored) as {
    readonly value: { readonly order: { readonly status: string } };
  };
  return value.order.status;
}
