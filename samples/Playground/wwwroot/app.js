// Fills each tab with what its head's model can do.
import { getHeads } from './server.js';
import { element } from './panel.js';
import { setUpTabs } from './tabs.js';
import { setUpFillMask } from './fillmask.js';
import { setUpText } from './text.js';
import { setUpImage } from './image.js';
import { setUpFlow } from './flow.js';
import { setUpVideo } from './video.js';
import { setUpAlike } from './alike.js';

setUpTabs();

// A file that misses its target must not replace the page.
for (const name of ['dragover', 'drop'])
  addEventListener(name, event => event.preventDefault());

function cardLink(address) {
  const link = element('a', 'card-link', 'Model card');
  link.href = address;
  link.target = '_blank';
  return link;
}

function showMissing(panel, head) {
  panel.querySelector('.missing').textContent = head.missing;
  panel.querySelector('.missing').hidden = false;
  panel.querySelector('.work').inert = true;
  const tab = document.getElementById('tab-' + head.name);
  tab.classList.add('absent');
  tab.title = head.missing;
}

const setUps = { 'fill-mask': setUpFillMask, image: setUpImage, flow: setUpFlow, video: setUpVideo, text: setUpText, alike: setUpAlike };
try {
  for (const head of await getHeads()) {
    const panel = document.getElementById(head.name);
    if (head.missing) {
      showMissing(panel, head);
      continue;
    }
    panel.querySelector('.about').textContent = `${head.model}. ${head.about} `;
    if (head.card) panel.querySelector('.about').append(cardLink(head.card));
    setUps[head.name](panel, head);
  }
} catch (error) {
  for (const place of document.querySelectorAll('.error'))
    place.textContent = error.message;
}
document.body.dataset.ready = 'yes';
