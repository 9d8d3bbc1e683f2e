/** What stands around a control: its label, its hint and what is wrong with it. */
import { element, newId } from '../../elements.js';
import { has, text } from '../../words.js';

/** One control with its own label. `key` names its words: `<key>` and, if there, `<key>.hint`. */
export function framed(key, control, { kind = '', needed = false, after = null } = {}) {
  const { hint, problem, show } = around(key, control);
  control.id = newId('field');
  control.classList.add('input');
  if (needed) control.setAttribute('aria-required', 'true');
  const whole = element('div.field', {}, element('label.field-label', { for: control.id, text: text(key) }), hint, control, after, problem);
  if (kind) whole.classList.add(`field-${kind}`);
  return { element: whole, show, focus: () => control.focus() };
}

/** Several controls under one name. The focus goes to the first that takes it. */
export function grouped(key, ...children) {
  const whole = element('fieldset.field', {}, element('legend.field-label', { text: text(key) }));
  const { hint, problem, show } = around(key, whole);
  whole.append(...[hint, ...children, problem].filter(Boolean));
  return { element: whole, show, focus: () => whole.querySelector('input, select, textarea, button')?.focus() };
}

/** A box to tick, with its words beside it. */
export function tick(type, label, attributes = {}) {
  const box = element('input', { type, ...attributes });
  return { box, element: element('label.choice', {}, box, element('span', { text: label })) };
}

function around(key, described) {
  const problem = element('p.field-problem', { id: newId('problem') });
  const hint = has(`${key}.hint`) && element('p.field-hint', { id: newId('hint'), text: text(`${key}.hint`) });
  describe(described, [hint && hint.id, problem.id]);
  const show = (message) => {
    problem.textContent = message;
    if (message) described.setAttribute('aria-invalid', 'true');
    else described.removeAttribute('aria-invalid');
  };
  return { hint: hint || null, problem, show: described.tagName === 'FIELDSET' ? (message) => (problem.textContent = message) : show };
}

export const describe = (control, ids) => control.setAttribute('aria-describedby', ids.filter(Boolean).join(' '));
