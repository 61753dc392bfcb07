// Classifies an image of any size: the model's file takes its bytes as they are, and crops, resizes and normalises them.
export async function classify(ort, session, image, canvas, labels) {
  const { width, height } = image;
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  // Every fourth byte is alpha.
  const colours = new Uint8Array(data.filter((_, i) => i % 4 < 3));
  const { logits } = await session.run({ image: new ort.Tensor('uint8', colours, [1, height, width, 3]) });
  const scores = Array.from(logits.data), largest = Math.max(...scores);
  const shares = scores.map(score => Math.exp(score - largest)), total = shares.reduce((a, b) => a + b);
  return labels.map((label, i) => ({ label, probability: shares[i] / total })).sort((a, b) => b.probability - a.probability);
}
