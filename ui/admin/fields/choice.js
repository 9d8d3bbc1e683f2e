/** One choice of Jira's, asked for when the part is opened; one that lies within others waits for them. */
import { element, newId } from '../../elements.js';
import { trouble } from '../../trouble.js';
import { text } from '../../words.js';
import { allChoices } from '../choices.js';
import { framed } from './frame.js';

/** @param {function(string): string|undefined} valueOf reads another field of the form */
export function choice(spec, key, valueOf) {
  const within = spec.within ?? [];
  const box = element('select', { 'aria-busy': 'false' });
  const after = element('div', { id: newId('choice') });
  const frame = framed(key, box, { needed: spec.needed, after });
  let wished = '';
  let asked = null; // for which values of the others

  const parents = () => within.map((name) => valueOf(name) ?? '');
  const none = () => element('option', { value: '', text: text(spec.needed ? 'choice.none' : `${key}.none`) });

  function offer(found) {
    const gone = wished && !found.some((one) => one.id === wished);
    box.replaceChildren(none(), ...found.map((one) => element('option', { value: one.id, text: one.name })), ...(gone ? [element('option', { value: wished, text: wished })] : []));
    box.value = wished;
  }

  async function load() {
    const query = parents();
    asked = query.join('/');
    box.disabled = query.some((value) => !value);
    after.replaceChildren();
    if (box.disabled) return offer([]);
    box.setAttribute('aria-busy', 'true');
    try {
      const found = await allChoices(spec.of, query.join('/'));
      if (asked === query.join('/')) offer(found);
    } catch (error) {
      asked = null;
      after.replaceChildren(trouble(error, { again: load, topic: 'choice' }));
    }
    return box.setAttribute('aria-busy', 'false');
  }

  /** Another desk has other request types: what was chosen within the former one is not meant. */
  const follow = () => {
    if (asked === null || asked === parents().join('/')) return;
    wished = '';
    load();
  };
  const write = (value) => {
    wished = value ?? '';
    offer([]);
    if (asked !== null) load();
  };
  box.addEventListener('input', () => (wished = box.value)); // before the form hears of it
  return { ...frame, read: () => wished || undefined, write, opened: () => asked === null && load(), follow };
}
