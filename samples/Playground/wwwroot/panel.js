// What the panels of all heads share.
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export const percent = p => `${(100 * p).toFixed(p < 0.001 ? 3 : 1)} %`;

// Bars of probabilities; the number stands beside each bar for those who do not see it.
export function showBars(place, labels) {
  place.replaceChildren(...labels.map(({ label, probability }) => {
    const row = element('div', 'bar');
    const track = element('div', 'track');
    const fill = element('div', 'fill');
    fill.style.width = `${Math.max(0.5, 100 * probability)}%`;
    track.append(fill);
    row.append(element('span', 'label', label), track, element('span', 'number', percent(probability)));
    return row;
  }));
}

// Runs one piece of work of a panel at a time, and shows how it goes. The work gets a signal that the panel's stop button raises.
export function worker(panel) {
  const [status, error, progress, stop] = ['.status', '.error', 'progress', '.stop'].map(s => panel.querySelector(s));
  let current = null;
  stop?.addEventListener('click', () => current?.abort());

  function onStep({ stage, share }) {
    status.textContent = share > 0 && share < 1 ? `${stage}: ${Math.round(100 * share)} %` : `${stage} ...`;
    if (!progress) return;
    if (share == null) progress.removeAttribute('value');
    else progress.value = share;
  }

  return async work => {
    current?.abort();
    const own = current = new AbortController();
    error.textContent = '';
    panel.setAttribute('aria-busy', 'true');
    for (const shown of [progress, stop]) if (shown) shown.hidden = false;
    onStep({ stage: 'Working' });
    try {
      const said = await work(own.signal, onStep);
      if (current === own) status.textContent = said ?? '';
    } catch (e) {
      if (current !== own) return;
      status.textContent = e.name === 'AbortError' ? 'Stopped.' : '';
      error.textContent = e.name === 'AbortError' ? '' : e.message;
    } finally {
      if (current === own) {
        current = null;
        panel.removeAttribute('aria-busy');
        for (const shown of [progress, stop]) if (shown) shown.hidden = true;
      }
    }
  };
}

// A field that files are dropped on; the browser's own field stays usable by keyboard. Calls back with each new file.
export function fileField(label, onFile) {
  const input = label.querySelector('input'), image = label.querySelector('img'), name = label.querySelector('.name');
  let url = null;

  function take(file) {
    if (!file) return;
    if (image) {
      if (url) URL.revokeObjectURL(url);
      url = URL.createObjectURL(file);
      image.onload = () => { image.hidden = false; };
      image.onerror = () => { image.hidden = true; };
      image.src = url;
    }
    name.textContent = file.name;
    onFile(file);
  }

  input.addEventListener('change', () => take(input.files[0]));
  for (const [event, over] of [['dragenter', true], ['dragover', true], ['dragleave', false], ['drop', false]])
    label.addEventListener(event, () => label.classList.toggle('over', over));
  label.addEventListener('drop', event => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}
