/** Formats dates like Slack, in the browser's language and time zone. */

/** @param {Date} date @param {Intl.DateTimeFormatOptions} options */
const write = (date, options) => new Intl.DateTimeFormat(undefined, options).format(date);

/** @param {Date} date */
export const timeOf = (date) => write(date, { hour: 'numeric', minute: '2-digit' });

/** Without AM or PM, for which there is no room beside a message. @param {Date} date */
export const shortTimeOf = (date) => timeOf(date).replace(/\s*[AP]M$/i, '');

/** `Today`, `Yesterday` or a full date. @param {Date} date */
export function dayOf(date) {
  return relative(date) ?? write(date, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
}

/** @param {Date} date */
function relative(date) {
  const today = new Date();
  const days = Math.round((midnight(date) - midnight(today)) / 86_400_000);
  return days === 0 ? 'Today' : days === -1 ? 'Yesterday' : days === 1 ? 'Tomorrow' : undefined;
}

/** @param {Date} date */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/**
 * Formats `<!date^seconds^format|fallback>`. https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * @param {number} seconds since 1970
 * @param {string} format with tokens such as `{date_short}`
 */
export function formatDate(seconds, format) {
  const date = new Date(seconds * 1000);
  const short = () => write(date, { month: 'short', day: 'numeric', year: 'numeric' });
  const plain = () => write(date, { month: 'long', day: 'numeric', year: 'numeric' });
  const long = () => write(date, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  /** @type {Record<string, () => string>} */
  const tokens = {
    date_num: () => date.toISOString().slice(0, 10),
    date_slash: () => write(date, { month: '2-digit', day: '2-digit', year: 'numeric' }),
    date: plain,
    date_short: short,
    date_long: long,
    date_pretty: () => relative(date)?.toLowerCase() ?? plain(),
    date_short_pretty: () => relative(date)?.toLowerCase() ?? short(),
    date_long_pretty: () => relative(date)?.toLowerCase() ?? long(),
    time: () => timeOf(date),
    time_secs: () => write(date, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(seconds),
  };
  return format.replace(/\{(\w+)\}/g, (token, name) =>
    Object.hasOwn(tokens, name) ? /** @type {() => string} */ (tokens[name])() : token,
  );
}

/** @param {number} seconds */
function ago(seconds) {
  const passed = seconds - Date.now() / 1000;
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (Math.abs(passed) < 90) return words.format(Math.round(passed), 'second');
  if (Math.abs(passed) < 5400) return words.format(Math.round(passed / 60), 'minute');
  if (Math.abs(passed) < 129_600) return words.format(Math.round(passed / 3600), 'hour');
  return words.format(Math.round(passed / 86_400), 'day');
}
