// Classifies an image: the square in its middle, scaled by the browser, then normalised by colour.
export async function classify(ort, session, image, canvas, settings) {
  const { side, mean, deviation, labels } = settings;
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  const crop = Math.min(image.width, image.height);
  context.drawImage(image, (image.width - crop) / 2, (image.height - crop) / 2, crop, crop, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side), plane = side * side;
  const pixels = new Float32Array(3 * plane);
  for (let colour = 0; colour < 3; colour++)
    for (let i = 0; i < plane; i++)
      pixels[colour * plane + i] = (data[4 * i + colour] / 255 - mean[colour]) / deviation[colour];
  const { logits } = await session.run({ pixel_values: new ort.Tensor('float32', pixels, [1, 3, side, side]) });
  const scores = Array.from(logits.data), largest = Math.max(...scores);
  const shares = scores.map(score => Math.exp(score - largest)), total = shares.reduce((a, b) => a + b);
  return labels.map((label, i) => ({ label, probability: shares[i] / total })).sort((a, b) => b.probability - a.probability);
}
