/** What is kept where, why and for how long: as the app declares it, in plain words. */
import { element } from '../elements.js';
import { has, text, worded } from '../words.js';

const STORES = ['customer\'s Jira', 'customer\'s Assets', 'instance table', 'queue', 'logs', 'receipts'];
const NOT_KEPT = ['passing', 'never'];
const DAY_S = 86_400;

/** @param {object} trust what `/trust.json` says too */
export function stored(door, { kept = [], region = '' } = {}) {
  const places = STORES.filter((store) => kept.some((one) => one.store === store));
  return element('section.stack.stored', { 'aria-labelledby': 'stored' },
    element('h2', { id: 'stored', text: text('stored') }),
    element('p.lead', { text: text('stored.lead') }),
    ...places.map((store) => placeOf(store, kept.filter((one) => one.store === store && fits(one, door)))),
    element('dl', {}, ...NOT_KEPT.map((place) => element('div.stored-place', {},
      element('dt', { text: text(`stored.${place}`) }), element('dd', { text: text(worded(`stored.${place}.what`, door)) })))),
    element('p.subtle', { text: text('stored.limit') }),
    region && element('p.subtle', {}, text('stored.region'), ' ', element('span', { text: region, dir: 'ltr' })));
}

/** A secret of Connect is nothing to a site that came by Forge. */
const fits = (one, door) => door === 'connect' || one.class !== 'connect secret';

function placeOf(store, kept) {
  return element('details.stored-store', {},
    element('summary', {}, text(`store.${slug(store)}`), ' ', element('span.subtle', { text: text('stored.kinds', { count: kept.length }) })),
    element('ul.stack', {}, ...kept.map(entry)));
}

function entry(one) {
  const key = `kept.${slug(one.class)}`;
  const marks = [one.sealed && ['sealed', 'success'], one.persons && ['persons', 'news']].filter(Boolean);
  return element('li.entry', {},
    element('p', {}, element('strong', spoken(key, one.class)), ...marks.map(([name, kind]) => element(`span.lozenge.lozenge-${kind}.stored-mark`, { text: text(`stored.${name}`) }))),
    element('p', spoken(`${key}.what`, `${one.holds}: ${one.purpose}`)),
    element('p.subtle', { text: howLong(one, key) }));
}

/** What has no words yet is told as the app declares it, in English. */
const spoken = (key, english) => (has(key) ? { text: text(key) } : { text: english, lang: 'en' });

function howLong({ longest_seconds: seconds, counted_from: from, owner }, key) {
  if (seconds === null || seconds === undefined) return text(owner === 'vendor' ? 'stored.proof' : 'stored.wanted');
  const since = has(`${key}.from`) ? text(`${key}.from`) : from;
  if (seconds === 0) return text('stored.at-once', { since });
  return seconds < 2 * DAY_S ? text('stored.hours', { count: Math.round(seconds / 3600), since }) : text('stored.days', { count: Math.round(seconds / DAY_S), since });
}

export const slug = (name) => name.replaceAll(/[^a-z]+/gi, '_').toLowerCase();
