/** Several choices of a kind, kept as ids, shown by their names. */
import { announce } from '../../announce.js';
import { button, element } from '../../elements.js';
import { text } from '../../words.js';
import { allChoices, nameOf } from '../choices.js';
import { finder } from './finder.js';
import { grouped } from './frame.js';

export function picker(spec, key) {
  let ids = [];
  const chosen = element('ul.chosen');
  const find = finder(spec.of, { pick: (choice) => add(choice), taken: (id) => ids.includes(id) });
  const frame = grouped(key, chosen, find.element);

  function add(choice) {
    ids = [...ids, choice.id];
    draw();
    changed(chosen);
    announce(text('find.added', { name: choice.name }));
  }

  function remove(id) {
    const at = ids.indexOf(id);
    ids = ids.filter((one) => one !== id);
    draw();
    changed(chosen);
    announce(text('find.removed', { name: nameOf(spec.of, id) ?? id }));
    (chosen.querySelectorAll('button')[Math.min(at, ids.length - 1)] ?? find.box).focus();
  }

  function draw() {
    chosen.replaceChildren(...ids.map((id) => {
      const name = nameOf(spec.of, id) ?? id;
      return element('li.chip', {}, element('span', { text: name, dir: 'auto' }),
        button('×', () => remove(id), 'quiet small', { 'aria-label': text('find.remove', { name }) }));
    }));
  }

  /** Saved ids have no names yet: they are asked for, and until then the id stands there. */
  function write(value) {
    ids = [...(value ?? [])];
    draw();
    if (ids.some((id) => nameOf(spec.of, id) === undefined)) allChoices(spec.of).then(draw, () => null);
  }

  return { ...frame, read: () => ids, write };
}

/** Tells the form that something in it changed, as an input would. */
export const changed = (within) => within.dispatchEvent(new Event('input', { bubbles: true }));
