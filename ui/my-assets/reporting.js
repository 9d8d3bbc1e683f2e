/** Reports a problem with an asset: a form in place of its button, one request for each press. */
import { announce } from '../announce.js';
import { call, visit } from '../door.js';
import { button, element, holding, newId } from '../elements.js';
import { said as sentenceOf } from '../said.js';
import { trouble } from '../trouble.js';
import { text } from '../words.js';

const MOST = { summary: 255, description: 30_000 };

export function reporting(asset) {
  const whole = element('div.reporting');
  const name = asset.label || asset.object_key;
  const opener = button(text('report.open'), () => open(), 'small', { 'aria-label': text('report.of', { name }) });
  const close = (...left) => {
    whole.replaceChildren(opener, ...left);
    opener.focus();
  };
  const open = () => {
    const made = form(asset, name, close);
    whole.replaceChildren(made);
    made.querySelector('input').focus();
  };
  whole.append(opener);
  return whole;
}

function form(asset, name, close) {
  const summary = field('summary', element('input.input', { maxlength: String(MOST.summary), dir: 'auto', autocomplete: 'off', required: true, 'aria-required': 'true' }));
  const description = field('description', element('textarea.input', { maxlength: String(MOST.description), dir: 'auto', rows: '4' }));
  const said = element('div.stack');
  const sent = element('button.button.button-main', { type: 'submit', text: text('report.send') });
  const keyFor = presses();

  async function send() {
    const body = { summary: summary.box.value, description: description.box.value };
    said.replaceChildren();
    try {
      const made = await call('POST', `my-assets/${encodeURIComponent(asset.object_id)}/report`, { body, key: keyFor(body) });
      close(done(made));
      announce(text('report.done', { key: made.request_key }));
    } catch (error) {
      if (error.kind === 'outcome-unknown') keyFor.forget();
      [summary, description].forEach((one) => one.complain(error.problems ?? []));
      said.replaceChildren(trouble(error, { again: () => holding(sent, send), topic: 'report' }));
    }
  }

  const submit = (event) => {
    event.preventDefault();
    if (summary.box.value.trim()) holding(sent, send);
    else summary.complain([{ field: 'summary', message: text('report.summary.missing') }]);
  };
  const leave = (event) => event.key === 'Escape' && close();
  return element('form.stack.report', { novalidate: true, 'aria-label': text('report.of', { name }), on: { submit, keydown: leave } },
    element('p.subtle', { text: text('report.lead') }), summary.element, description.element,
    element('div.line', {}, sent, button(text('report.cancel'), () => close(), 'quiet')), said);
}

/** The same text sent again is the same press: a lost answer makes no second request. */
function presses() {
  let last;
  let key;
  const keyFor = (body) => {
    const now = JSON.stringify(body);
    if (now !== last || !key) key = crypto.randomUUID();
    last = now;
    return key;
  };
  keyFor.forget = () => (key = undefined);
  return keyFor;
}

function field(name, box) {
  box.id = newId('report');
  const problem = element('p.field-problem', { id: newId('problem') });
  box.setAttribute('aria-describedby', problem.id);
  const complain = (problems) => {
    problem.textContent = problems.filter((one) => one.field === name).map(sentenceOf).join(' ');
    box.setAttribute('aria-invalid', String(problem.textContent !== ''));
    if (problem.textContent) box.focus();
  };
  return { box, complain, element: element('div.field.field-wide', {}, element('label.field-label', { for: box.id, text: text(`report.${name}`) }), box, problem) };
}

/** Only an address of the web becomes a link, whatever an answer says. */
function done({ request_key: key, url }) {
  const web = /^https?:\/\//.test(url ?? '');
  const open = (event) => {
    event.preventDefault();
    visit(url).catch(() => null);
  };
  return element('p.notice.notice-success', {},
    element('span', { text: text('report.done', { key }) }),
    web && element('a', { href: url, target: '_blank', rel: 'noopener noreferrer', text: text('report.link', { key }), on: { click: open } }));
}
