// Fill-mask.
import { postJson } from './server.js';
import { element, percent, worker } from './panel.js';
import { shadeLetters } from './attention.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';
import { showTop } from './top.js';
import { showVerdict } from './verdict.js';

const most = 20;

export function setUpFillMask(panel, head) {
  const text = panel.querySelector('#masked'), run = worker(panel), result = panel.querySelector('.result');
  text.value = head.examples[0]?.text ?? '';

  const fill = truth => run(async signal => {
    result.hidden = true;
    const answer = await postJson('api/fill-mask', { text: text.value, top: most }, signal);
    showVerdict(panel, head, answer.fillings[0].text, { unsure: answer.unsure, truth });
    showTop(panel.querySelector('.fillings'), answer.fillings.map(rowOf));
    shadeLetters(panel.querySelector('.letters'), answer.attention);
    showCode(result, answer.code);
    result.hidden = false;
  });

  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    forgetExample(panel);
    fill();
  });
  showExamples(panel, head.examples, example => {
    text.value = example.text;
    fill(example.truth);
  });
}

function rowOf({ pieces, probability }) {
  const row = element('li'), line = element('span', 'filled');
  line.append(...pieces.map(piece => element(piece.filled ? 'mark' : 'span', '', piece.text)));
  row.append(line, element('span', 'number', percent(probability)));
  return row;
}
