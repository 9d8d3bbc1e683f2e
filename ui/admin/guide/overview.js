/** How things stand when everything is set up: a few facts, each leading to where it is changed. */
import { button, element } from '../../elements.js';
import { moment, number, plain, text } from '../../words.js';
import { stateLozenge, worded } from '../imports/run-view.js';

/** @param {object} states of the parts @param {object[]} runs newest first @param {function(string)} enter leads to a part */
export function overview(states, runs, enter) {
  const facts = [
    ['last', 'run', lastImport(runs)],
    ['next', 'import', [nextImport(states.import)]],
    ['who', 'visibility', [whoMay(states.visibility.access)]],
    ['secret', 'entra', [secretEnd(states.entra)]],
    ['reports', 'requests', [text(states.requests?.set ? 'overview.reports.on' : 'overview.reports.off')]],
  ];
  return element('dl.facts', {}, ...facts.map(([name, place, said]) => fact(name, said, () => enter(place))));
}

function fact(name, said, go) {
  const label = text(`overview.${name}`);
  return element('div.fact-line', {}, element('dt', { text: label }), element('dd', {}, ...said),
    element('dd.fact-go', {}, button(text(`overview.${name}.go`), go, 'quiet small', { 'aria-label': `${label}: ${text(`overview.${name}.go`)}` })));
}

function lastImport(runs) {
  const run = runs?.find((one) => one.mode !== 'preview');
  if (!run) return [text('overview.last.none')];
  const why = run.state === 'failed' ? worded('reason', run.reason) : '';
  return [stateLozenge(run.state), ' ', moment(run.ended_at ?? run.started_at), ...(why ? [element('span.fact-why', { text: ` · ${why}` })] : [])];
}

function nextImport({ schedule }) {
  if (!schedule) return text('field.import.schedule.every.never');
  const every = text(`field.import.schedule.every.${schedule.every}`);
  const day = schedule.every === 'week' ? text(`field.import.schedule.day.${schedule.day ?? 'mon'}`) : '';
  const at = schedule.every === 'hour' ? '' : `${schedule.at ?? ''} (${schedule.time_zone})`;
  return [every, day, at].filter(Boolean).join(', ');
}

function whoMay({ mode, groups, customers }) {
  const count = groups.length;
  const people = mode === 'allow' ? (count ? text('overview.who.allow', { count }) : text('overview.who.nobody'))
    : count ? text('overview.who.restrict', { count }) : text('overview.who.everyone');
  return [people, text(customers ? 'overview.who.customers' : 'overview.who.no-customers')].join(' ');
}

function secretEnd({ secret_expiry: expiry, secret_expires_on: day }) {
  if (expiry) return text('overview.secret.ends', { day: plain(expiry.expires_on), left: number(expiry.days_left) });
  return day ? text('overview.secret.on', { day: plain(day) }) : text('overview.secret.unknown');
}
