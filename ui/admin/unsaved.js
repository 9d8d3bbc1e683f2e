/** What was typed and is not saved yet: told while it is so, and before the page is left. */
import { button, element } from '../elements.js';
import { text } from '../words.js';

/** @param {function(): object[]} sections gives those of the page; `refresh` looks at them anew */
export function unsaved(sections) {
  const whole = element('section.unsaved', { hidden: true, 'aria-label': text('unsaved') });
  const edited = () => sections().filter((one) => one.edited());

  function refresh() {
    const found = edited();
    whole.hidden = found.length === 0;
    whole.replaceChildren(element('p', { text: text('unsaved') }),
      element('div.line', {}, ...found.map((one) => button(text(`part.${one.name}`), one.enter, 'small'))));
  }

  const warn = (event) => {
    if (whole.isConnected && edited().length > 0) event.preventDefault(); // the browser asks in its own words
  };
  globalThis.addEventListener('beforeunload', warn);
  return { element: whole, refresh };
}
