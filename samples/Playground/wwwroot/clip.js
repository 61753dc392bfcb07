// Takes a video apart with the browser's own decoders: frames of the model's size, and audio at its rate.
const farOff = 1e7;

const next = (video, name, signal) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener('error', () => reject(new Error('broken')), { once: true });
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
});

export async function readClip(file, model, rate, onStep, signal) {
  const url = URL.createObjectURL(file);
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  try {
    onStep({ stage: 'Reading the video' });
    const frames = await readFrames(video, url, model, rate, onStep, signal);
    onStep({ stage: 'Reading the audio' });
    const audio = await readAudio(file, frames.length * model.samplesPerFrame, rate * model.samplesPerFrame);
    return { frames, audio: audio ?? new Float32Array(frames.length * model.samplesPerFrame), silent: !audio };
  } catch (error) {
    if (error.message !== 'broken') throw error;
    throw new Error(`'${file.name}' is no video that this browser can play, or it is damaged.`);
  } finally {
    video.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}

async function readFrames(video, url, model, rate, onStep, signal) {
  const loaded = next(video, 'loadeddata', signal);
  video.src = url;
  await loaded;
  if (!video.videoWidth) throw new Error('broken');
  // A recording may not know how long it is before somebody looks at its end.
  if (!Number.isFinite(video.duration)) await seek(video, farOff, signal);
  const whole = Math.floor(video.duration * rate + 0.01);
  if (whole < model.frames)
    throw new Error(`The video has ${whole} frames at ${rate} a second; the model reads ${model.frames} at a time. Take a longer one, or more frames a second.`);
  const count = Math.min(model.mostFrames, whole), frames = [];
  for (let i = 0; i < count; i++) {
    await seek(video, (i + 0.5) / rate, signal);
    frames.push(await imageOf(video, model));
    onStep({ stage: 'Reading the video', share: (i + 1) / count });
  }
  return frames;
}

async function seek(video, time, signal) {
  const there = next(video, 'seeked', signal);
  video.currentTime = time;
  await there;
}

// The middle of the frame in the model's proportions.
function imageOf(video, { width, height }) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const scale = Math.min(video.videoWidth / width, video.videoHeight / height);
  const [w, h] = [scale * width, scale * height];
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(video, (video.videoWidth - w) / 2, (video.videoHeight - h) / 2, w, h, 0, 0, width, height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}

// One channel of the wanted rate, each sample the mean of those it stands for; null where there is no audio.
async function readAudio(file, count, rate) {
  try {
    const context = new OfflineAudioContext(1, 1, 48000);
    const decoded = await context.decodeAudioData(await file.arrayBuffer());
    const channels = Array.from({ length: decoded.numberOfChannels }, (_, i) => decoded.getChannelData(i));
    const ratio = decoded.sampleRate / rate, audio = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const from = Math.floor(i * ratio), to = Math.min(decoded.length, Math.max(from + 1, Math.floor((i + 1) * ratio)));
      let sum = 0;
      for (let j = from; j < to; j++)
        for (const channel of channels) sum += channel[j];
      if (to > from) audio[i] = sum / ((to - from) * channels.length);
    }
    return audio;
  } catch {
    return null;
  }
}
