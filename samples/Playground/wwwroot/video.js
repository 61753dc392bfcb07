// Video: the clip is taken apart here, given back by the server, and both are played side by side.
import { blobOf, bytesOf, postForLines } from './server.js';
import { fileField, showBars, worker } from './panel.js';
import { readClip } from './clip.js';
import { Player } from './player.js';

export function setUpVideo(panel, model) {
  const run = worker(panel), result = panel.querySelector('.result'), player = new Player(panel);
  let chosen = null;
  fileField(panel.querySelector('.drop'), file => { chosen = file; });

  panel.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    run(async (signal, onStep) => {
      result.hidden = true;
      player.stop();
      if (!chosen) throw new Error('A video is needed: choose one.');
      const rate = panel.querySelector('#rate').valueAsNumber || 25;
      const clip = await readClip(chosen, model, rate, onStep, signal);
      const form = new FormData();
      clip.frames.forEach((frame, i) => form.append('frames', frame, `frame ${i + 1} of ${chosen.name}`));
      form.append('audio', new Blob([clip.audio]), 'audio');
      const back = await postForLines('api/video', form, onStep, signal);
      const frames = await Promise.all(back.frames.map(frame => createImageBitmap(blobOf(frame, 'image/png'))));
      const originals = await Promise.all(clip.frames.map(frame => createImageBitmap(frame)));
      const sampleRate = rate * model.samplesPerFrame;
      showBars(panel.querySelector('.bars'), back.labels);
      result.hidden = false;
      player.load({
        rate, sampleRate, original: { frames: originals, audio: clip.audio },
        reconstructed: { frames, audio: new Float32Array(bytesOf(back.audio).buffer) },
      });
      return `${frames.length} frames of ${chosen.name}, ${(frames.length / rate).toFixed(2)} s${clip.silent ? '; it has no audio that could be read' : ''}.`;
    });
  });
}
