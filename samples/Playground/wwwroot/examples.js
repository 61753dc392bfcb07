// Examples: a click tries one.
import { element } from './panel.js';

export function showExamples(panel, examples, tryOut) {
  const place = panel.querySelector('.examples');
  if (!examples.length) return;
  place.setAttribute('role', 'group');
  place.setAttribute('aria-label', 'Examples');
  place.classList.toggle('thumbs', examples.some(example => example.images.length));
  place.append(element('p', 'hint', 'Click an example:'));
  for (const example of examples) {
    const button = element('button', 'example');
    button.type = 'button';
    if (example.images.length) button.append(thumbnail(example));
    button.append(element('span', '', example.name));
    button.addEventListener('click', () => {
      for (const other of place.querySelectorAll('.example')) other.setAttribute('aria-pressed', other === button);
      tryOut(example);
    });
    place.append(button);
  }
}

// What is chosen by hand is no example any more.
export function forgetExample(panel) {
  for (const button of panel.querySelectorAll('.example')) button.removeAttribute('aria-pressed');
}

function thumbnail(example) {
  const image = element('img');
  image.src = example.images[0];
  image.alt = '';
  return image;
}
