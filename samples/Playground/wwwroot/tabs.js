// The tabs, by mouse and keyboard; the address remembers the chosen one.
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

export function setUpTabs() {
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
}
