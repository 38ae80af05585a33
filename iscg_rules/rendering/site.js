"use strict";
const entries = JSON.parse(document.getElementById("index").textContent);
const field = document.getElementById("words");
const list = document.getElementById("found");
const said = document.getElementById("said");
const plain = (text) =>
  text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
function search() {
  const words = plain(field.value).match(/[a-z0-9]+/g) || [];
  list.replaceChildren();
  if (!words.length) { said.textContent = ""; return; }
  const begins = (text, word) => ` ${text}`.includes(` ${word}`);
  const found = entries.filter((entry) => words.every((word) => begins(entry.words, word)));
  const isTitle = (entry) => words.every((word) => begins(entry.title_words, word));
  found.sort((one, other) => isTitle(other) - isTitle(one));
  said.textContent = `${found.length} ${found.length > 1 ? "résultats" : "résultat"}`;
  for (const entry of found.slice(0, 50)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.page;
    link.textContent = entry.title;
    item.append(link, ` (${entry.kind})`);
    list.append(item);
  }
}
field.addEventListener("input", search);
search();
