// Shows two frames in the same place in turn, so that the eye sees the motion.
const interval = 500;

export class Flip {
  constructor(figure) {
    this.frames = [figure.querySelector('.first'), figure.querySelector('.second')];
    this.shown = figure.querySelector('.shown');
    this.button = figure.querySelector('.toggle');
    this.button.addEventListener('click', () => (this.timer ? this.stop() : this.start()));
    this.urls = [];
  }

  // Takes two files or blobs.
  load(files) {
    this.stop();
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = files.map(file => URL.createObjectURL(file));
    this.frames.forEach((frame, i) => { frame.src = this.urls[i]; });
    this.show(0);
    // Who wants no motion starts it by hand.
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.start();
  }

  show(index) {
    this.index = index;
    this.frames[1].hidden = index === 0;
    this.shown.textContent = `Frame ${index + 1} of 2`;
  }

  start() {
    this.button.textContent = 'Stop';
    this.timer = setInterval(() => this.show(1 - this.index), interval);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = 'Flip';
  }
}
