/** Why an asset is shown or not. The app says the kind of rule; it tells nothing of what is hidden. */
import { announce } from '../announce.js';
import { call } from '../door.js';
import { button, element, holding, newId } from '../elements.js';
import { trouble } from '../trouble.js';
import { has, text } from '../words.js';

const ask = (key) => call('GET', `my-assets/explanation?${new URLSearchParams({ object_key: key })}`);

/** A button on an asset that is shown. */
export function whySeen(key) {
  const said = element('div.stack');
  const pressed = button(text('why.seen'), () => holding(pressed, () => tell(said, key)), 'quiet small');
  return element('div.why', {}, pressed, said);
}

/** A form for an asset that is missing in the list. */
export function whyMissing() {
  const said = element('div.stack');
  const box = element('input.input', { id: newId('why'), dir: 'auto', autocomplete: 'off', spellcheck: 'false', maxlength: '100', required: true });
  const hint = newId('why-hint');
  box.setAttribute('aria-describedby', hint);
  const pressed = element('button.button', { type: 'submit', text: text('why.look') });
  const look = (event) => {
    event.preventDefault();
    const key = box.value.trim().toUpperCase(); // a key has no small letters, whoever types it may
    if (key) holding(pressed, () => tell(said, key));
  };
  return element('details.why-missing', {},
    element('summary', { text: text('why.missing') }),
    element('form.stack', { on: { submit: look } },
      element('div.field', {}, element('label.field-label', { for: box.id, text: text('why.key') }), box, element('p.field-hint', { id: hint, text: text('why.key.hint') })),
      element('div.line', {}, pressed), said));
}

async function tell(said, key) {
  try {
    const sentences = told(await ask(key));
    said.replaceChildren(element('ul.stack', {}, ...sentences.map((one) => element('li', { text: one }))));
    announce(sentences.join(' '));
  } catch (error) {
    const words = error.kind === 'not-there' ? element('p', { text: text('why.not-there') }) : trouble(error, { again: () => tell(said, key), topic: 'why' });
    said.replaceChildren(words);
    if (error.kind === 'not-there') announce(text('why.not-there'));
  }
}

/** What is shown is shown because it is the reader's: that the other rules let it through is no news. */
function told({ visible, reasons }) {
  const telling = visible ? reasons.filter((one) => one.rule === 'owner') : reasons;
  const sentences = telling.map(({ rule, outcome }) => `why.${rule}.${outcome}`).filter(has).map((key) => text(key));
  return sentences.length ? sentences : [text(visible ? 'why.visible' : 'why.hidden')];
}
