/** When to import by itself: not at all, or each hour, day or week at a time of a place. */
import { element } from '../../elements.js';
import { text } from '../../words.js';
import { framed, grouped } from './frame.js';

const EVERY = ['', 'hour', 'day', 'week'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function schedule(spec, key) {
  const every = choice(EVERY, (value) => text(`${key}.every.${value || 'never'}`));
  const day = choice(DAYS, (value) => text(`${key}.day.${value}`));
  const at = element('input', { type: 'time', value: '02:00' });
  const zone = element('input', { type: 'text', list: 'time-zones', autocomplete: 'off', spellcheck: 'false', dir: 'ltr' });
  const named = [['every', every], ['day', day], ['at', at], ['time_zone', zone]].map(([name, box]) => [name, framed(`${key}.${name}`, box, { kind: 'short' })]);
  const frame = grouped(key, element('div.line.line-top', {}, ...named.map(([, made]) => made.element)), zones());

  const fit = () => {
    const show = { every: true, day: every.value === 'week', at: every.value === 'day' || every.value === 'week', time_zone: every.value !== '' };
    named.forEach(([name, made]) => (made.element.hidden = !show[name]));
  };
  every.addEventListener('change', fit);
  const write = (value) => {
    every.value = value?.every ?? '';
    day.value = value?.day ?? 'mon';
    at.value = value?.at ?? '02:00';
    zone.value = value?.time_zone ?? ownZone();
    fit();
  };
  const read = () => (every.value === '' ? null : {
    every: every.value,
    ...(every.value === 'week' && { day: day.value }),
    ...(every.value !== 'hour' && { at: at.value }),
    time_zone: zone.value.trim(),
  });
  return { ...frame, read, write };
}

const choice = (values, label) => element('select', {}, ...values.map((value) => element('option', { value, text: label(value) })));

const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';

const zones = () => element('datalist', { id: 'time-zones' }, ...Intl.supportedValuesOf('timeZone').map((value) => element('option', { value })));
