// Requests to the server. Errors are thrown with the words that the person is to read.

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The playground does not respond. Is it still running?');
  }
  if (response.ok) return response;
  let message = `The playground responds with status ${response.status}.`;
  try {
    message = (await response.json()).error ?? message;
  } catch {
    // The status has to do.
  }
  throw new Error(message);
}

export const getHeads = async () => (await ask('api/heads')).json();

export const getBlob = async path => (await ask(path)).blob();

const jsonRequest = (value, signal) =>
  ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value), signal });

export const postJson = async (path, value, signal) => (await ask(path, jsonRequest(value, signal))).json();

export const postForm = async (path, form, signal) => (await ask(path, { method: 'POST', body: form, signal })).json();

export const postForLines = async (path, form, onStep, signal) =>
  readLines(await ask(path, { method: 'POST', body: form, signal }), onStep);

export const postJsonForLines = async (path, value, onStep, signal) => readLines(await ask(path, jsonRequest(value, signal)), onStep);

// Reads a response of JSON lines: steps go to the callback, the result is returned.
async function readLines(response, onStep) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error('The response ended too early.');
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      if (message.error) throw new Error(message.error);
      if (message.result) return message.result;
      onStep(message);
    }
  }
}

export const bytesOf = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
export const blobOf = (base64, type) => new Blob([bytesOf(base64)], { type });
