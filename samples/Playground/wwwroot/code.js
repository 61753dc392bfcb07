// The C# program that does what the page has just done.
import { element } from './panel.js';

const packages = 'The Program.cs of a console project with the packages Microsoft.ML.Perceiver, Microsoft.ML.Perceiver.Models and TorchSharp-cpu.';

export function showCode(result, text) {
  let details = result.querySelector('.code');
  if (!details) {
    details = element('details', 'code');
    details.append(element('summary', '', 'Show the C#'), element('p', 'hint', packages), copyButton(details), element('pre'));
    result.append(details);
  }
  details.querySelector('pre').replaceChildren(element('code', '', text));
}

function copyButton(details) {
  const button = element('button', 'plain copy', 'Copy');
  button.type = 'button';
  button.addEventListener('click', async () => {
    const code = details.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  return button;
}
