/** The page of the administration. Whether this person is an administrator, the app asks Jira at each call. */
import { PARTS } from './admin/parts.js';
import { panel } from './admin/imports/panel.js';
import { section } from './admin/section.js';
import { stored } from './admin/stored.js';
import { call, locale, start, timeZone } from './door.js';
import { element } from './elements.js';
import { trouble } from './trouble.js';
import { speak, text } from './words.js';

async function open() {
  await speak(locale() || document.documentElement.lang, timeZone());
  document.title = text('admin.title');
  document.querySelector('h1').textContent = text('admin.title');
  start().catch(() => null); // the first call tells of it, with a way to try again
  await load(document.getElementById('page'));
}

async function load(page) {
  const title = element('h1', { text: text('admin.title') });
  try {
    const states = await call('GET', 'settings');
    page.replaceChildren(title, element('p.lead', { text: text('admin.lead') }), ...whole(states));
  } catch (error) {
    const within = page.contains(document.activeElement);
    page.replaceChildren(title, trouble(error, { again: () => load(page), topic: 'admin' }));
    if (within) page.focus();
  }
  page.removeAttribute('aria-busy');
}

function whole(states) {
  const sections = [];
  const next = (after) => () => sections.find((one) => one.name !== after && !one.done() && PARTS.find((part) => part.name === one.name).unset === 'missing');
  PARTS.forEach((part, at) => {
    const made = section({ ...part, step: at + 1 }, next(part.name));
    made.write(states[part.name] ?? { set: false });
    sections.push(made);
  });
  next()()?.open();
  const imports = panel();
  imports.load();
  return [element('div.parts', {}, ...sections.map((one) => one.element)), imports.element, stored()];
}

await open();
