// Ranked results: the first three, and the others on demand.
import { element, percent } from './panel.js';

const shownAtFirst = 3;

// Puts rows into a place, with a button after it that shows those that are hidden at first.
export function showTop(place, rows) {
  const hidden = rows.slice(shownAtFirst), words = `Show ${hidden.length} more`;
  for (const row of hidden) row.hidden = true;
  place.replaceChildren(...rows);
  place.parentElement.querySelector('.more')?.remove();
  if (!hidden.length) return;
  const button = element('button', 'plain more', words);
  button.type = 'button';
  button.setAttribute('aria-expanded', false);
  button.addEventListener('click', () => {
    const opens = hidden[0].hidden;
    for (const row of hidden) row.hidden = !opens;
    button.textContent = opens ? 'Show fewer' : words;
    button.setAttribute('aria-expanded', opens);
  });
  if (place.tagName === 'OL') place.after(button);
  else place.append(button);
}

// Bars of probabilities; the number stands beside each bar for those who do not see it.
export function showBars(place, labels) {
  showTop(place, labels.map(({ label, probability }) => {
    const row = element('div', 'bar');
    const track = element('div', 'track');
    const fill = element('div', 'fill');
    fill.style.width = `${Math.max(0.5, 100 * probability)}%`;
    track.append(fill);
    row.append(element('span', 'label', label), track, element('span', 'number', percent(probability)));
    return row;
  }));
}
