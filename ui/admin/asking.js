/** A button for what cannot be undone: it asks first, in its place, and can be left by Escape. */
import { button, element, holding } from '../elements.js';

/** @param {{label: string, question: string, yes: string, no: string, act: function}} words and deed */
export function asking({ label, question, yes, no, act }) {
  const whole = element('div.asking');
  const ask = () => {
    const keep = button(no, back);
    const sure = button(yes, () => holding(sure, async () => {
      await act();
      const within = whole.contains(document.activeElement);
      rest();
      if (within) first.focus();
    }), 'danger');
    whole.replaceChildren(element('div.notice.notice-warning', { role: 'group', 'aria-label': label },
      element('p', { text: question }), element('div.line', {}, sure, keep)));
    keep.focus();
  };
  const first = button(label, ask, 'danger');
  const rest = () => whole.replaceChildren(first);
  const back = () => {
    rest();
    first.focus();
  };
  whole.addEventListener('keydown', (event) => event.key === 'Escape' && !whole.contains(first) && back());
  rest();
  return { element: whole };
}
