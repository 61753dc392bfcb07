// Text classification.
import { postJson } from './server.js';
import { worker } from './panel.js';
import { shadeLetters } from './attention.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';
import { showBars } from './top.js';
import { showVerdict } from './verdict.js';

export function setUpText(panel, head) {
  const text = panel.querySelector('#classified'), run = worker(panel), result = panel.querySelector('.result');

  const classify = truth => run(async signal => {
    result.hidden = true;
    const answer = await postJson('api/text', { text: text.value }, signal);
    showVerdict(panel, head, answer.labels[0].label, { unsure: answer.unsure, truth });
    showBars(panel.querySelector('.bars'), answer.labels);
    shadeLetters(panel.querySelector('.letters'), answer.attention);
    showCode(result, answer.code);
    result.hidden = false;
  });

  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    forgetExample(panel);
    classify();
  });
  showExamples(panel, head.examples, example => {
    text.value = example.text;
    classify(example.truth);
  });
}
