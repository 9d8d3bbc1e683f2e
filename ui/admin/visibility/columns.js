/** Which attributes a type shows, in which order. A type that is not named here shows all. */
import { announce } from '../../announce.js';
import { button, element } from '../../elements.js';
import { text } from '../../words.js';
import { allChoices, choices, nameOf } from '../choices.js';
import { finder } from '../fields/finder.js';
import { grouped } from '../fields/frame.js';
import { changed } from '../fields/picker.js';

export function columns(spec, key) {
  const entries = new Map();
  const body = element('div.stack');
  const find = finder('object_types', { pick: (type) => add(type), taken: (id) => entries.has(id) });
  const frame = grouped(key, body, find.element);

  function put(id, names, fresh = false) {
    const forget = () => {
      entries.get(id).element.remove();
      entries.delete(id);
      changed(body);
      find.box.focus();
    };
    const made = entry(id, names, { fresh, forget, changed: () => changed(body) });
    entries.set(id, made);
    body.append(made.element);
  }

  /** A new one begins with everything it shows now: taking away is then a choice of its own. */
  function add(type) {
    put(type.id, [], true);
    changed(body);
  }

  const write = (value) => {
    entries.clear();
    body.replaceChildren();
    Object.entries(value ?? {}).forEach(([id, names]) => put(id, names));
    if (entries.size) allChoices('object_types').then(() => entries.forEach((one) => one.draw()), () => null);
  };
  /** A type whose attributes are not known yet still shows all of them. */
  const read = () => Object.fromEntries([...entries].map(([id, one]) => [id, one.names()]).filter(([, names]) => names));
  return { ...frame, read, write };
}

/** One type: its attributes in their order, and those that are left out. */
function entry(id, given, { fresh, forget, changed: tell }) {
  let names = [...given];
  let known = null; // what may be shown
  let covered = []; // what Assets hides: it is not shown, whoever names it here
  const legend = element('legend', { dir: 'auto' });
  const list = element('ol.ordered');
  const others = element('div.line');
  const all = button('', forget, 'small');
  const whole = element('fieldset.entry', {}, legend, list, others, all);
  const type = () => nameOf('object_types', id) ?? id;

  function draw() {
    legend.textContent = type();
    all.textContent = text('columns.forget', { type: type() });
    list.replaceChildren(...names.map(line));
    const left = (known ?? []).filter((name) => !names.includes(name));
    others.replaceChildren(...left.map(offer));
    if (names.length === 0) list.replaceChildren(element('li.subtle', { text: text('columns.none') }));
  }

  function replace(next, said, focused) {
    names = next;
    draw();
    tell();
    announce(said);
    focusOn(whole, focused) || all.focus();
  }

  function swap(a, b) {
    if (b < 0 || b >= names.length) return;
    const next = [...names];
    [next[a], next[b]] = [next[b], next[a]];
    replace(next, text('columns.moved', { name: names[a], place: b + 1, count: names.length }), text(b < a ? 'columns.up' : 'columns.down', { name: names[a] }));
  }

  function remove(at) {
    const left = names.toSpliced(at, 1);
    const next = left[at] ?? left[at - 1];
    replace(left, text('find.removed', { name: names[at] }), next ? text('columns.remove', { name: next }) : '');
  }

  const line = (name, at) => element('li.line', {},
    element('span.ordered-name', {}, element('span', { text: name, dir: 'auto' }), known && !known.includes(name) && element('span.subtle', { text: ` ${text(covered.includes(name) ? 'columns.hidden' : 'columns.gone')}` })),
    button('↑', () => swap(at, at - 1), 'small', { 'aria-label': text('columns.up', { name }), 'aria-disabled': at === 0 ? 'true' : null }),
    button('↓', () => swap(at, at + 1), 'small', { 'aria-label': text('columns.down', { name }), 'aria-disabled': at === names.length - 1 ? 'true' : null }),
    button('×', () => remove(at), 'small', { 'aria-label': text('columns.remove', { name }) }));

  function offer(name) {
    const add = () => replace([...names, name], text('find.added', { name }), text('columns.remove', { name }));
    const made = button('', add, 'small column-add', { 'aria-label': text('columns.show', { name }) });
    made.append(element('span', { text: name, dir: 'auto' }));
    return made;
  }

  async function learn() {
    try {
      const found = (await choices('attributes', id)).choices;
      covered = found.filter((one) => one.hidden).map((one) => one.name);
      known = found.filter((one) => !one.hidden).map((one) => one.name);
      if (fresh) names = [...known];
      draw();
      if (fresh) tell();
    } catch {
      others.replaceChildren(element('p.field-hint', { text: text('columns.unknown') }));
    }
  }

  draw();
  learn();
  return { element: whole, draw, names: () => (fresh && !known ? null : names) };
}

function focusOn(within, label) {
  const found = label && [...within.querySelectorAll('[aria-label]')].find((one) => one.getAttribute('aria-label') === label);
  if (found) found.focus();
  return Boolean(found);
}
