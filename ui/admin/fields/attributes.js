/** An attribute's name, with the names there are as suggestions. */
import { element, newId } from '../../elements.js';
import { allChoices } from '../choices.js';

export function suggested(label) {
  const names = element('datalist', { id: newId('attributes') });
  const box = element('input.input', { type: 'text', list: names.id, autocomplete: 'off', spellcheck: 'false', dir: 'auto', 'aria-label': label, placeholder: label });
  box.addEventListener('focus', () => fill(names), { once: true });
  box.addEventListener('focus', () => box.after(names), { once: true });
  return box;
}

async function fill(names) {
  const all = await allChoices('attributes').catch(() => []);
  const distinct = [...new Set(all.map((choice) => choice.name))];
  names.replaceChildren(...distinct.map((value) => element('option', { value })));
}
