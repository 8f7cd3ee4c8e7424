import { formatDate } from './dates.js';
import { h } from './dom.js';
import { withEmoji } from './emoji.js';
import { linkTo, mention } from './mrkdwn.js';

/** Renders a rich_text block. @param {any} block @param {import('./mrkdwn.js').Names} names */
export function richText(block, names) {
  return h(
    'div',
    { class: 'rich-text' },
    ...block.elements.map((/** @type {any} */ each) => part(each, names)),
  );
}

/** @param {any} given @param {import('./mrkdwn.js').Names} names @returns {Node} */
function part(given, names) {
  const inside = () => given.elements.map((/** @type {any} */ each) => part(each, names));
  switch (given.type) {
    case 'rich_text_section':
      return h('div', {}, ...inside());
    case 'rich_text_list':
      return h(
        given.style === 'ordered' ? 'ol' : 'ul',
        {},
        ...inside().map((/** @type {Node} */ each) => h('li', {}, each)),
      );
    case 'rich_text_quote':
      return h('blockquote', {}, ...inside());
    case 'rich_text_preformatted':
      return h('pre', {}, ...inside());
    case 'text':
      return styled(lines(given.text), given.style);
    case 'link':
      return styled([linkTo(given.url, given.text ?? given.url)], given.style);
    case 'emoji':
      return document.createTextNode(withEmoji(`:${given.name}:`));
    case 'user':
      return mention(`@${names.names[given.user_id] ?? given.user_id}`, given.user_id === names.me);
    case 'usergroup':
      return mention(`@${names.names[given.usergroup_id] ?? given.usergroup_id}`, false);
    case 'channel':
      return mention(`#${names.names[given.channel_id] ?? given.channel_id}`, false);
    case 'broadcast':
      return mention(`@${given.range}`, true);
    case 'date':
      return document.createTextNode(formatDate(given.timestamp, given.format));
    default:
      return h('span', { class: 'unknown' }, `This page can't show “${given.type}” in rich text.`);
  }
}

/** @param {string} text @returns {Node[]} */
function lines(text) {
  return text
    .split('\n')
    .flatMap((line, at) => [...(at > 0 ? [h('br')] : []), document.createTextNode(line)]);
}

/** @param {Node[]} nodes @param {Record<string, boolean>} [style] */
function styled(nodes, style = {}) {
  const tags = { bold: 'strong', italic: 'em', strike: 's', code: 'code', underline: 'u' };
  return Object.entries(tags).reduce(
    (inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner),
    /** @type {Node} */ (h('span', {}, ...nodes)),
  );
}
