import { makeCallbackEndpoint } from '../bandwidth/callbacks.js';
import type { Config } from '../config/config.js';
import type { HttpServer } from '../http-server.js';
import { makeHandleNotice } from '../orders/use-cases/handle-notice.js';

/** Has the server accept Bandwidth's callbacks, if they are used. */
export function serveCallbacks(
  callbacks: Config['callbacks'],
  listener: HttpServer | undefined,
  deps: Parameters<typeof makeHandleNotice>[0],
): void {
  if (callbacks === undefined) return;
  const { url, ...keys } = callbacks;
  const handleNotice = makeHandleNotice(deps);
  listener?.serve(
    new URL(url).pathname,
    makeCallbackEndpoint({ keys, handle: (notice) => void handleNotice(notice), log: deps.log }),
  );
}
