import { post } from './api.js';
import { h, keepingFocus } from './dom.js';
import { showNotice } from './notice.js';

const memberships = [
  { value: 'member', label: 'a full member' },
  { value: 'guest', label: 'a guest' },
  { value: 'outsider', label: 'from another company' },
];

/** The Settings tab: the app's policy and who the people are. Saving restarts the app. @param {HTMLElement} panel */
export function makeSettings(panel) {
  let drawn = '';
  const refusal = h('p', { class: 'refusal', role: 'alert', hidden: true });
  const save = h('button', { type: 'submit', class: 'button primary', 'data-key': 'settings save' });
  const status = h('span', { class: 'hint', role: 'status' });
  const body = h('div', { class: 'columns' });
  const form = /** @type {HTMLFormElement} */ (
    h(
      'form',
      { onsubmit: submit, onkeydown: onKey },
      body,
      refusal,
      h('div', { class: 'row save' }, save, status),
    )
  );
  save.textContent = 'Save and restart';
  panel.append(h('h1', {}, 'Settings'), form);

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (save.getAttribute('aria-busy') === 'true') return;
    save.setAttribute('aria-busy', 'true');
    refusal.hidden = true;
    const { said, refused } = await post('settings', 'choose', entered(form));
    save.removeAttribute('aria-busy');
    if (said !== undefined) showNotice(said);
    if (refused === undefined) return;
    refusal.textContent = refused;
    refusal.hidden = false;
    refusal.scrollIntoView({ block: 'nearest' });
  }

  /** @param {any} now */
  function draw(now) {
    const { restarting, ...rest } = now;
    status.textContent = restarting ? 'The app is restarting…' : '';
    const data = JSON.stringify(rest);
    // What is being typed stays.
    if (drawn === data || restarting) return;
    drawn = data;
    keepingFocus(() => body.replaceChildren(policy(now), people(now)));
  }
  return { draw };
}

/** @param {HTMLFormElement} form */
function entered(form) {
  /** @type {{ settings: Record<string, string>, policy: string, people: Record<string, string> }} */
  const said = { settings: {}, policy: '', people: {} };
  for (const control of /** @type {Iterable<HTMLInputElement>} */ (form.querySelectorAll('[name]'))) {
    const value = control.type === 'checkbox' ? (control.checked ? 'true' : '') : control.value;
    if (control.name === 'policy') said.policy = value;
    else if (control.name.startsWith('person ')) said.people[control.name.slice('person '.length)] = value;
    else said.settings[control.name] = value;
  }
  return said;
}

/** @param {any} now */
function policy({ fields, policy }) {
  return h(
    'section',
    { class: 'switches', 'aria-labelledby': 'policy-title' },
    h('h2', { id: 'policy-title' }, 'Policy'),
    ...fields.map(row),
    h(
      'label',
      { class: 'stacked' },
      'Policy file',
      h('textarea', {
        class: 'field',
        name: 'policy',
        rows: 8,
        spellcheck: 'false',
        placeholder: 'rules:\n  - name: Large orders\n    above: 10\n    approvals_required: 2',
        value: policy,
        'data-key': 'settings policy',
      }),
    ),
  );
}

/** @param {any} field */
function row(field) {
  const { name, label, kind, empty, value } = field;
  const common = { name, title: name, 'data-key': `settings ${name}` };
  if (kind === 'switch') {
    const box = h('input', { ...common, type: 'checkbox', role: 'switch', checked: value === 'true' });
    return h('label', { class: 'row' }, box, label);
  }
  return h('label', { class: 'row' }, h('span', { class: 'grow' }, label), control());

  function control() {
    if (kind !== 'choice')
      return h('input', {
        ...common,
        class: 'field',
        type: 'text',
        inputmode: kind === 'number' ? 'numeric' : undefined,
        placeholder: empty,
        value,
      });
    /** @type {{ value: string, label: string }[]} */
    const offered = field.choices;
    const all = offered.some((each) => each.value === value)
      ? offered
      : [...offered, { value, label: value }];
    return select(common, all, value);
  }
}

/** @param {any} now */
function people({ people, ids }) {
  return h(
    'section',
    { class: 'switches', 'aria-labelledby': 'people-title' },
    h('h2', { id: 'people-title' }, 'People'),
    ...people.map((/** @type {any} */ { id, name, title, membership }) =>
      h(
        'label',
        { class: 'row' },
        h('span', { class: 'grow' }, `${name} (${title}) is `),
        select({ name: `person ${id}`, 'data-key': `settings ${id}` }, memberships, membership),
      ),
    ),
    h('p', { class: 'hint' }, 'If a person is from another company, #numbers is shared with that company.'),
    h('h2', { class: 'later' }, 'Ids for the policy'),
    h(
      'ul',
      { class: 'ids' },
      ...ids.map((/** @type {any} */ { id, name }) => h('li', {}, h('code', {}, id), ` ${name}`)),
    ),
  );
}

/** @param {object} properties @param {{ value: string, label: string }[]} options @param {string} chosen */
function select(properties, options, chosen) {
  return h(
    'select',
    { ...properties },
    ...options.map(({ value, label }) => h('option', { value, selected: value === chosen }, label)),
  );
}
