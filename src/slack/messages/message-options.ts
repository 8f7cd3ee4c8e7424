/** Keeps typed text unchanged; chat.update would otherwise link it. */
export const asWritten = { parse: 'none', link_names: false } as const;

export const noPreviews = { unfurl_links: false, unfurl_media: false } as const;
