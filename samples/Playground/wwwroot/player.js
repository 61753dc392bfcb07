// Plays two clips side by side, over and over, with the audio of either.
const soundRates = [3000, 192000];

export class Player {
  constructor(panel) {
    this.canvases = { original: panel.querySelector('.original'), reconstructed: panel.querySelector('.reconstructed') };
    this.button = panel.querySelector('.play');
    this.choice = panel.querySelector('.sound');
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
    this.startSound();
    const start = performance.now(), { rate, original } = this.clips;
    const step = now => {
      if (!this.playing) return;
      this.draw(Math.floor(Math.max(0, now - start) / 1000 * rate) % original.frames.length);
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  startSound() {
    const clip = this.clips[this.choice.value], { soundRate } = this.clips;
    // Browsers play no audio of fewer samples a second.
    if (!clip || soundRate < soundRates[0] || soundRate > soundRates[1]) return;
    this.audio = new AudioContext();
    const buffer = this.audio.createBuffer(1, clip.sound.length, soundRate);
    buffer.copyToChannel(clip.sound, 0);
    const source = new AudioBufferSourceNode(this.audio, { buffer, loop: true });
    source.connect(this.audio.destination);
    source.start();
  }

  stop() {
    this.playing = false;
    this.button.textContent = 'Play';
    cancelAnimationFrame(this.timer);
    this.audio?.close();
    this.audio = null;
  }
}
