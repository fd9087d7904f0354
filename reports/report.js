// What the page adds where scripts run: a filter over the evidence, kept in the address, and buttons that copy.
// It reads and hides what is on the page; it never makes markup out of text.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const keys = ["source", "lang", "check", "q"];
  const items = Array.from(document.querySelectorAll(".item"), (node) => {
    const { source, source2, lang, lang2, check } = node.dataset;
    return { node, facts: { source: [source, source2], lang: [lang, lang2], check: [check] }, fold: node.parentElement.closest("details") };
  });
  const folds = document.querySelectorAll(".expectation, .step");
  let opened = [];

  const chosen = () => Object.fromEntries(keys.map((key) => [key, form.elements[key].value.trim()]));

  const close = () => {
    for (const fold of opened) fold.open = false;
    opened = [];
  };

  const apply = () => {
    const wanted = chosen();
    const active = keys.some((key) => wanted[key]);
    const query = wanted.q.toLowerCase();
    const hits = new Set();
    let shown = 0;
    for (const item of items) {
      if (query) item.text ??= item.node.textContent.toLowerCase();
      const fits = ["source", "lang", "check"].every((key) => !wanted[key] || item.facts[key].includes(wanted[key])) && (!query || item.text.includes(query));
      item.node.hidden = !fits;
      if (fits) { shown += 1; hits.add(item.fold); }
    }
    if (active) {
      for (const fold of hits) if (fold && !fold.open) { fold.open = true; opened.push(fold); }
    } else {
      close();
    }
    for (const fold of folds) fold.hidden = active && !hits.has(fold);
    form.elements.shown.value = active ? `${shown} of ${items.length} shown` : `${items.length} shown`;
    return wanted;
  };

  const remember = () => {
    const wanted = apply();
    const pairs = keys.filter((key) => wanted[key]).map((key) => [key, wanted[key]]);
    const address = pairs.length ? `#?${new URLSearchParams(pairs)}` : location.pathname + location.search;
    try { history.replaceState(null, "", address); } catch { /* a page without an address of its own */ }
  };

  const recall = () => {
    if (location.hash.startsWith("#?")) {
      const given = new URLSearchParams(location.hash.slice(2));
      for (const key of keys) form.elements[key].value = given.get(key) ?? "";
      apply();
      form.scrollIntoView();
      return;
    }
    const place = location.hash && document.getElementById(location.hash.slice(1));
    if (place instanceof HTMLDetailsElement) {
      place.hidden = false;
      place.open = true;
      place.scrollIntoView();
    }
  };

  const copies = (button, text) => {
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text()).then(
        () => { button.textContent = "copied"; setTimeout(() => { button.textContent = name; }, 1500); },
        () => { button.textContent = "cannot copy here"; },
      );
    });
  };

  if (items.length) {
    form.hidden = false;
    apply();
    form.addEventListener("input", remember);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(remember));
  }
  addEventListener("hashchange", recall);
  recall();

  const link = form.querySelector(".link");
  link.hidden = !navigator.clipboard;
  if (navigator.clipboard) {
    copies(link, () => location.href);
    for (const button of document.querySelectorAll(".copy")) copies(button, () => button.dataset.copy);
  }
})();
