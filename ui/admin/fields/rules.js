/** Whose an asset is: for a type, which attribute names the owner, and what stands in it. */
import { button, element } from '../../elements.js';
import { text } from '../../words.js';
import { allChoices, nameOf, placeOf } from '../choices.js';
import { suggested } from './attributes.js';
import { grouped } from './frame.js';
import { changed } from './picker.js';

const MATCHES = ['account', 'email', 'entra_id', 'person'];

export function rules(spec, key) {
  const body = element('ul.stack');
  const append = () => {
    const line = row({ object_type: '*', attribute: '', match: 'account' });
    body.append(line.element);
    changed(body);
    line.element.querySelector('select').focus();
  };
  const more = button(text('rules.add'), append, 'small');
  const frame = grouped(key, body, more);
  const lines = new Map();

  function row(rule) {
    const type = types(rule.object_type);
    const attribute = suggested(text('rules.attribute'), () => (type.value === '*' ? '' : type.value));
    attribute.value = rule.attribute;
    const match = element('select.input', { 'aria-label': text('rules.match') }, ...MATCHES.map((value) => element('option', { value, text: text(`rules.match.${value}`) })));
    match.value = rule.match;
    const made = element('li.rule', {}, type, attribute, match, button(text('rules.remove'), () => {
      lines.delete(made);
      made.remove();
      changed(body);
      more.focus();
    }, 'small'));
    lines.set(made, () => ({ object_type: type.value, attribute: attribute.value.trim(), match: match.value }));
    return { element: made };
  }

  const write = (value) => {
    lines.clear();
    body.replaceChildren(...(value ?? []).map((rule) => row(rule).element));
  };
  return { ...frame, read: () => [...lines.values()].map((read) => read()), write };
}

function types(chosen) {
  const box = element('select.input', { 'aria-label': text('rules.type') }, element('option', { value: '*', text: text('rules.type.all') }));
  if (chosen !== '*') box.append(element('option', { value: chosen, text: nameOf('object_types', chosen) ?? chosen }));
  box.value = chosen;
  const fill = async () => {
    const all = await allChoices('object_types').catch(() => []);
    const kept = box.value;
    const options = all.map((type) => element('option', { value: type.id, text: placeOf(type) ? `${type.name} · ${placeOf(type)}` : type.name }));
    const gone = kept !== '*' && !all.some((type) => type.id === kept) ? [element('option', { value: kept, text: kept })] : [];
    box.replaceChildren(box.options[0], ...options, ...gone);
    box.value = kept;
  };
  box.addEventListener('focus', fill, { once: true });
  if (chosen !== '*') fill();
  return box;
}
