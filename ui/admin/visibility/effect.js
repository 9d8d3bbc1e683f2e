/** The effect of unsaved rules, in numbers: people first, then the types, then what was not counted. */
import { element, typed } from '../../elements.js';
import { has, list, text } from '../../words.js';

const PEOPLE = ['lose_access', 'gain_access', 'lose', 'gain', 'changed'];
const ASSETS = ['disappear', 'appear', 'changed'];
// What is there, but is nobody's that the numbers leave out.
const EXACT_ALL_THE_SAME = ['people_without_assets', 'unknown_owners', 'not_linked'];

export function effectOf(effect) {
  const least = !complete(effect);
  const none = nothing(effect);
  return [
    none && element('p', { text: text(least ? 'effect.nothing-found' : 'effect.nothing') }),
    !none && numbers('people', PEOPLE, effect.people, least),
    !none && numbers('assets', ASSETS, effect.assets, least),
    effect.object_types.length > 0 && element('ul.stack.trial-types', { 'aria-label': text('effect.types') }, ...effect.object_types.map((one) => typeLine(one, least))),
    remarks(effect),
  ].filter(Boolean);
}

/** The same, short enough to be listened to. */
export function effectSaid(effect) {
  if (nothing(effect)) return text(complete(effect) ? 'effect.nothing' : 'effect.nothing-found');
  return PEOPLE.filter((name) => effect.people[name]).map((name) => text(`effect.people.${name}.said`, { count: effect.people[name] }))
    .concat(effect.object_types.length ? text('effect.types.said', { count: effect.object_types.length }) : []).join(' ');
}

const complete = ({ not_counted: codes }) => codes.every((code) => EXACT_ALL_THE_SAME.includes(code));

const nothing = ({ people, assets, object_types: types }) =>
  types.length === 0 && [...PEOPLE.map((name) => people[name]), ...ASSETS.map((name) => assets[name])].every((count) => count === 0);

/** Losing and gaining are always told; the rest where there is some. */
function numbers(of, names, counts, least) {
  const told = names.filter((name) => counts[name] > 0 || ['lose', 'gain'].includes(name));
  if (told.length === 0) return null;
  return element('div.stack', {}, element('h4', { text: text(`effect.${of}`) }),
    element('dl.counts', {}, ...told.map((name) => element('div', { class: counts[name] && /lose|disappear/.test(name) ? 'count-less' : null },
      element('dt', { text: text(`effect.${of}.${name}`) }),
      element('dd', { text: amount(counts[name], least) })))));
}

const amount = (count, least) => text(least && count > 0 ? 'effect.at-least' : 'effect.exactly', { count });

function typeLine(type, least) {
  return element('li', {}, element('strong', {}, typed(type.object_type.name)), ' ', element('span.subtle', {}, typed(type.schema.name)),
    element('ul.named', {}, ...sentences(type, least).map((one) => element('li', {}, one))));
}

function sentences({ seen, appear, disappear, changed, attributes, known }, least) {
  const total = known > 0 && least ? [text('effect.type.known', { count: known })] : [];
  const told = [
    seen.before && !seen.after && text('effect.type.goes'),
    !seen.before && seen.after && text('effect.type.comes'),
    disappear > 0 && text(least ? 'effect.type.disappear.least' : 'effect.type.disappear', { count: disappear }),
    appear > 0 && text(least ? 'effect.type.appear.least' : 'effect.type.appear', { count: appear }),
    changed > 0 && text(least ? 'effect.type.changed.least' : 'effect.type.changed', { count: changed }),
    attributes.disappear.length > 0 && text('effect.type.less', { names: list(attributes.disappear) }),
    attributes.appear.length > 0 && text('effect.type.more', { names: list(attributes.appear) }),
    attributes.reordered && text('effect.type.order'),
  ];
  return [...told.filter(Boolean), ...total];
}

function remarks({ not_counted: codes, people, assets }) {
  const values = { looked: people.looked_at, known: people.known, read: assets.looked_at, all: assets.known ?? '?' };
  const told = codes.map((code) => `effect.not-counted.${code}`).filter(has);
  if (told.length === 0) return null;
  return element('div.trial-remarks', {}, element('h4', { text: text('effect.not-counted') }),
    element('ul.named.subtle', {}, ...told.map((key) => element('li', { text: text(key, values) }))));
}
