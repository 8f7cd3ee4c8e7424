/**
 * Returns what a form keeps in Slack's private_metadata, which people can't change. Another version of the app may have
 * written it, so each part has to be checked; there is none if nothing can be read.
 */
export function keptIn<Memory>(metadata: string): { readonly [Part in keyof Memory]?: unknown } {
  try {
    return (JSON.parse(metadata) as { readonly [Part in keyof Memory]?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}
