/** The page of the administration. Whether this person is an administrator, the app asks Jira at each call. */
import { forgetChoices } from './admin/choices.js';
import { expiryNote } from './admin/expiry.js';
import { goodbye } from './admin/goodbye.js';
import { guide } from './admin/guide/guide.js';
import { panel } from './admin/imports/panel.js';
import { leavers } from './admin/leavers.js';
import { partsOf } from './admin/parts.js';
import { section } from './admin/section.js';
import { siteNotes } from './admin/site.js';
import { stored } from './admin/stored.js';
import { unsaved } from './admin/unsaved.js';
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
    page.replaceChildren(title, element('p.lead', { text: text('admin.lead') }), ...siteNotes(about), ...whole(about, suggested(states, source)));
  } catch (error) {
    const within = page.contains(document.activeElement);
    page.replaceChildren(title, trouble(error, { again: () => load(page), topic: 'admin' }));
    if (within) page.focus();
  }
  page.removeAttribute('aria-busy');
}

/** An import that is not set up yet begins with the one the page was opened for. */
const suggested = (states, source) => (source && !states.import?.set ? { ...states, import: { ...states.import, ...source } } : states);

/** The sections tell their states, the imports their runs; the way through setting up follows from both. */
function whole(about, first) {
  const { door, trust } = about;
  const states = { ...first };
  let runs = null;
  const sections = [];
  const named = (name) => sections.find((one) => one.name === name);
  const steps = guide(door, (place) => (named(place) ?? imports).enter(place));
  const typed = unsaved(() => sections);
  const imports = panel((now) => {
    runs = now;
    steps.write(states, runs);
  });
  const expiry = expiryNote(() => named('entra').enter());
  const gone = leavers();
  const told = { entra: expiry.write, import: gone.write, 'assets-access': forgetChoices };
  for (const part of partsOf(door)) {
    const made = section(part, steps.next, (now) => {
      states[part.name] = now;
      told[part.name]?.(now);
      steps.write(states, runs);
      typed.refresh();
    }, typed.refresh);
    sections.push(made);
  }
  sections.forEach((one) => one.write(states[one.name] ?? { set: false }));
  imports.load();
  return [expiry.element, steps.element, element('h2', { text: text('settings') }), element('div.parts', {}, ...sections.map((one) => one.element)),
    imports.element, gone.element, stored(door, trust), goodbye(about), typed.element];
}

await open();
