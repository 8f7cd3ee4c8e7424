import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';

/**
 * Draws an open form anew. False when somebody already chose, submitted or closed it: theirs counts.
 *
 * @param form with `hash`, only if nothing was changed in it since.
 */
export async function updateForm(
  client: WebClient,
  form: { readonly view_id: string; readonly hash?: string },
  view: ModalView,
): Promise<boolean> {
  try {
    await client.views.update({ ...form, view });
    return true;
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : undefined;
    if (code !== 'hash_conflict' && code !== 'not_found' && code !== 'view_not_found') throw error;
    return false;
  }
}
