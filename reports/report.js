// What the page adds where scripts run: a filter over the examples, kept in the address, and buttons that copy.
// It reads and hides what is on the page; it never makes markup out of text.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const cards = Array.from(document.querySelectorAll(".card"), (card) => ({
    card,
    facts: { source: card.dataset.source, lang: card.dataset.lang, check: card.dataset.check },
    text: card.textContent.toLowerCase(),
    fold: card.closest("details"),
  }));
  const keys = ["source", "lang", "check", "q"];
  let opened = [];

  const chosen = () => Object.fromEntries(keys.map((key) => [key, form.elements[key].value.trim()]));

  const apply = () => {
    const wanted = chosen();
    const active = keys.some((key) => wanted[key]);
    const query = wanted.q.toLowerCase();
    const hits = new Set();
    let shown = 0;
    for (const { card, facts, text, fold } of cards) {
      const fits = ["source", "lang", "check"].every((key) => !wanted[key] || facts[key] === wanted[key]) && text.includes(query);
      card.hidden = !fits;
      shown += fits ? 1 : 0;
      if (fits) hits.add(fold);
    }
    if (active) {
      for (const fold of hits) if (!fold.open) { fold.open = true; opened.push(fold); }
      for (const fold of document.querySelectorAll(".expectation")) fold.hidden = !hits.has(fold);
    } else {
      for (const fold of opened) fold.open = false;
      for (const fold of document.querySelectorAll(".expectation")) fold.hidden = false;
      opened = [];
    }
    form.elements.shown.value = active ? `${shown} of ${cards.length} examples` : `${cards.length} examples`;
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

  if (cards.length) {
    form.hidden = false;
    apply();
    form.addEventListener("input", remember);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(remember));
  }
  addEventListener("hashchange", recall);
  recall();

  for (const button of document.querySelectorAll(".copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent).then(
        () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); },
        () => { button.textContent = "Select and copy"; },
      );
    });
  }
})();
