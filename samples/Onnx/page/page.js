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

async function answer(work) {
  at('error').textContent = '';
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
    answer(async () => list(at('fillings'), await fill(ort, language, at('masked').value, settings.maxTokens, FILLINGS), f => f.text));
  });
  at('photograph').addEventListener('change', () => answer(async () => {
    const [file] = at('photograph').files;
    if (!file)
      return;
    const image = await createImageBitmap(file);
    const found = await classify(ort, images, image, at('pixels'), settings);
    list(at('labels'), found.slice(0, LABELS), l => l.label);
  }));
  document.querySelectorAll('[disabled]').forEach(element => { element.disabled = false; });
  document.body.dataset.ready = '';
});
