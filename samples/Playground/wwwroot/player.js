// Plays two clips side by side, over and over, with the audio of either.
const sampleRates = [3000, 192000];

export class Player {
  constructor(panel) {
    this.canvases = { original: panel.querySelector('.original'), reconstructed: panel.querySelector('.reconstructed') };
    this.button = panel.querySelector('.play');
    this.choice = panel.querySelector('.audio');
    this.button.addEventListener('click', () => (this.playing ? this.stop() : this.play()));
    this.choice.addEventListener('change', () => { if (this.playing) this.play(); });
  }

  load(clips) {
    this.clips = clips;
    for (const [name, canvas] of Object.entries(this.canvases))
      [canvas.width, canvas.height] = [clips[name].frames[0].width, clips[name].frames[0].height];
    this.draw(0);
  }

  draw(index) {
    for (const [name, canvas] of Object.entries(this.canvases))
      canvas.getContext('2d').drawImage(this.clips[name].frames[index], 0, 0);
  }

  play() {
    this.stop();
    this.playing = true;
    this.button.textContent = 'Stop';
    this.startAudio();
    const start = performance.now(), { rate, original } = this.clips;
    const step = now => {
      if (!this.playing) return;
      this.draw(Math.floor(Math.max(0, now - start) / 1000 * rate) % original.frames.length);
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  startAudio() {
    const clip = this.clips[this.choice.value], { sampleRate } = this.clips;
    // Browsers play no audio of fewer samples a second.
    if (!clip || sampleRate < sampleRates[0] || sampleRate > sampleRates[1]) return;
    this.context = new AudioContext();
    const buffer = this.context.createBuffer(1, clip.audio.length, sampleRate);
    buffer.copyToChannel(clip.audio, 0);
    const source = new AudioBufferSourceNode(this.context, { buffer, loop: true });
    source.connect(this.context.destination);
    source.start();
  }

  stop() {
    this.playing = false;
    this.button.textContent = 'Play';
    cancelAnimationFrame(this.timer);
    this.context?.close();
    this.context = null;
  }
}
