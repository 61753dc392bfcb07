// Fills the masks of a text: a byte's id is its value plus 6, between [CLS] and [SEP].
const MASK = 3, CLS = 4, SEP = 5, FIRST_BYTE = 6, VOCABULARY = 262, UNDERSCORE = 0x5f;

// The best fillings of a text, the best first: [{ text, probability }].
export async function fill(ort, session, text, maxTokens, count) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length + 2 > maxTokens)
    throw new Error(`The text has ${bytes.length} bytes; the model reads ${maxTokens - 2}.`);
  const positions = [];
  bytes.forEach((byte, i) => { if (byte === UNDERSCORE) positions.push(i + 1); });
  if (positions.length === 0)
    throw new Error('There is no mask in the text; _ stands for one missing byte.');
  const ids = [CLS, ...Array.from(bytes, byte => byte === UNDERSCORE ? MASK : byte + FIRST_BYTE), SEP];
  const integers = values => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const { logits } = await session.run({
    input_ids: integers(ids), attention_mask: integers(ids.map(() => 1)), positions: integers(positions),
  });
  return ranked(logits.data, positions.length, count).map(({ bytes: chosen, score }) => {
    const filled = bytes.slice();
    positions.forEach((position, i) => { filled[position - 1] = chosen[i]; });
    return { text: new TextDecoder().decode(filled), probability: Math.exp(score) };
  });
}

// Each mask by itself: the best sequences of bytes by the sum of their logarithmic probabilities.
function ranked(logits, masks, count) {
  let best = [{ bytes: [], score: 0 }];
  for (let mask = 0; mask < masks; mask++) {
    const scores = logits.slice(mask * VOCABULARY, (mask + 1) * VOCABULARY);
    const largest = Math.max(...scores);
    const total = largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
    const choices = Array.from(scores.slice(FIRST_BYTE), (score, byte) => ({ byte, score: score - total }))
      .sort((a, b) => b.score - a.score).slice(0, count);
    best = best
      .flatMap(b => choices.map(c => ({ bytes: [...b.bytes, c.byte], score: b.score + c.score })))
      .sort((a, b) => b.score - a.score).slice(0, count);
  }
  return best;
}
