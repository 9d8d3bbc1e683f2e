/** Says a result to a screen reader, once. The same words again are said again. */

let turn = false;

export function announce(words) {
  turn = !turn;
  document.getElementById('announcements').textContent = turn ? words : `${words}\u00a0`;
}
