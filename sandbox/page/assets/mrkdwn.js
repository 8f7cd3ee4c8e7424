import { formatDate } from './dates.js';
import { h } from './dom.js';
import { withEmoji } from './emoji.js';

/**
 * The data for rendering mentions.
 * @typedef {{ names: Record<string, string>, me: string, groups: { id: string, members: string[] }[] }} Names
 */

/** A letter or digit outside makes a mark an ordinary character, and so does an invisible character on either side. */
const BEFORE = '(?<![\\p{L}\\p{N}\\u200B])';
const AFTER = '(?![\\p{L}\\p{N}\\u200B])';
/** @param {string} mark */
const span = (mark) => `${BEFORE}${mark}(?![\\s\\u200B${mark}])([^\\n]*?[^\\s\\u200B${mark}])${mark}${AFTER}`;
const inline = new RegExp(
  [
    `${BEFORE}\`(?!\\u200B)([^\`\\n]+)\`${AFTER}`,
    '<([^<>\\n]+)>',
    span('\\*'),
    span('_'),
    span('~'),
    '(https?:\\/\\/[^\\s<>|]*[^\\s<>|.,;:!?)])',
  ].join('|'),
  'u',
);

/**
 * Renders Slack's mrkdwn as nodes. Every piece of text becomes a text node, never markup.
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function mrkdwn(text, names) {
  return text.split(/```\n?([\s\S]+?)\n?```/).flatMap((part, at) => {
    if (at % 2 === 1) return [h('pre', {}, decode(part))];
    return quotes(part, names);
  });
}

/** Renders lines that start with > as a quotation. @param {string} text @param {Names} names */
function quotes(text, names) {
  /** @type {Node[]} */
  const nodes = [];
  for (const [quoted, lines] of runs(text.split('\n'))) {
    if (quoted) {
      nodes.push(
        h(
          'blockquote',
          {},
          ...spans(lines.map((line) => line.replace(/^(?:&gt;|>) ?/, '')).join('\n'), names),
        ),
      );
    } else {
      const joined = lines.join('\n');
      const beside = nodes.length > 0 && joined === '';
      if (!beside) nodes.push(...spans(joined, names));
    }
  }
  return nodes;
}

/** @param {string[]} lines @returns {[boolean, string[]][]} */
function runs(lines) {
  /** @type {[boolean, string[]][]} */
  const found = [];
  for (const line of lines) {
    const quoted = /^(?:&gt;|>)/.test(line);
    const last = found.at(-1);
    if (last?.[0] === quoted) last[1].push(line);
    else found.push([quoted, [line]]);
  }
  return found;
}

/** @param {string} text @param {Names} names @returns {Node[]} */
function spans(text, names) {
  /** @type {Node[]} */
  const nodes = [];
  let rest = text;
  let before = '';
  for (;;) {
    // The character before decides whether a mark opens, so the expression needs to see it.
    const found = inline.exec(before + rest);
    if (found === null) break;
    const [whole, code, reference, bold, italic, struck, url] = found;
    const start = found.index - before.length;
    nodes.push(...words(rest.slice(0, start)));
    if (code !== undefined) nodes.push(h('code', {}, decode(code)));
    else if (reference !== undefined) nodes.push(referenceNode(reference, names));
    else if (bold !== undefined) nodes.push(h('strong', {}, ...spans(bold, names)));
    else if (italic !== undefined) nodes.push(h('em', {}, ...spans(italic, names)));
    else if (struck !== undefined) nodes.push(h('s', {}, ...spans(struck, names)));
    else if (url !== undefined) nodes.push(linkTo(decode(url), decode(url)));
    const end = start + whole.length;
    before = rest.slice(Math.max(0, end - 1), end);
    rest = rest.slice(end);
    // A used mark can't open again.
    if (/[`>*_~]/.test(before)) before = ' ';
  }
  nodes.push(...words(rest));
  return nodes;
}

/** @param {string} text @returns {Node[]} */
function words(text) {
  return text
    .split('\n')
    .flatMap((line, at) => [...(at > 0 ? [h('br')] : []), document.createTextNode(withEmoji(decode(line)))])
    .filter((node) => node.nodeName === 'BR' || node.textContent !== '');
}

/** Renders the content of <…>. @param {string} inside @param {Names} names */
function referenceNode(inside, names) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : decode(inside.slice(bar + 1));
  const named = (/** @type {string} */ id) => label ?? names.names[id] ?? id;
  if (target.startsWith('@')) return mention(`@${named(target.slice(1))}`, target.slice(1) === names.me);
  if (target.startsWith('#')) return mention(`#${named(target.slice(1))}`, false);
  if (target.startsWith('!subteam^')) {
    const id = target.slice('!subteam^'.length);
    const mine = names.groups.some((group) => group.id === id && group.members.includes(names.me));
    return mention(`@${named(id).replace(/^@/, '')}`, mine);
  }
  if (target.startsWith('!date^')) {
    const [, seconds, format = ''] = target.split('^');
    const readable = Number(seconds) > 0 ? formatDate(Number(seconds), format) : (label ?? '');
    return h('time', { title: label }, readable);
  }
  if (target.startsWith('!')) return mention(`@${label ?? target.slice(1)}`, true);
  return linkTo(decode(target), label ?? decode(target).replace(/^mailto:|^tel:/, ''));
}

/** @param {string} words @param {boolean} me */
export function mention(words, me) {
  return h('span', { class: me ? 'mention me' : 'mention' }, words);
}

/** Links only to external addresses, never to actions on this page. @param {string} url @param {string} label */
export function linkTo(url, label) {
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(url)) return document.createTextNode(label);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** @param {string} text */
function decode(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * Renders a text object as nodes.
 * @param {{ type: string, text: string, emoji?: boolean }} object
 * @param {Names} names
 */
export function textNodes(object, names) {
  if (object.type === 'mrkdwn') return mrkdwn(object.text, names);
  const [first = '', ...others] = plainWords(object).split('\n');
  const below = others.flatMap((line) => [h('br'), document.createTextNode(line)]);
  return [document.createTextNode(first), ...below];
}

/** @param {{ type: string, text: string, emoji?: boolean } | undefined} object */
export function plainWords(object) {
  if (object === undefined) return '';
  return object.emoji === false ? object.text : withEmoji(object.text);
}
