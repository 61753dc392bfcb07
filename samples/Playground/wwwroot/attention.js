// What the model attends to: a warm colour over an image, or behind letters.
import { element } from './panel.js';

const heat = [255, 136, 0], strongest = 190;
const caption = 'Behind each letter: how much the model attends to it (the latents\' cross-attention, each latent weighed by the result\'s attention to it). It is a hint, no explanation.';

// From the least share to the greatest: 0 to 1.
function spread(shares) {
  const least = Math.min(...shares), range = Math.max(...shares) - least;
  return shares.map(share => (range > 0 ? (share - least) / range : 0));
}

export function warmUp(canvas, attention) {
  canvas.hidden = !attention;
  if (!attention) return;
  const { side, shares } = attention;
  [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext('2d'), image = context.createImageData(side, side);
  spread(shares).forEach((share, i) => image.data.set([...heat, strongest * share], 4 * i));
  context.putImageData(image, 0, 0);
}

export function shadeLetters(place, letters) {
  place.replaceChildren();
  if (!letters) return;
  const line = element('p', 'shaded');
  line.append(...spread(letters.map(letter => letter.share)).map((share, i) => {
    const letter = element('span', '', letters[i].text);
    letter.style.setProperty('--share', share.toFixed(3));
    return letter;
  }));
  place.append(line, element('p', 'hint', caption));
}
