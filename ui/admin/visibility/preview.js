/** One person's list by unsaved rules: what it shows, in which order, why, and what it no longer shows. */
import { button, element, typed } from '../../elements.js';
import { has, text } from '../../words.js';

const AT_ONCE = 8;

export function previewOf(preview, name) {
  const shown = rows(preview.assets.map((one, at) => assetLine(one, at === 0)), preview.total, 'preview.shown');
  const leaving = rows(preview.leaving.map(leavingLine), preview.effect.disappear, 'preview.leaving');
  return [
    ...notes(preview, name),
    preview.allowed && preview.total === 0 && element('p', { text: text('preview.nothing') }),
    ...(preview.total > 0 ? [element('h4', { text: text('preview.total', { count: preview.total }) }), shown] : []),
    ...(preview.leaving.length > 0 ? [element('h4', { text: text('preview.leaving', { count: preview.effect.disappear }) }), leaving] : []),
    preview.masked && preview.total > 0 && element('p.subtle', { text: text('preview.masked') }),
  ].filter(Boolean);
}

export function previewSaid({ allowed, total, effect }, name) {
  const who = name || text('trial.person.you');
  if (!allowed) return text('preview.said.refused', { name: who });
  const told = [text('preview.said', { name: who, count: total })];
  if (effect.disappear) told.push(text('preview.leaving', { count: effect.disappear }));
  return told.join(' ');
}

function notes({ allowed, person, two_persons: two, complete, saved }) {
  return [
    !allowed && element('div.notice.notice-warning', {}, element('p', { text: text(saved.allowed ? 'preview.refused.now' : 'preview.refused') })),
    allowed && !saved.allowed && element('div.notice', {}, element('p', { text: text('preview.let-in') })),
    two && element('p.subtle', { text: text('preview.two-persons') }),
    allowed && !two && person === 'unmatched' && element('p.subtle', { text: text('preview.unmatched') }),
    !complete && element('p.subtle', { text: text('preview.partly') }),
  ];
}

function rows(lines, total, key) {
  const all = element('ul.trial-rows', { 'aria-label': text(key === 'preview.shown' ? 'preview.total' : key, { count: total }) }, ...lines.slice(0, AT_ONCE));
  const rest = lines.slice(AT_ONCE);
  if (rest.length === 0) return beyond(all, total - lines.length);
  const more = button(text('preview.more', { count: rest.length }), () => {
    all.append(...rest);
    more.remove();
    rest[0].querySelector('summary, p')?.focus();
  }, 'small');
  return element('div.stack', {}, all, more, ...(total > lines.length ? [further(total - lines.length)] : []));
}

const beyond = (all, left) => (left > 0 ? element('div.stack', {}, all, further(left)) : all);

const further = (count) => element('p.subtle', { text: text('preview.further', { count }) });

function assetLine(asset, open) {
  const news = asset.change !== 'stays' && element('span.lozenge.lozenge-news', { text: text(`preview.${asset.change}`) });
  return element('li', {}, element('details', { open },
    element('summary', {}, element('strong', {}, typed(asset.label || asset.object_key)), ' ', about(asset), news && ' ', news),
    element('dl.trial-facts', {}, ...asset.attributes.map(fact)),
    reasons(asset.reasons.filter((one) => one.rule === 'owner'))));
}

const about = ({ object_type: type, object_key: key }) => element('span.subtle', {}, typed(`${type.name} · ${key}`));

function fact({ name, values }) {
  const shown = values.length ? values.map((value) => typed(value, 'span.value')) : [element('span.subtle', { text: text('mine.no-value') })];
  return element('div.fact', {}, element('dt', { text: name, dir: 'auto' }), element('dd', {}, ...shown));
}

const leavingLine = (asset) => element('li.trial-leaving', {},
  element('p', { tabindex: '-1' }, element('strong', {}, typed(asset.label || asset.object_key)), ' ', about(asset)), reasons(asset.reasons));

function reasons(given) {
  const told = given.map(({ rule, outcome }) => `preview.why.${rule}.${outcome}`).filter(has);
  return told.length > 0 && element('p.subtle', { text: told.map((key) => text(key)).join(' ') });
}
