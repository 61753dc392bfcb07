import * as ort from './ort/ort.wasm.min.mjs';
import { fill } from './fillmask.js';
import { classify } from './image.js';

const FILLINGS = 5, LABELS = 3;
const at = id => document.getElementById(id);

// Several threads need headers that many servers of static files do not send.
ort.env.wasm.numThreads = 1;

function list(element, items, textOf) {
  element.replaceChildren(...items.map(item => {
    const line = document.createElement('li');
    line.textContent = `${textOf(item)} (${(100 * item.probability).toFixed(1)} %)`;
    return line;
  }));
}

// What was found before goes away first, so that it is never taken for the new answer.
async function answer(work, results) {
  at('error').textContent = '';
  results?.replaceChildren();
  try {
    await work();
  } catch (error) {
    at('error').textContent = error.message;
  }
}

await answer(async () => {
  const settings = await (await fetch('models.json')).json();
  const [language, images] = await Promise.all(['fillmask.onnx', 'image.onnx'].map(file => ort.InferenceSession.create(file)));
  at('fillmask').addEventListener('submit', event => {
    event.preventDefault();
    answer(async () => {
      const fillings = await fill(ort, language, at('masked').value, settings.maxTokens, FILLINGS);
      list(at('fillings'), fillings, f => f.text);
    }, at('fillings'));
  });
  at('photograph').addEventListener('change', () => answer(async () => {
    const [file] = at('photograph').files;
    if (!file)
      return;
    const image = await createImageBitmap(file);
    const found = await classify(ort, images, image, at('pixels'), settings.labels);
    list(at('labels'), found.slice(0, LABELS), l => l.label);
  }, at('labels')));
  document.querySelectorAll('[disabled]').forEach(element => { element.disabled = false; });
  document.body.dataset.ready = '';
});
