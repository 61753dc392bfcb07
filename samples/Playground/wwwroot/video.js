// Video: the clip is taken apart here, reconstructed by the server, and both are played side by side.
import { blobOf, bytesOf, getBlob, postForLines } from './server.js';
import { worker } from './panel.js';
import { readClip } from './clip.js';
import { showCode } from './code.js';
import { forgetExample, showExamples } from './examples.js';
import { fileField } from './files.js';
import { Player } from './player.js';
import { showBars } from './top.js';
import { showVerdict } from './verdict.js';

export function setUpVideo(panel, head) {
  const model = head.details, run = worker(panel), result = panel.querySelector('.result'), player = new Player(panel);
  let chosen = null;

  const reconstruct = (read, truth) => run(async (signal, onStep) => {
    result.hidden = true;
    player.stop();
    const clip = await read(onStep, signal), form = new FormData();
    clip.frames.forEach((frame, i) => form.append('frames', frame, `frame ${i + 1} of ${clip.name}`));
    form.append('audio', new Blob([clip.audio]), 'audio');
    form.append('rate', clip.rate);
    form.append('name', clip.file);
    const answer = await postForLines('api/video', form, onStep, signal);
    await show(clip, answer, truth);
    const silent = clip.silent ? '; it has no audio that could be read' : '';
    return `${clip.frames.length} frames of ${clip.name}, ${(clip.frames.length / clip.rate).toFixed(2)} s${silent}.`;
  });

  async function show(clip, answer, truth) {
    const originals = await Promise.all(clip.frames.map(frame => createImageBitmap(frame)));
    const frames = await Promise.all(answer.frames.map(frame => createImageBitmap(blobOf(frame, 'image/png'))));
    showVerdict(panel, head, answer.labels[0].label, { unsure: answer.unsure, truth });
    showBars(panel.querySelector('.bars'), answer.labels);
    showCode(result, answer.code);
    result.hidden = false;
    player.load({
      rate: clip.rate,
      sampleRate: clip.rate * model.samplesPerFrame,
      original: { frames: originals, audio: clip.audio },
      reconstructed: { frames, audio: new Float32Array(bytesOf(answer.audio).buffer) },
    });
  }

  fileField(panel.querySelector('.drop'), file => { chosen = file; });
  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    forgetExample(panel);
    const rate = panel.querySelector('#rate').valueAsNumber || 25;
    reconstruct(async (onStep, signal) => {
      if (!chosen) throw new Error('A video is needed: choose one.');
      return { ...await readClip(chosen, model, rate, onStep, signal), rate, name: chosen.name, file: chosen.name };
    });
  });
  showExamples(panel, head.examples, example => reconstruct(async () => ({
    frames: await Promise.all(example.images.map(getBlob)),
    audio: new Float32Array(await (await getBlob(example.audio)).arrayBuffer()),
    rate: example.rate,
    name: `"${example.name}"`,
    file: 'clip.mp4',
  }), example.truth));
}
