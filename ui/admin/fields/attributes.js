/** An attribute's name, with the names there are as suggestions. */
import { element, newId } from '../../elements.js';
import { choices } from '../choices.js';

/** @param {function(): string} type gives the id of the type whose names are wanted; empty for any */
export function suggested(label, type = () => '') {
  const names = element('datalist', { id: newId('attributes') });
  const box = element('input.input', { type: 'text', list: names.id, autocomplete: 'off', spellcheck: 'false', dir: 'auto', 'aria-label': label, placeholder: label });
  box.addEventListener('focus', () => {
    box.after(names);
    fill(names, type());
  });
  return box;
}

async function fill(names, type) {
  if (names.dataset.type === type) return;
  names.dataset.type = type;
  const page = await choices('attributes', type).catch(() => ({ choices: [] }));
  const distinct = [...new Set(page.choices.map((choice) => choice.name))];
  names.replaceChildren(...distinct.map((value) => element('option', { value })));
}
