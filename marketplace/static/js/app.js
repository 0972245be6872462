/* Temu Gerai: small helps on top of pages that work without any of them.
   Everything is found by data attributes; nothing here is needed to finish a task. */
(() => {
  'use strict';
  const root = document.documentElement;
  const all = (selector, base = document) => [...base.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* full or forbidden */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };
  root.classList.add('js');

  /* Rupiah in words, so that a zero too many is heard before it is sent. */
  const ONES = ['', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan', 'sepuluh', 'sebelas'];
  const SCALES = [[1e12, 'triliun'], [1e9, 'miliar'], [1e6, 'juta'], [1e3, 'ribu'], [100, 'ratus']];
  function words(n) {
    if (n < 12) return ONES[n];
    if (n < 20) return ONES[n - 10] + ' belas';
    if (n < 100) return (ONES[Math.floor(n / 10)] + ' puluh ' + words(n % 10)).trim();
    const [size, name] = SCALES.find(([least]) => n >= least);
    const head = Math.floor(n / size);
    const said = head === 1 && size <= 1000 ? 'se' + name : words(head) + ' ' + name;
    return (said + ' ' + words(n % size)).trim();
  }
  const UNITS = { rb: 1e3, ribu: 1e3, k: 1e3, jt: 1e6, juta: 1e6, m: 1e9, miliar: 1e9, milyar: 1e9 };
  function rupiah(text) {
    const found = text.toLowerCase().replace(/^\s*rp\.?\s*/, '').replace(/,-$/, '').trim()
      .match(/^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,3}))?\s*([a-z]+)?$/);
    if (!found || (found[3] && !UNITS[found[3]])) return null;
    const unit = found[3] ? UNITS[found[3]] : 1;
    const value = Math.round(Number(found[1].replace(/\./g, '') + '.' + (found[2] || 0)) * unit);
    return value <= 1e13 && (unit > 1 || !Number(found[2])) ? value : null;
  }
  function echo(input) {
    const place = document.getElementById(input.dataset.money);
    const value = rupiah(input.value);
    if (!place) return;
    place.textContent = value === null ? '' : root.lang === 'id'
      ? (value ? words(value) : 'nol') + ' rupiah'
      : 'Rp' + value.toLocaleString('id');
  }

  /* A form typed and not yet saved stays on this device: a lost signal costs nothing. */
  const DRAFT = 'draft:';
  const SKIP = /^(password|file|hidden|submit|button)$/;
  const controls = (form) => [...form.elements].filter((e) => e.name && !SKIP.test(e.type));
  function keepDraft(form) {
    const values = controls(form).map((e) => [e.name, e.type === 'checkbox' || e.type === 'radio'
      ? (e.checked ? e.value : null)
      : e.multiple ? [...e.selectedOptions].map((o) => o.value) : e.value]);
    store.set(DRAFT + form.dataset.draft, JSON.stringify(values));
  }
  function restoreDraft(form) {
    const key = DRAFT + form.dataset.draft;
    let values;
    try { values = JSON.parse(store.get(key)); } catch { values = null; }
    if (!values || 'hasErrors' in form.dataset) return; // after an error the server sends back what was typed
    const missing = () => values.some(([name]) => !form.elements[name]);
    all('[data-rows]', form).forEach((rows) => {
      for (let i = 0; i < 60 && missing() && addRow(rows); i += 1);
    });
    let changed = false;
    const seen = {};
    controls(form).forEach((e) => {
      const same = values.filter(([name]) => name === e.name);
      if (!same.length) return;
      if (e.type === 'checkbox' || e.type === 'radio') {
        const on = same.some(([, value]) => value === e.value);
        changed ||= on !== e.checked;
        e.checked = on;
      } else if (e.multiple) {
        [...e.options].forEach((o) => { o.selected = same[0][1].includes(o.value); });
      } else {
        const value = same[Math.min(seen[e.name] = (seen[e.name] ?? -1) + 1, same.length - 1)][1];
        changed ||= value !== e.value;
        e.value = value;
      }
    });
    if (!changed) return;
    const note = document.createElement('p');
    note.className = 'draft-note';
    note.setAttribute('role', 'status');
    note.append(form.dataset.draftNote + ' ');
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'button plain small';
    drop.textContent = form.dataset.draftDrop;
    drop.onclick = () => { store.drop(key); location.reload(); };
    note.append(drop);
    form.prepend(note);
  }
  function dropDrafts(prefix = DRAFT) {
    try { Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach(store.drop); } catch { /* forbidden */ }
  }

  /* Rows of a repeated group: a copy of the last row, its numbers moved on, its values empty. */
  function renumber(row, name, to) {
    const pattern = new RegExp('\\b' + name + '-\\d+(?=-|$|\\b)', 'g');
    all('*', row).forEach((e) => ['id', 'name', 'for', 'aria-describedby', 'data-money'].forEach((attribute) => {
      if (e.hasAttribute(attribute)) e.setAttribute(attribute, e.getAttribute(attribute).replace(pattern, name + '-' + to));
    }));
    const number = row.querySelector('[data-row-number]');
    if (number) number.textContent = to + 1;
    const remove = row.querySelector('[data-row-remove]');
    if (remove) remove.value = to;
  }
  function addRow(rows) {
    const last = all('[data-row]', rows).pop();
    if (!last) return null;
    const row = last.cloneNode(true);
    all('.error', row).forEach((e) => e.remove());
    all('.wrong', row).forEach((e) => e.classList.remove('wrong'));
    all('.echo', row).forEach((e) => { e.textContent = ''; });
    all('input:not([type=checkbox],[type=radio]), textarea', row).forEach((e) => { e.value = ''; e.removeAttribute('aria-invalid'); });
    last.after(row);
    renumber(row, rows.dataset.rows, all('[data-row]', rows).length - 1);
    return row;
  }

  document.addEventListener('click', (event) => {
    const hit = (selector) => event.target.closest(selector);
    let button;
    if ((button = hit('[data-row-add]'))) {
      const row = addRow(button.closest('[data-rows]'));
      if (!row) return; // no row to copy: the server adds the first
      event.preventDefault();
      row.querySelector('input, select, textarea')?.focus();
    } else if ((button = hit('[data-row-remove]'))) {
      const rows = button.closest('[data-rows]');
      const list = all('[data-row]', rows);
      if (list.length < 2) return;
      event.preventDefault();
      button.closest('[data-row]').remove();
      all('[data-row]', rows).forEach((row, i) => renumber(row, rows.dataset.rows, i));
      rows.querySelector('[data-row-add]')?.focus();
    } else if ((button = hit('[data-fill]'))) {
      const fields = all(`[data-fill-group="${button.dataset.fill}"]`, button.form || document);
      const first = fields.find((field) => field.value);
      if (!first) return;
      event.preventDefault();
      fields.forEach((field) => {
        field.value = first.value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
    } else if ((button = hit('[data-copy]'))) {
      navigator.clipboard?.writeText(document.querySelector(button.dataset.copy).innerText).then(() => {
        const label = button.lastChild.textContent;
        button.lastChild.textContent = button.dataset.copied;
        setTimeout(() => { button.lastChild.textContent = label; }, 2000);
      });
    } else if (hit('[data-print]')) {
      print();
    }
    // A press elsewhere closes an open menu.
    all('.menu[open], .nav-more[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Escape closes an open menu and hands the focus back to what opened it.
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('.menu[open], .nav-more[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });

  document.addEventListener('input', (event) => {
    if (event.target.matches('[data-money]')) echo(event.target);
    const form = event.target.form;
    if (form?.dataset.draft) keepDraft(form);
  });

  /* A second press while the first is on its way is not sent; the button stays usable. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (Date.now() - Number(form.dataset.sent || 0) < 8000) { event.preventDefault(); return; }
    form.dataset.sent = Date.now();
    event.submitter?.classList.add('is-busy');
    if (form.dataset.draft) store.set('sent', DRAFT + form.dataset.draft);
    if ('clearDrafts' in form.dataset) dropDrafts();
  });
  addEventListener('pageshow', () => {
    all('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
    all('.is-busy').forEach((button) => button.classList.remove('is-busy'));
  });

  /* The queue by keyboard. Single keys can be turned off (WCAG 2.1.4). */
  const queue = document.querySelector('[data-queue]');
  const card = () => document.activeElement.closest?.('[data-queue-item]') || queue.querySelector('[data-queue-item]');
  function move(step) {
    const links = all('[data-queue-link]', queue);
    const list = links.length ? links : all('[data-queue-item]', queue);
    const at = list.findIndex((e) => (links.length ? e.getAttribute('aria-current') : e.contains(document.activeElement)));
    const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    if (!next || next === list[at]) return;
    if (links.length) next.click();
    else { next.focus({ preventScroll: true }); next.scrollIntoView({ block: 'nearest' }); }
  }
  function press(action) {
    const target = card()?.querySelector(`[data-action="${action}"]`);
    if (!target) return;
    if (target.tagName !== 'DETAILS') { target.click(); return; }
    all('.fold[open]', card()).forEach((fold) => { if (fold !== target) fold.open = false; });
    target.open = !target.open;
    (target.open ? target.querySelector('.presses button') : target.querySelector('summary')).focus();
  }
  if (queue) {
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input:not([type=checkbox]), select, textarea')) return;
      if (store.get('keys') === 'off' && event.key !== '?') return;
      const digit = Number(event.key);
      const act = { j: () => move(1), k: () => move(-1), a: () => press('accept'), r: () => press('reject'), p: () => press('postpone'),
        '?': () => document.getElementById('keys')?.togglePopover?.(),
        Escape: () => all('.fold[open]', queue).forEach((fold) => { fold.open = false; }) }[event.key]
        || (digit ? () => card()?.querySelector(`.fold[open] .presses button:nth-of-type(${digit})`)?.click() : null);
      if (!act) return;
      if (event.key !== 'Escape') event.preventDefault();
      act();
    });
  }

  function start() {
    if (document.querySelector('[data-saved]') && store.get('sent')) { store.drop(store.get('sent')); store.drop('sent'); }
    all('form[data-draft]').forEach(restoreDraft);
    all('[data-money]').forEach(echo);
    // The summary of errors carries autofocus; this is for browsers that know it only on fields.
    addEventListener('load', () => setTimeout(() => {
      if (document.activeElement === document.body) document.querySelector('[data-focus]')?.focus();
    }));
    if (matchMedia('(min-width: 48rem)').matches) all('.filters').forEach((filters) => { filters.open = true; });
    all('[data-keys-off]').forEach((box) => {
      box.checked = store.get('keys') === 'off';
      box.onchange = () => store.set('keys', box.checked ? 'off' : 'on');
    });
  }
  start();
})();
