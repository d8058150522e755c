"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (css) => [...document.querySelectorAll(css)];
  const cuts = all("del"), rows = all("#chart li"), why = $("why");
  const total = Number(document.querySelector("main").firstElementChild ? $("sum").dataset.total : 0);
  const levels = all(".levels input");
  let pinned = null;

  function show() {
    const level = levels.findIndex((input) => input.checked);
    const on = new Set(all("#chart input").filter((input) => input.checked).map((input) => input.value));
    const sums = new Map();
    let gone = 0, count = 0;
    for (const cut of cuts) {
      const goes = Number(cut.dataset.level) <= level;
      const stays = !goes || !on.has(cut.dataset.category);
      cut.classList.toggle("stays", stays);
      cut.tabIndex = stays ? -1 : 0;
      if (goes) {
        const size = Number(cut.dataset.size);
        sums.set(cut.dataset.category, (sums.get(cut.dataset.category) || 0) + size);
        if (!stays) { gone += size; count += 1; }
      }
    }
    const most = Math.max(1, ...sums.values());
    $("whole").replaceChildren();
    for (const row of rows) {
      const size = sums.get(row.dataset.category) || 0;
      row.querySelector("b").style.width = `${100 * size / most}%`;
      row.querySelector("output").textContent = size.toLocaleString("en");
      row.classList.toggle("none", !size);
      if (size && on.has(row.dataset.category)) {
        const part = document.createElement("i");
        part.className = row.className;
        part.style.width = `${100 * size / Math.max(1, total)}%`;
        $("whole").append(part);
      }
    }
    const share = (100 * gone / Math.max(1, total)).toFixed(1);
    $("sum").textContent = `${gone.toLocaleString("en")} of ${total.toLocaleString("en")} characters`
      + ` (${share} %) removed, in ${count.toLocaleString("en")} stretches`;
  }

  function tell(item) {
    all("del.at").forEach((each) => each.classList.remove("at"));
    why.replaceChildren();
    why.className = "";
    if (!item) return;
    const list = document.createElement("dl");
    const add = (name, text, code) => {
      const term = document.createElement("dt"), value = document.createElement("dd");
      term.textContent = name;
      if (code) value.append(Object.assign(document.createElement("code"), { textContent: text }));
      else value.textContent = text;
      list.append(term, value);
    };
    const data = item.dataset;
    if (item.tagName === "DEL") {
      item.classList.add("at");
      why.className = item.className.split(" ")[0];
      add("category", `${data.category}: ${data.about}`);
      add("rule", data.rule, true);
      add("reason", data.reason);
      add("probability", data.score);
      add("removed from", data.from);
    } else {
      add("kept as", data.kind || "body");
      add("probability", `${data.score} that it is chrome`);
      for (const line of data.why.split("\n")) add("said", line);
    }
    why.append(list);
  }

  const found = (event) => event.target.closest && event.target.closest("del:not(.stays), .line[data-why]");
  document.addEventListener("pointerover", (event) => { if (!pinned) tell(found(event)); });
  document.addEventListener("focusin", (event) => { if (event.target.tagName === "DEL") { pinned = event.target; tell(pinned); } });
  document.addEventListener("click", (event) => {
    if (event.target.closest("aside, summary, #why")) return;
    pinned = found(event);
    tell(pinned);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { pinned = null; tell(null); return; }
    if (event.key !== "n" && event.key !== "p") return;
    const shown = cuts.filter((cut) => !cut.classList.contains("stays"));
    if (!shown.length) return;
    const step = event.key === "n" ? 1 : -1;
    const at = shown.indexOf(document.activeElement);
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : (at + step + shown.length) % shown.length];
    next.closest("details").open = true;
    next.focus();
    next.scrollIntoView({ block: "center" });
  });
  for (const input of all(".levels input, #chart input")) input.addEventListener("change", show);
  $("bare").addEventListener("change", (event) => document.body.classList.toggle("bare", event.target.checked));
  for (const [id, state] of [["all", true], ["none", false]]) {
    $(id).addEventListener("click", () => { all("#chart input").forEach((input) => { input.checked = state; }); show(); });
  }
  show();
})();
