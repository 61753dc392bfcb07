// Find alike: texts of like meaning.
import { postJsonForLines } from './server.js';
import { element, worker } from './panel.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';

export function setUpAlike(panel, head) {
  const text = panel.querySelector('#query'), lines = panel.querySelector('#lines');
  const run = worker(panel), result = panel.querySelector('.result');
  text.value = head.examples[0]?.text ?? '';

  const find = () => run(async (signal, onStep) => {
    result.hidden = true;
    const answer = await postJsonForLines('api/alike', { text: text.value, lines: lines.value }, onStep, signal);
    showFound(panel.querySelector('.nearest'), answer.nearest);
    showFound(panel.querySelector('.terms'), answer.terms);
    showCode(result, answer.code);
    result.hidden = false;
    return `${answer.texts.toLocaleString('en')} texts, ${answer.seconds.toFixed(2)} s.`;
  });

  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    forgetExample(panel);
    find();
  });
  showExamples(panel, head.examples, example => {
    text.value = example.text;
    find();
  });
}

function showFound(place, found) {
  place.replaceChildren(...found.map(({ text, score, own }) => {
    const row = element('li'), line = element('span', 'filled', text);
    if (own) line.append(' ', element('mark', '', 'yours'));
    row.append(element('span', 'number', score.toFixed(3)), line);
    return row;
  }));
  if (!found.length) place.append(element('li', 'hint', 'No text has a word in common, or a part of one.'));
}
