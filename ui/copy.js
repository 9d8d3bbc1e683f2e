/** Copies a value. A framed page may be refused the clipboard: then the old way by selection. */
import { announce } from './announce.js';
import { button, element } from './elements.js';
import { text } from './words.js';

/** A button that copies `value`; `name` says what it is. */
export function copyButton(name, value) {
  const pressed = button(text('copy'), async () => {
    const done = await copy(value);
    pressed.textContent = text(done ? 'copy.done' : 'copy.failed');
    announce(text(done ? 'copy.said' : 'copy.failed', { name }));
    setTimeout(() => (pressed.textContent = text('copy')), 2500);
  }, 'quiet small', { 'aria-label': text('copy.what', { name }) });
  return pressed;
}

async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return copyBySelection(value);
  }
}

function copyBySelection(value) {
  const back = document.activeElement;
  const box = element('textarea.spoken', { value, 'aria-hidden': 'true', tabindex: '-1' });
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  back?.focus();
  return done;
}
