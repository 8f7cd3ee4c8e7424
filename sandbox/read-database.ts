import Database from 'libsql';

/** What a stopped app left on record about one order: its status, or undefined if it never heard of it. */
export function orderStatusOnRecord(file: string, orderId: string): string | undefined {
  const database = new Database(file, { readonly: true });
  try {
    const row = database
      .prepare("SELECT value FROM entry WHERE namespace = 'orders' AND key LIKE ?")
      .get(`%${orderId}`) as { readonly value: string } | undefined;
    return row === undefined ? undefined : statusIn(row.value);
  } finally {
    database.close();
  }
}

/** The status in an order as it is stored. */
export function statusIn(stored: string): string {
  const { value } = JSON.parse(stored) as {
    readonly value: { readonly order: { readonly status: string } };
  };
  return value.order.status;
}
