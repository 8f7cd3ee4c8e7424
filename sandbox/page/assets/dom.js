/**
 * Creates an element. `on…` properties become listeners, `true` an empty attribute; `false`, `null` and `undefined` are
 * omitted. Children are nodes or text, never markup.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === 'value') /** @type {HTMLInputElement} */ (element).value = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Redraws without losing the person's place: the focused control keeps the focus and the typed text. Controls are
 * recognized by `data-key`.
 * @param {() => void} redraw
 */
export function keepingFocus(redraw) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const key = before?.dataset?.key;
  const typing = isTextField(before) ? { value: before.value, at: selectionOf(before) } : undefined;
  redraw();
  if (key === undefined || document.activeElement === before) return;
  const after = findByKey(key);
  if (after === null) return;
  if (typing !== undefined && isTextField(after)) {
    after.value = typing.value;
    if (typing.at !== undefined) after.setSelectionRange(...typing.at);
  }
  after.focus({ preventScroll: true });
}

/** @param {string} key */
export function findByKey(key) {
  return /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`));
}

/** @param {Element | null} element @returns {element is HTMLInputElement | HTMLTextAreaElement} */
function isTextField(element) {
  if (element instanceof HTMLTextAreaElement) return true;
  return (
    element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(element.type)
  );
}

/** Number and date fields have no selection. @param {HTMLInputElement | HTMLTextAreaElement} field */
function selectionOf(field) {
  return field.selectionStart === null
    ? undefined
    : /** @type {[number, number]} */ ([field.selectionStart, field.selectionEnd ?? field.selectionStart]);
}
