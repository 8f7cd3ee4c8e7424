import Database from 'libsql';

/** What a stopped app left on record about one order: its status, or undefined if it never heard of it. */
export function orderStatusOnRecord(file: string, orderId: string): string | undefined {
  const database = new Database(file, { readonly: true });
  try {
    const row = database
      .prepare("SELECT value FROM entry WHERE namespace = 'orders' AND key LIKE ?")
      .get(`%${orderId}`) as { readonly value: string } | undefined;
    if (row === undefined) return undefined;
    const { value } = JSON.parse(row.value) as {
      readonly value: { readonly order: { readonly status: string } };
    };
    return value.order.status;
  } finally {
    database.close();
  }
}
