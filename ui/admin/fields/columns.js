/** Which attributes a type shows, in which order. A type that is not named here shows all. */
import { button, element } from '../../elements.js';
import { text } from '../../words.js';
import { allChoices, nameOf } from '../choices.js';
import { suggested } from './attributes.js';
import { finder } from './finder.js';
import { grouped } from './frame.js';
import { changed } from './picker.js';

export function columns(spec, key) {
  let entries = new Map();
  const body = element('div.stack');
  const find = finder('object_types', { pick: (type) => add(type), taken: (id) => entries.has(id) });
  const frame = grouped(key, body, find.element);

  function add(type) {
    entries.set(type.id, []);
    update();
  }

  function update() {
    draw();
    changed(body);
  }

  function draw() {
    body.replaceChildren(...[...entries].map(([id, names]) => entry(id, names)));
  }

  function entry(id, names) {
    const type = nameOf('object_types', id) ?? id;
    const forget = () => {
      entries.delete(id);
      update();
      find.box.focus();
    };
    const replace = (next) => {
      entries.set(id, next);
      update();
    };
    const drawn = () => body.children[[...entries.keys()].indexOf(id)];
    return element('fieldset.entry', {}, element('legend', { text: type, dir: 'auto' }),
      ordered(names, replace, { type }, drawn), adder(names, replace, { id, type }, drawn),
      button(text('columns.forget', { type }), forget, 'small'));
  }

  const write = (value) => {
    entries = new Map(Object.entries(value ?? {}).map(([id, names]) => [id, [...names]]));
    draw();
    if (entries.size) allChoices('object_types').then(draw, () => null);
  };
  return { ...frame, read: () => Object.fromEntries(entries), write };
}

function ordered(names, replace, { type }, drawn) {
  const swap = (a, b) => {
    const next = [...names];
    [next[a], next[b]] = [next[b], next[a]];
    replace(next);
    focusOn(drawn(), text(b < a ? 'columns.up' : 'columns.down', { name: names[a] }));
  };
  const remove = (at) => {
    const left = names.toSpliced(at, 1);
    replace(left);
    focusOn(drawn(), at < left.length ? text('columns.remove', { name: left[at] }) : text('columns.attribute', { type }));
  };
  return element('ol.ordered', {}, ...names.map((name, at) => element('li.line', {},
    element('span.ordered-name', { text: name, dir: 'auto' }),
    button('↑', () => at > 0 && swap(at, at - 1), 'small', { 'aria-label': text('columns.up', { name }) }),
    button('↓', () => at < names.length - 1 && swap(at, at + 1), 'small', { 'aria-label': text('columns.down', { name }) }),
    button('×', () => remove(at), 'small', { 'aria-label': text('columns.remove', { name }) }))));
}

function adder(names, replace, { id, type }, drawn) {
  const label = text('columns.attribute', { type });
  const box = suggested(label, () => id);
  const add = () => {
    const name = box.value.trim();
    if (!name || names.includes(name)) return;
    replace([...names, name]);
    focusOn(drawn(), label);
  };
  box.addEventListener('input', (event) => event.stopPropagation()); // nothing is added yet
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  });
  return element('div.finder-line', {}, box, button(text('columns.add'), add, 'small', { 'aria-label': text('columns.add.for', { type }) }));
}

const focusOn = (within, label) => [...within.querySelectorAll('[aria-label]')].find((one) => one.getAttribute('aria-label') === label)?.focus();
