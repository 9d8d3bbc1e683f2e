/** One part of the settings: its state, its form, and what can be done with it. */
import { announce } from '../announce.js';
import { call } from '../door.js';
import { button, element, holding, newId } from '../elements.js';
import { said } from '../said.js';
import { trouble } from '../trouble.js';
import { has, text, worded } from '../words.js';
import { asking } from './asking.js';
import { findingList, findings } from './findings.js';
import { form } from './form.js';
import { trial } from './visibility/trial.js';

const BESIDE = { visibility: trial }; // what stands beside a part's fields and follows them

/**
 * @param {object} part one of `partsOf`, with its place in the order as `step`
 * @param {function(): {words, enter}} next gives what should come next in setting up
 * @param {function(object)} told takes each state of the part
 * @param {function()} touched is told whenever something was typed
 */
export function section(part, next, told = () => null, touched = () => null) {
  const fields = form(part);
  const beside = BESIDE[part.name]?.(fields.read);
  const result = element('div.stack', { tabindex: '-1' });
  const lozenge = element('span.lozenge');
  const body = element('form.part-body', { id: newId('part'), hidden: true, novalidate: true, 'aria-label': text(`part.${part.name}`) });
  const opener = element('button.part-open', { type: 'button', 'aria-expanded': 'false', 'aria-controls': body.id },
    element('span.part-words', {}, element('span.part-name', { text: text(`part.${part.name}`) }), lozenge));
  let state = {};

  const open = (opened = true) => {
    body.hidden = !opened;
    opener.setAttribute('aria-expanded', String(opened));
    if (opened) fields.opened();
    if (opened) beside?.look();
  };

  function write(now) {
    state = now;
    fields.write(now);
    tell(lozenge, part, now);
    forget.element.hidden = !now.set;
    told(now);
    beside?.written();
  }

  async function save() {
    fields.clear();
    result.replaceChildren();
    try {
      const { findings: found = [], ...now } = await call('PUT', `settings/${part.name}?findings=true`, { body: fields.read() });
      write(now);
      saved(found);
    } catch (error) {
      failed(error, save);
    }
  }

  function saved(found) {
    const following = next();
    const onwards = button(following.words, following.enter, 'main');
    const kind = found.length ? 'notice-warning' : 'notice-success';
    result.replaceChildren(element(`div.notice.${kind}`, {}, element('p', { text: text('part.saved') }), findingList(found, fields.lineOf), onwards));
    announce([text('part.saved'), ...found.map(said)].join(' '));
  }

  function failed(error, again) {
    if (error.kind === 'input' && error.problems.length) {
      fields.showProblems(error.problems);
      return;
    }
    result.replaceChildren(trouble(error, { again, topic: 'admin' }));
    result.focus();
  }

  async function check() {
    fields.clear();
    result.replaceChildren(element('p', { role: 'status', text: text('check.running') }));
    try {
      const answer = await call('POST', `settings/${part.name}/check`, { body: fields.read() });
      result.replaceChildren(findings(answer, fields.lineOf));
      result.focus();
    } catch (error) {
      result.replaceChildren();
      failed(error, check);
    }
  }

  async function forgetNow() {
    try {
      await call('DELETE', `settings/${part.name}`);
      fields.clear();
      write({ set: false });
      result.replaceChildren(element('div.notice', {}, element('p', { text: text(`forget.done.${part.unset}`) })));
      announce(text(`forget.done.${part.unset}`));
      opener.focus();
    } catch (error) {
      failed(error, forgetNow);
    }
  }

  const keep = element('button.button.button-main', { type: 'submit', text: text('part.save') });
  const probe = part.checks && button(text('part.check'), () => holding(probe, check));
  const forget = asking({ label: text(`forget.${part.name}`), question: text(worded(`forget.${part.name}.ask`, part.door)), yes: text(has(`forget.${part.name}.yes`) ? `forget.${part.name}.yes` : 'forget.yes'), no: text('forget.no'), act: forgetNow });
  const lead = element('p.lead', { text: text(worded(`part.${part.name}.lead`, part.door)) });
  body.append(lead, beside ? element('div.editor', {}, fields.element, beside.element) : fields.element, element('div.line', {}, keep, probe || '', forget.element), result);
  body.addEventListener('submit', (event) => {
    event.preventDefault();
    holding(keep, save);
  });
  body.addEventListener('input', () => {
    tell(lozenge, part, state, fields.edited());
    touched();
    beside?.changed();
  });
  opener.addEventListener('click', () => open(body.hidden));

  const enter = () => {
    open();
    opener.scrollIntoView({ block: 'start' });
    opener.focus();
  };
  const whole = element('section.part', { id: part.name }, element('h3', {}, opener), body);
  return { name: part.name, element: whole, write, open, enter, edited: fields.edited };
}

function tell(lozenge, part, state, edited = false) {
  const [word, kind] = stateOf(part, state, edited);
  lozenge.textContent = text(`state.${word}`);
  lozenge.className = `lozenge ${kind}`;
}

function stateOf(part, state, edited) {
  if (edited) return ['edited', 'lozenge-news'];
  if (state.set && state.readable === false) return ['unreadable', 'lozenge-error'];
  if (state.set && part.gives && !state[part.gives]) return ['not-given', 'lozenge-warning'];
  if (state.set) return [part.whenSet ?? 'set', 'lozenge-success'];
  return [part.unset, part.unset === 'missing' ? 'lozenge-warning' : ''];
}
