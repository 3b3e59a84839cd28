"use strict";
(() => {
  const body = document.getElementById("findings").tBodies[0];
  const heads = document.querySelectorAll("#findings th");
  const tools = document.getElementById("tools");
  const search = document.getElementById("search");
  const level = document.getElementById("level");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");
  const order = new Intl.Collator("en", { numeric: true }).compare;
  let rows = Array.from(body.rows, (row, at) => ({ row, at, text: row.textContent.toLowerCase() }));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    let n = 0;
    for (const { row, text } of rows) {
      const fits = (!level.value || row.dataset.level === level.value) &&
        (!kind.value || row.dataset.kind === kind.value) && words.every((w) => text.includes(w));
      row.hidden = !fits;
      n += fits ? 1 : 0;
    }
    shown.textContent = n + " of " + rows.length + " places";
  };

  const sort = (column, down) => {
    const value = (r) => r.row.cells[column].dataset.sort ?? r.row.cells[column].textContent;
    const keyed = rows.map((r) => ({ r, v: value(r) }));
    keyed.sort((a, b) => (down ? order(b.v, a.v) : order(a.v, b.v)) || a.r.at - b.r.at);
    rows = keyed.map((k) => k.r);
    const all = document.createDocumentFragment();
    for (const { row } of rows) all.append(row);
    body.append(all);
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down);
    });
    head.replaceChildren(button);
  });
  tools.addEventListener("submit", (e) => e.preventDefault());
  for (const field of [search, level, kind]) field.addEventListener("input", filter);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  tools.reset();
  tools.hidden = false;
  filter();
})();
