// Image classification.
import { getBlob, postForm } from './server.js';
import { worker } from './panel.js';
import { warmUp } from './attention.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';
import { fileField } from './files.js';
import { showBars } from './top.js';
import { showVerdict } from './verdict.js';

export function setUpImage(panel, head) {
  const run = worker(panel), result = panel.querySelector('.result'), canvas = panel.querySelector('.attention');
  const input = panel.querySelector('.input'), looks = panel.querySelector('.looks');
  let url = null;

  const classify = (load, name, truth) => run(async signal => {
    result.hidden = true;
    const file = await load(), form = new FormData();
    form.append('image', file, name);
    const answer = await postForm('api/image', form, signal);
    if (url) URL.revokeObjectURL(url);
    input.src = url = URL.createObjectURL(file);
    showVerdict(panel, head, answer.labels[0].label, { unsure: answer.unsure, truth });
    showBars(panel.querySelector('.bars'), answer.labels);
    warmUp(canvas, answer.attention);
    looks.hidden = !answer.attention;
    showCode(result, answer.code);
    result.hidden = false;
  });

  looks.querySelector('input').addEventListener('change', event => {
    canvas.classList.toggle('off', !event.target.checked);
  });
  panel.querySelector('form').addEventListener('submit', event => event.preventDefault());
  fileField(panel.querySelector('.drop'), file => {
    forgetExample(panel);
    classify(() => file, file.name);
  });
  showExamples(panel, head.examples, example => {
    const [address] = example.images;
    classify(() => getBlob(address), address.split('/').pop(), example.truth);
  });
}
