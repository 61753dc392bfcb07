// Optical flow.
import { blobOf, getBlob, postForLines } from './server.js';
import { worker } from './panel.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';
import { fileField } from './files.js';
import { Flip } from './flip.js';
import { showVerdict } from './verdict.js';

const names = ['first', 'second'];

export function setUpFlow(panel, head) {
  const run = worker(panel), result = panel.querySelector('.result'), chosen = {};
  const flip = new Flip(panel.querySelector('.flip')), side = panel.querySelector('#side');

  const find = load => run(async (signal, onStep) => {
    result.hidden = true;
    hideFound();
    const frames = await load();
    flip.load(frames.map(frame => frame.file));
    result.hidden = false;
    const form = new FormData();
    frames.forEach((frame, i) => form.append(names[i], frame.file, frame.name));
    form.append('side', side.value);
    const flow = await postForLines('api/flow', form, onStep, signal);
    show(flow);
    return `Found in ${flow.seconds.toFixed(1)} s.`;
  });

  function hideFound() {
    for (const figure of panel.querySelectorAll('.found')) figure.hidden = true;
    panel.querySelector('.verdict').replaceChildren();
    panel.querySelector('.code')?.remove();
  }

  function show(flow) {
    put(panel.querySelector('.image'), flow.image);
    put(panel.querySelector('.wheel'), flow.wheel);
    const shrunk = flow.shrunk < 1 ? ` (the frames were shrunk to ${Math.round(100 * flow.shrunk)} %)` : '';
    panel.querySelector('.numbers').textContent = `The motion of each pixel, ${flow.width} x ${flow.height} pixels${shrunk}.`;
    panel.querySelector('.rim').textContent = `${flow.rim.toFixed(1)} pixels`;
    const best = `The longest motion is ${flow.longest.toFixed(1)} pixels, the mean ${flow.mean.toFixed(2)}.`;
    showVerdict(panel, head, best, { unsure: flow.unsure });
    showCode(result, flow.code);
    for (const figure of panel.querySelectorAll('.found')) figure.hidden = false;
  }

  function put(image, base64) {
    const url = URL.createObjectURL(blobOf(base64, 'image/png'));
    image.onload = () => URL.revokeObjectURL(url);
    image.src = url;
  }

  for (const drop of panel.querySelectorAll('.drop'))
    fileField(drop, file => { chosen[drop.querySelector('input').name] = file; });
  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    forgetExample(panel);
    find(() => {
      if (!chosen.first || !chosen.second) throw new Error('Two frames are needed: choose both.');
      return names.map(name => ({ file: chosen[name], name: chosen[name].name }));
    });
  });
  showExamples(panel, head.examples, example => find(() => Promise.all(example.images.map(
    async address => ({ file: await getBlob(address), name: address.split('/').pop() })))));
}
