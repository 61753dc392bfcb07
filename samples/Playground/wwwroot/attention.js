// What the model attends to: light on an image, shades behind letters.
import { element } from './panel.js';

const darkest = 200;
const caption = 'Behind each letter: how much the model attends to it (the latents\' cross-attention, each latent weighed by the result\'s attention to it). It is a hint, no explanation.';

// Little attention lies in the dark. The square root keeps middling places visible beside the strongest.
export function lightUp(canvas, attention) {
  canvas.hidden = !attention;
  if (!attention) return;
  const { side, shares } = attention, most = Math.max(...shares);
  [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext('2d'), image = context.createImageData(side, side);
  shares.forEach((share, i) => { image.data[4 * i + 3] = darkest * (1 - Math.sqrt(share / most)); });
  context.putImageData(image, 0, 0);
}

export function shadeLetters(place, letters) {
  place.replaceChildren();
  if (!letters) return;
  const shares = letters.map(letter => letter.share), least = Math.min(...shares), range = Math.max(...shares) - least;
  const line = element('p', 'shaded');
  line.append(...letters.map(({ text, share }) => {
    const letter = element('span', '', text);
    letter.style.setProperty('--share', range > 0 ? ((share - least) / range).toFixed(3) : 0);
    return letter;
  }));
  place.append(line, element('p', 'hint', caption));
}
