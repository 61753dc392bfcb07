// A field that files are dropped on; the browser's own field stays usable by keyboard. Calls back with each new file.
export function fileField(label, onFile) {
  const input = label.querySelector('input'), name = label.querySelector('.name'), image = label.querySelector('img');
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
