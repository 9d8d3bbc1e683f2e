/** Fields of one plain value. Each reads and writes the value that stands in the body. */
import { element } from '../../elements.js';
import { moment, text } from '../../words.js';
import { framed, grouped, tick } from './frame.js';

/** A value that is sent and never asked for. */
export function fixed(spec) {
  return { element: null, read: () => spec.initial, write: () => null, show: () => null, focus: () => null };
}

export function words(spec, key) {
  const box = element('input', { type: spec.type ?? 'text', autocomplete: 'off', spellcheck: 'false', dir: spec.type === 'date' ? null : 'ltr' });
  const frame = framed(key, box, { needed: spec.needed, kind: spec.type === 'date' ? 'short' : '' });
  return { ...frame, read: () => box.value.trim() || undefined, write: (value) => (box.value = value ?? '') };
}

export function numeral(spec, key) {
  const box = element('input', { type: 'number', min: spec.min, max: spec.max, step: '1', inputmode: 'numeric' });
  const frame = framed(key, box, { kind: 'short' });
  return { ...frame, read: () => (box.value === '' ? undefined : Number(box.value)), write: (value) => (box.value = value) };
}

/** A secret goes in and never comes back: what is stored is told by its last letters and its date. */
export function secret(spec, key) {
  const box = element('input', { type: 'password', autocomplete: 'new-password', spellcheck: 'false', dir: 'ltr' });
  const stored = element('p.field-hint');
  const frame = framed(key, box, { needed: spec.needed, after: stored });
  const write = (state) => {
    box.value = '';
    stored.textContent = state?.set ? kept(state) : '';
  };
  return { ...frame, read: () => box.value || undefined, write };
}

function kept({ hint, changed_at: changed }) {
  const parts = [hint ? text('secret.stored.hint', { hint }) : text('secret.stored'), changed && text('secret.changed', { time: moment(changed) }), text('secret.keep')];
  return parts.filter(Boolean).join(' ');
}

export function select(spec, key) {
  const box = element('select', {}, ...spec.options.map((value) => element('option', { value, text: text(`${key}.${value}`) })));
  return { ...framed(key, box), read: () => box.value, write: (value) => (box.value = value) };
}

export function check(spec, key) {
  const { box, element: line } = tick('checkbox', text(`${key}.yes`));
  return { ...grouped(key, line), read: () => box.checked, write: (value) => (box.checked = Boolean(value)) };
}

export function checks(spec, key) {
  const ticks = spec.options.map((option) => [option, tick('checkbox', text(`${key}.${option}`))]);
  return {
    ...grouped(key, ...ticks.map(([, made]) => made.element)),
    read: () => Object.fromEntries(ticks.map(([option, { box }]) => [option, box.checked])),
    write: (value) => ticks.forEach(([option, { box }]) => (box.checked = Boolean(value?.[option]))),
  };
}

export function radio(spec, key) {
  const ticks = spec.options.map((option) => [option, tick('radio', text(`${key}.${option}`), { name: key, value: option })]);
  return {
    ...grouped(key, ...ticks.map(([, made]) => made.element)),
    read: () => ticks.find(([, { box }]) => box.checked)?.[0],
    write: (value) => ticks.forEach(([option, { box }]) => (box.checked = option === value)),
  };
}

/** A list, one entry a line. */
export function lines(spec, key) {
  const box = element('textarea', { rows: '3', spellcheck: 'false', dir: 'ltr' });
  const given = () => box.value.split('\n').map((line) => line.trim()).filter(Boolean);
  return {
    ...framed(key, box),
    read: () => (spec.optional && !given().length ? undefined : given()),
    write: (value) => (box.value = (value ?? []).join('\n')),
  };
}
