/** The page of the administration. Whether this person is an administrator, the app asks Jira at each call. */
import { expiryNote } from './admin/expiry.js';
import { panel } from './admin/imports/panel.js';
import { leavers } from './admin/leavers.js';
import { partsOf } from './admin/parts.js';
import { section } from './admin/section.js';
import { siteNotes } from './admin/site.js';
import { stored } from './admin/stored.js';
import { call, importSource, locale, start, timeZone } from './door.js';
import { element } from './elements.js';
import { trouble } from './trouble.js';
import { speak, text } from './words.js';

async function open() {
  await speak((await locale()) || document.documentElement.lang, await timeZone());
  document.title = text('admin.title');
  document.querySelector('h1').textContent = text('admin.title');
  start().catch(() => null); // the first call tells of it, with a way to try again
  await load(document.getElementById('page'));
}

async function load(page) {
  const title = element('h1', { text: text('admin.title') });
  try {
    const [states, about, source] = await Promise.all([call('GET', 'settings'), call('GET', 'site'), importSource()]);
    page.replaceChildren(title, element('p.lead', { text: text('admin.lead') }), ...siteNotes(about), ...whole(about.door, suggested(states, source)));
  } catch (error) {
    const within = page.contains(document.activeElement);
    page.replaceChildren(title, trouble(error, { again: () => load(page), topic: 'admin' }));
    if (within) page.focus();
  }
  page.removeAttribute('aria-busy');
}

/** An import that is not set up yet begins with the one the page was opened for. */
const suggested = (states, source) => (source && !states.import?.set ? { ...states, import: { ...states.import, ...source } } : states);

function whole(door, states) {
  const parts = partsOf(door);
  const sections = [];
  const next = (after) => () => sections.find((one) => one.name !== after && !one.done() && parts.find((part) => part.name === one.name).unset === 'missing');
  const expiry = expiryNote(() => sections.find((one) => one.name === 'entra').enter());
  const gone = leavers();
  const told = { entra: expiry.write, import: gone.write };
  parts.forEach((part, at) => {
    const made = section({ ...part, step: at + 1 }, next(part.name), told[part.name]);
    made.write(states[part.name] ?? { set: false });
    sections.push(made);
  });
  next()()?.open();
  const imports = panel();
  imports.load();
  return [expiry.element, element('div.parts', {}, ...sections.map((one) => one.element)), imports.element, gone.element, stored(door)];
}

await open();
