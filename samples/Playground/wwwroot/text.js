// Fill-mask and text classification.
import { postJson } from './server.js';
import { element, percent, showBars, worker } from './panel.js';

const examples = ['It was a dark and stormy n____.', 'She opened the d___ and went out.', 'the old m__ and the s__', 'He looked at h__ with wonder.'];

export function setUpFillMask(panel) {
  const text = panel.querySelector('#masked'), run = worker(panel), list = panel.querySelector('ol'), form = panel.querySelector('form');

  const fill = () => run(async () => {
    list.replaceChildren();
    const { fillings } = await postJson('api/fill-mask', { text: text.value, top: panel.querySelector('#fillings').valueAsNumber || 5 });
    list.replaceChildren(...fillings.map(({ pieces, probability }) => {
      const row = element('li');
      const line = element('span', 'filled');
      line.append(...pieces.map(piece => element(piece.filled ? 'mark' : 'span', '', piece.text)));
      row.append(line, element('span', 'number', percent(probability)));
      return row;
    }));
  });

  form.addEventListener('submit', event => {
    event.preventDefault();
    fill();
  });
  panel.querySelector('.examples').append(...examples.map(example => {
    const button = element('button', 'example', example);
    button.type = 'button';
    button.addEventListener('click', () => {
      text.value = example;
      fill();
    });
    return button;
  }));
}

export function setUpText(panel) {
  const run = worker(panel), bars = panel.querySelector('.bars');
  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    run(async () => {
      bars.replaceChildren();
      showBars(bars, (await postJson('api/text', { text: panel.querySelector('#classified').value })).labels);
    });
  });
}
