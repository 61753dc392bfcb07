// Image classification and optical flow.
import { blobOf, postForLines, postForm } from './server.js';
import { fileField, showBars, worker } from './panel.js';

export function setUpImage(panel) {
  const run = worker(panel), bars = panel.querySelector('.bars');
  panel.querySelector('form').addEventListener('submit', event => event.preventDefault());
  fileField(panel.querySelector('.drop'), file => run(async signal => {
    bars.replaceChildren();
    const form = new FormData();
    form.append('image', file);
    showBars(bars, (await postForm('api/image', form, signal)).labels);
  }));
}

export function setUpFlow(panel) {
  const run = worker(panel), result = panel.querySelector('.result'), frames = {};
  for (const drop of panel.querySelectorAll('.drop'))
    fileField(drop, file => { frames[drop.querySelector('input').name] = file; });

  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    run(async (signal, onStep) => {
      result.hidden = true;
      if (!frames.first || !frames.second) throw new Error('Two frames are needed: choose both.');
      const form = new FormData();
      form.append('first', frames.first);
      form.append('second', frames.second);
      form.append('side', panel.querySelector('#side').value);
      const flow = await postForLines('api/flow', form, onStep, signal);
      show(flow);
      return `Found in ${flow.seconds.toFixed(1)} s.`;
    });
  });

  function show(flow) {
    put(panel.querySelector('.image'), flow.image);
    put(panel.querySelector('.wheel'), flow.wheel);
    const shrunk = flow.shrunk < 1 ? ` (the frames were shrunk to ${Math.round(100 * flow.shrunk)} %)` : '';
    panel.querySelector('.numbers').textContent =
      `${flow.width} x ${flow.height} pixels${shrunk}. The longest motion, at the rim of the wheel, is ${flow.longest.toFixed(1)} pixels; the mean is ${flow.mean.toFixed(2)}.`;
    result.hidden = false;
  }

  function put(image, base64) {
    const url = URL.createObjectURL(blobOf(base64, 'image/png'));
    image.onload = () => URL.revokeObjectURL(url);
    image.src = url;
  }
}
