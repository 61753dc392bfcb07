// What the panels of all heads share.
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export const percent = p => `${(100 * p).toFixed(p < 0.001 ? 3 : 1)} %`;

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
