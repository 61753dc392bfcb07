// The result in a line, and a warning where the model is unsure of it.
import { element } from './panel.js';

// What the result is compared with, if anything: the example's own label or text.
export function showVerdict(panel, head, best, { unsure, truth }) {
  const place = panel.querySelector('.verdict');
  place.replaceChildren(element('strong', 'best', best));
  if (truth) place.append(' ', element('span', 'truth', truth === best ? 'Correct.' : `Expected: ${truth}.`));
  if (!unsure) return;
  const warning = element('span', 'unsure');
  warning.append(element('b', '', 'Unsure.'), ` ${head.doubt.rule} `);
  if (head.card) {
    const link = element('a', '', 'The model card says more.');
    link.href = head.card;
    link.target = '_blank';
    warning.append(link);
  }
  place.append(warning);
}
