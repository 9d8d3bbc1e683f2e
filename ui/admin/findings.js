/** What a check found: errors first, then warnings, or that everything works. */
import { element } from '../elements.js';
import { text } from '../words.js';

/** @param {function(object): Node} lineOf makes a finding's line, leading to its field */
export function findings(answer, lineOf) {
  const sorted = [...answer.findings].sort((a, b) => (a.severity === 'error' ? 0 : 1) - (b.severity === 'error' ? 0 : 1));
  const kind = answer.ok ? (sorted.length ? 'notice-warning' : 'notice-success') : 'notice-error';
  const title = answer.ok ? (sorted.length ? 'check.warnings' : 'check.fine') : 'check.errors';
  return element(`div.notice.${kind}`, { role: 'status' },
    element('h3', { text: text(title) }),
    sorted.length > 0 && element('ul.stack', {}, ...sorted.map((one) => line(one, lineOf))),
    element('p.subtle', { text: text('check.nothing-saved') }));
}

function line(finding, lineOf) {
  const made = lineOf(finding);
  const kind = finding.severity === 'error' ? 'error' : 'warning';
  made.prepend(element(`span.lozenge.lozenge-${kind}`, { text: text(`check.${kind}`) }), ' ');
  return made;
}
