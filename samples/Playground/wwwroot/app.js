// The tabs, and what each head's model can do.
import { getHeads } from './server.js';
import { setUpFillMask, setUpText } from './text.js';
import { setUpImage, setUpFlow } from './images.js';
import { setUpVideo } from './video.js';

const tabs = [...document.querySelectorAll('[role=tab]')];

function select(tab) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute('aria-selected', chosen);
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute('aria-controls')).hidden = !chosen;
  }
  history.replaceState(null, '', '#' + tab.getAttribute('aria-controls'));
}

tabs.forEach((tab, i) => {
  tab.addEventListener('click', () => select(tab));
  tab.addEventListener('keydown', event => {
    const next = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const other = tabs[(next + tabs.length) % tabs.length];
    select(other);
    other.focus();
  });
});
const named = tabs.find(tab => '#' + tab.getAttribute('aria-controls') === location.hash);
if (named) select(named);

// A file that misses its target must not replace the page.
for (const name of ['dragover', 'drop'])
  addEventListener(name, event => event.preventDefault());

const setUps = { 'fill-mask': setUpFillMask, image: setUpImage, flow: setUpFlow, video: setUpVideo, text: setUpText };
try {
  for (const head of await getHeads()) {
    const panel = document.getElementById(head.name);
    if (head.missing) {
      panel.querySelector('.missing').textContent = head.missing;
      panel.querySelector('.missing').hidden = false;
      panel.querySelector('form').inert = true;
      const tab = document.getElementById('tab-' + head.name);
      tab.classList.add('absent');
      tab.title = head.missing;
    } else {
      panel.querySelector('.about').textContent = `${head.model}. ${head.about}`;
      setUps[head.name](panel, head.details);
    }
  }
} catch (error) {
  for (const place of document.querySelectorAll('.error'))
    place.textContent = error.message;
}
document.body.dataset.ready = 'yes';
