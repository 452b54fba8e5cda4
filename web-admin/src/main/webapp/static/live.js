// Keeps the parts of the overview that are marked data-live as new as the server: it asks for the
// same page again every few seconds and puts those parts in place of the old ones.
(() => {
  'use strict';

  const EVERY_MS = 2000;
  const SAY_AT_MOST_EVERY_MS = 10000;
  const ASK_AT_MOST_MS = 10000;

  const pause = document.getElementById('live-pause');
  const state = document.getElementById('live-state');
  const lost = document.getElementById('live-lost');
  const said = document.getElementById('live-said');
  let paused = false;
  let saidAt = Date.now();
  let lastSaid = spoken(document);
  let lastNew = new Date();
  let timer;

  document.documentElement.classList.add('scripted');

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? pause.dataset.goOn : pause.dataset.pause;
    pause.setAttribute('aria-pressed', String(paused));
    state.textContent = paused ? pause.dataset.off : pause.dataset.on;
    clearTimeout(timer);
    if (!paused) {
      ask();
    }
  });

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (!document.hidden && !paused) {
      ask();
    }
  });

  timer = setTimeout(ask, EVERY_MS);

  async function ask() {
    clearTimeout(timer);
    try {
      const answer = await fetch(location.href, {
        headers: { 'Postrider-Live': '1' },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: AbortSignal.timeout(ASK_AT_MOST_MS),
      });
      if (answer.status === 401) {
        location.reload();
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!page.querySelector('[data-live]')) {
        location.reload();
        return;
      }
      if (!paused) {
        show(page);
      }
      lastNew = new Date();
      lost.hidden = true;
    } catch (failure) {
      const text = lost.querySelector('[data-text]');
      if (lost.hidden) {
        text.textContent = text.dataset.text.replace('{0}', lastNew.toLocaleTimeString(document.documentElement.lang));
        lost.hidden = false;
      }
    }
    if (!paused && !document.hidden) {
      timer = setTimeout(ask, EVERY_MS);
    }
  }

  function show(page) {
    for (const part of document.querySelectorAll('[data-live]')) {
      const newer = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!newer || newer.innerHTML === part.innerHTML || isSelectedIn(part)) {
        continue;
      }
      const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
      part.replaceChildren(...newer.childNodes);
      if (focused) {
        document.getElementById(focused)?.focus({ preventScroll: true });
      }
    }
    const words = spoken(document);
    if (words !== lastSaid && Date.now() - saidAt > SAY_AT_MOST_EVERY_MS) {
      said.textContent = words;
      lastSaid = words;
      saidAt = Date.now();
    }
  }

  function spoken(page) {
    return page.querySelector('[data-say]')?.dataset.say || '';
  }

  // Somebody is marking text there to copy it.
  function isSelectedIn(part) {
    const selection = getSelection();
    return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  }
})();
