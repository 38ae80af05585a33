// The page: chips, the live answer, papers, and the ways out. Nothing is sent, nothing is kept.

import { Answers } from "./answers.js";
import { mayShare, note, sheet } from "./papers.js";
import { Said, contentsOf, fill } from "./said.js";
import { unpack } from "./unpack.js";

/** @typedef {import("./said.js").Orientation} Orientation */
/** @typedef {import("./said.js").Question} Question */
/** @typedef {import("./said.js").Recommendation} Recommendation */

const QUIET = 15 * 60_000;
const WARNING = 60_000;
const LEAVING = 1_500;
const TOLD_WHOLE = 3;
const TOLD_ALOUD = 3;
/** An address is not a number to call. */
const SHOUTED = 22;
const INSEE = /^(?:\d{2}|2[abAB])\d{3}$/;
/** Ranks of what is found by the name of its row alone, or by a part of it. */
const ROW_NAME = 1;
const ROW_PART = 5;
const ROLE = "role";
const CONSENT = "consent_to_share";

/** @param {string} id @returns {any} */
const el = (id) => document.getElementById(id);

/**
 * An element with its text or children.
 * @param {string} tag @param {Record<string, any>} [options] @param {...(Node | string)} children
 * @returns {any}
 */
function make(tag, options = {}, ...children) {
  const made = Object.assign(document.createElement(tag), options);
  made.append(...children.filter((child) => child !== ""));
  return made;
}

/** @param {any} node @param {string} name @param {(event: any) => void} act @param {AddEventListenerOptions} [options] */
const on = (node, name, act, options) => node.addEventListener(name, act, options);

/** @param {string} text @param {() => void} act @param {Record<string, any>} [options] */
function makeButton(text, act, options = {}) {
  const button = make("button", { type: "button", ...options }, text);
  on(button, "click", act);
  return button;
}

const { portable, page } = unpack(JSON.parse(el("data").textContent));
el("data").remove();
// `load` stands in runtime.js, which is no module, so that any engine can run it.
const engine = load(portable);
const contents = contentsOf(portable, page);
const said = new Said(contents);
const { words } = contents;

/** Writes a text where it is another: the same one would be laid out again. @param {any} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Firefox knows `ariaPressed` and its like since 119 only: attributes are written.
/** @param {any} button @param {boolean} isPressed */
function press(button, isPressed) {
  if (button.getAttribute("aria-pressed") !== String(isPressed)) button.setAttribute("aria-pressed", String(isPressed));
}

/** @type {Map<string, Question>} */
const questions = new Map(contents.families.flatMap((family) => family.questions).map((one) => [one.id, one]));
/** @type {{chip: any, question: Question, value: string, text: string}[]} */
const chips = [];
/** @type {{chip: any, questions: Question[]}[]} */
const closers = [];
/** @type {Map<string, any>} */
const rows = new Map();

let answers = new Answers();
/** @type {Recommendation} */
let got;
/** What follows from other answers, and is not asked. @type {{concluded: Set<string>, left: Record<string, unknown[]>}} */
let follows = { concluded: new Set(), left: {} };
/** The question that is lit, where one is. @type {Question | undefined} */
let lit;
/** What stands there to be answered. */
let asking = "";
/** @type {Map<string, {item: any, told: string}>} */
let shown = new Map();
/** How to write the open paper, where one is. @type {(() => void) | undefined} */
let write;
let touched = Date.now();
/** @type {number[]} */
let shifts = [];
let isLeft = false;

// ------------------------------------------------------------------ the moment and the answer

const PARIS = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "short" });
const now = () => PARIS.format(Date.now()).replace(" ", "T");

/** Why answers cannot be given together, in the words of the rules. @param {any} error */
function why(error) {
  const entries = new Set((error.problems ?? []).map((/** @type {{entry: string}} */ problem) => problem.entry));
  return portable.impossible.filter((/** @type {{id: string}} */ entry) => entries.has(entry.id)).map((/** @type {{because: string}} */ entry) => entry.because).join(" ");
}

/** Works the answer out and shows what changed; an impossible answer is taken back. */
function update() {
  el("refused").hidden = true;
  try {
    got = engine.recommend(answers.given, now());
  } catch (error) {
    if (!answers.undo()) throw error;
    got = engine.recommend(answers.given, now());
    el("refused").textContent = words.refused + why(error);
    el("refused").hidden = false;
  }
  const { concluded, left } = engine.conclude(answers.given);
  follows = { concluded: new Set(concluded), left };
  showQuestion();
  showChips();
  showAnswer();
  if (write) write();
}

// ------------------------------------------------------------------ chips

/** Ticks a choice, by a chip or by a key. @param {Question} question @param {string} value */
function tick(question, value) {
  answers.tick(question, value);
  update();
}

/** A row of chips with its name. @param {string} id @param {string} label @param {any[]} made */
function makeRow(id, label, made) {
  const name = make("span", { className: "label", id: `label-${id}` }, label);
  const row = make("div", { className: "question" }, name, make("div", { className: "chips" }, ...made));
  row.setAttribute("role", "group");
  row.setAttribute("aria-labelledby", name.id);
  return row;
}

/** Whether other answers leave nothing to say of a choice. @param {Question} question @param {string} value */
const isMoot = (question, value) =>
  follows.concluded.has(question.type === "many_of" ? `${question.id}=${value}` : question.id) ||
  (question.type === "one_of" && !(follows.left[question.id] ?? [value]).includes(value));

/** @param {Question} question @param {string} value @param {string} text */
function makeChip(question, value, text) {
  const chip = makeButton(text, () => {
    tick(question, value);
    if (!el("find").value) return;
    endFind();
    goToChip(chip);
  }, { className: "chip" });
  chips.push({ chip, question, value, text });
  return chip;
}

/** The chip that says that nothing else is true. @param {Question[]} of */
function makeCloser(of) {
  const chip = makeButton(words.none_other, () => {
    answers.close(of);
    update();
  }, { className: "chip else" });
  closers.push({ chip, questions: of });
  return chip;
}

/** The code of a commune by its name or its code, where it is one. @param {string} text */
function communeOf(text) {
  const sought = folded(text.trim());
  const [code] = Object.entries(contents.communes).find(([, name]) => folded(name) === sought) ?? [];
  return code ?? (INSEE.test(text.trim()) ? text.trim().toUpperCase() : undefined);
}

/** A place to type a commune. @param {Question} question @param {string} id */
function makeCommune(question, id) {
  const input = make("input", { type: "text", id, autocomplete: "off", spellcheck: false, placeholder: words.commune });
  input.setAttribute("list", "communes");
  on(input, "change", () => {
    const code = communeOf(input.value);
    input.setAttribute("aria-invalid", String(input.value.trim() !== "" && !code));
    answers.keep();
    answers.set(question.id, code);
    update();
  });
  return input;
}

/** @param {{name: string, questions: Question[]}} family @param {number} place */
function makeFamily(family, place) {
  const title = make("h3", { id: `family-${place}`, tabIndex: -1 }, family.name);
  const made = family.questions.filter((one) => one.type === "one_of" || one.type === "many_of").map((question) => {
    const row = question.choices.map(([value, text]) => makeChip(question, value, text));
    if (question.type === "many_of") row.push(makeCloser([question]));
    rows.set(question.id, makeRow(question.id, question.label, row));
    return rows.get(question.id);
  });
  const ticks = family.questions.filter((one) => one.type === "yes_no");
  if (ticks.length) {
    const row = ticks.map((question) => makeChip(question, "yes", question.label));
    rows.set(`true-${place}`, makeRow(`true-${place}`, words.true_ones, [...row, makeCloser(ticks)]));
    made.push(rows.get(`true-${place}`));
  }
  for (const question of family.questions.filter((one) => one.type === "commune")) {
    const input = makeCommune(question, `place-${question.id}`);
    input.setAttribute("aria-labelledby", `label-${question.id}`);
    rows.set(question.id, makeRow(question.id, question.label, [input]));
    made.push(rows.get(question.id));
  }
  const section = make("section", { className: place ? "family" : "family first" }, title, ...made);
  section.setAttribute("aria-labelledby", title.id);
  el("families-nav").append(makeButton(family.name, () => goTo(title)));
  return section;
}

function showChips() {
  for (const { chip, question, value, text } of chips) {
    chip.classList.toggle("moot", isMoot(question, value));
    const ticked = answers.ticked(question.id);
    const isTicked = ticked.includes(value);
    const isNo = !isTicked && (question.type === "yes_no" ? ticked[0] === "no" : question.type === "many_of" && answers.isClosed(question));
    press(chip, isTicked);
    if (chip.classList.contains("no") !== isNo) {
      chip.classList.toggle("no", isNo);
      // A line through a word is not read out.
      if (isNo) chip.setAttribute("aria-label", `${text}, ${words.said_no}`);
      else chip.removeAttribute("aria-label");
    }
  }
  for (const { chip, questions: of } of closers) {
    press(chip, of.every((question) => answers.isClosed(question)));
  }
  for (const [id, row] of rows) {
    row.classList.toggle("lit", id === lit?.id);
    row.classList.toggle("moot", !row.querySelector("input, .chip:not(.moot, .else)"));
    const input = row.querySelector("input");
    if (input && (answers.has(id) || input.getAttribute("aria-invalid") !== "true")) input.value = contents.communes[String(answers.given[id])] ?? answers.given[id] ?? "";
  }
  for (const { chip, question } of chips) {
    if (question.type === "yes_no") chip.classList.toggle("lit", question === lit);
  }
  el("undo").disabled = !answers.history.length;
}

// ------------------------------------------------------------------ the next best question

function showQuestion() {
  const asked = got.next_questions.map((one) => one.attribute).filter((id) => !answers.passed.has(id));
  // Several things may be true of one question: it stays until somebody goes on.
  const stays = lit?.type === "many_of" && answers.ticked(lit.id).length && !answers.isClosed(lit) && !answers.passed.has(lit.id);
  const next = stays ? lit : questions.get(asked[0]);
  const told = next ? next.id + choicesOf(next) : "";
  const isNew = told !== asking;
  asking = told;
  lit = next;
  if (!lit) {
    el("next-title").textContent = got.next_questions.length ? words.asked_all : words.settled;
    el("choices").replaceChildren();
    return;
  }
  const question = lit;
  if (isNew) {
    el("next-title").textContent = question.ask;
    el("choices").replaceChildren(...makeChoices(question));
  }
  for (const button of el("choices").querySelectorAll("[data-value]")) {
    press(button, answers.ticked(question.id).includes(button.dataset.value));
  }
}

/** What may still be answered. @param {Question} question @returns {[string, string][]} */
function choicesOf(question) {
  if (question.type === "yes_no") return [["yes", words.yes], ["no", words.no]];
  return question.choices.filter(([value]) => !isMoot(question, value));
}

/** @param {Question} question */
function makeChoices(question) {
  /** @param {string} key @param {string} text @param {() => void} act @param {string} [value] */
  const choice = (key, text, act, value) => {
    const sign = make("kbd", {}, key);
    sign.setAttribute("aria-hidden", "true");
    const button = makeButton("", act);
    button.append(sign, text);
    button.setAttribute("aria-keyshortcuts", key);
    if (value !== undefined) button.dataset.value = value;
    return button;
  };
  const made = choicesOf(question).map(([value, text], place) =>
    choice(String(place + 1), text, () => answer(question, value), question.type === "many_of" ? value : undefined));
  if (question.type === "commune") {
    const input = makeCommune(question, "place-next");
    input.setAttribute("aria-labelledby", "next-title");
    made.push(input);
  }
  if (question.type === "many_of") made.push(choice("0", words.none_other, () => closeLit(question)));
  if (question.type === "many_of") made.push(choice("↵", words.follow, pass));
  else made.push(choice("?", words.unknown, pass));
  return made;
}

/** Answers the lit question; the keyboard stays with the questions. @param {Question} question @param {string} value */
function answer(question, value) {
  const isHere = el("choices").contains(document.activeElement);
  tick(question, value);
  keepFocus(isHere);
}

/** @param {Question} question */
function closeLit(question) {
  const isHere = el("choices").contains(document.activeElement);
  answers.close([question]);
  update();
  keepFocus(isHere);
}

function pass() {
  if (!lit) return;
  const isHere = el("choices").contains(document.activeElement);
  answers.pass(lit.id);
  update();
  keepFocus(isHere);
}

/** A button that is gone takes the focus with it: the new question gets it. @param {boolean} isHere */
function keepFocus(isHere) {
  if (isHere && !el("choices").contains(document.activeElement)) el("next-title").focus({ preventScroll: true });
}

// ------------------------------------------------------------------ the live answer

/** Each group as it stands on the page: what stays is not made anew. */
const sections = Object.fromEntries(["now", "today", "later", "then"].map((when) => {
  const [title, list] = [make("h3"), make("ol")];
  return [when, { title, list, section: make("section", { className: `group ${when}` }, title, list) }];
}));

/** Puts children in the place of others, where they are others. @param {any} parent @param {any[]} children */
function replace(parent, children) {
  const isThere = (/** @type {any} */ child, /** @type {number} */ place) => {
    const there = parent.children[place];
    // An item is known by itself: what is open in it stays open.
    return there === child || (!/^(li|section)$/.test(child.localName) && there.isEqualNode(child));
  };
  if (parent.childElementCount !== children.length || !children.every(isThere)) parent.replaceChildren(...children);
}

function showAnswer() {
  const at = String(got.at);
  setText(el("moment"), said.moment(at));
  const groups = said.grouped(got);
  const before = shown;
  shown = new Map();
  let place = 0;
  let isMarked = false;
  const made = groups.map(([when, group]) => {
    const items = group.map((one) => {
      const isWhole = when !== "then" && (place += 1) <= TOLD_WHOLE;
      const told = JSON.stringify([one, isWhole, got.gaps.includes(one.kind)]);
      const old = before.get(one.kind);
      const item = old?.told === told ? old.item : makeItem(one, isWhole, old?.item);
      item.classList.toggle("new", before.size > 0 && !old);
      shown.set(one.kind, { item, told });
      isMarked ||= said.mark(one) !== "";
      return item;
    });
    const { section, title, list } = sections[when];
    setText(title, said.heading(when, group, at));
    replace(list, items);
    return section;
  });
  if (!groups.length) made.push(make("p", {}, Object.keys(answers.given).length ? nothing() : words.first));
  replace(el("groups"), made);
  replace(el("rest"), [...makeRest(isMarked)]);
  const [first] = groups[0]?.[1] ?? [];
  const contact = first && said.contact(first, got);
  setText(el("first"), first
    ? `${said.heading(groups[0][0], groups[0][1], at)} · ${first.label.replace(/ \([^)]*\)$/, "")}${contact?.number ? ` → ${contact.number}` : ""} (${got.orientations.length})`
    : words.answer);
  for (const id of ["read", "sheet", "note"]) el(id).disabled = id !== "sheet" && !got.orientations.length;
  tell(before, groups.flatMap(([, group]) => group));
  showPossible();
}

/** What other answers may still lead to: how many, and which where somebody asks. */
function showPossible() {
  const possible = Object.keys(answers.given).length ? engine.possible(answers.given, now()) : [];
  el("possible").hidden = !possible.length;
  setText(el("possible").firstElementChild, possible.length === 1 ? words.possible_one : fill(words.possible, possible.length));
  replace(el("possible").lastElementChild, el("possible").open ? possible.map(makePossible) : []);
}

/** @param {import("./said.js").Possibility} one */
function makePossible({ label, urgency, missing }) {
  const labels = missing.flatMap((id) => questions.get(id)?.label ?? []);
  return make("li", {}, `${label} (${words[urgency].toLowerCase()}) `, make("span", { className: "when" }, fill(words.depends, some(labels, ", "))));
}

/** What is missing most often, where nothing is certain: who the person is. */
function nothing() {
  const role = questions.get(ROLE);
  return role && !answers.has(ROLE) ? `${words.nothing} ${fill(words.role, role.label)}` : words.nothing;
}

/** The first of these, and how many more: one more is named. @param {string[]} names @param {string} between */
function some(names, between) {
  const rest = names.length - TOLD_ALOUD;
  return rest < 2 ? names.join(between) : [...names.slice(0, TOLD_ALOUD), fill(words.and_more, rest)].join(between);
}

/** Says aloud what came, went, or changed, and nothing else. @param {typeof shown} before @param {Orientation[]} all */
function tell(before, all) {
  const label = (/** @type {Orientation} */ one) => [one.label, said.contact(one, got).number].filter(Boolean).join(", ");
  const labelled = (/** @type {string} */ kind) => contents.kinds[kind] ?? kind;
  const isChanged = (/** @type {Orientation} */ one) => before.has(one.kind) && before.get(one.kind)?.told !== shown.get(one.kind)?.told;
  const parts = [
    [words.added, all.filter((one) => !before.has(one.kind)).map(label)],
    [words.removed, [...before.keys()].filter((kind) => !shown.has(kind)).map(labelled)],
    [words.changed, all.filter(isChanged).map((one) => one.label)],
  ];
  const changes = parts.filter(([, names]) => names.length).map(([text, names]) => {
    return fill(String(text), some(/** @type {string[]} */ (names), " ; "));
  });
  if (changes.length) el("changes").textContent = changes.join(" ");
}

/** @param {Orientation} one @param {boolean} isWhole @param {any} old */
function makeItem(one, isWhole, old) {
  const { name, number, hours } = said.contact(one, got);
  const line = make("summary", { className: "do" },
    make("b", {}, one.label + said.whom(one)), " ",
    number && make("span", { className: number.length > SHOUTED ? "when" : "call" }, number + said.mark(one)), " ",
    make("span", { className: "when" }, [isWhole || !number ? name : "", hours].filter(Boolean).join(" · ") + (number ? "" : said.mark(one))));
  const more = make("details", {}, line);
  // What nobody opens is not written.
  on(more, "toggle", () => {
    if (more.open && more.childElementCount === 1) more.append(makeMore(one, isWhole));
  });
  more.open = old?.querySelector("details").open ?? false;
  return make("li", { className: isWhole ? "whole" : "" }, more, isWhole ? make("p", { className: "why" }, one.because) : "");
}

/** @param {Orientation} one @param {boolean} isWhole */
function makeMore(one, isWhole) {
  const card = one.call ?? one.partner;
  const contact = card ? Object.entries(card.contact).map(([by, text]) => (by === "sms" ? `SMS ${text}` : text)) : [];
  /** @type {[string, string][]} */
  const lines = [
    [words.why, isWhole ? "" : one.because],
    [words.whose, card ? [card.name, card.description].filter(Boolean).join(". ") : ""],
    [words.contact, [...contact, card?.access, words[card?.withheld ?? ""]].filter(Boolean).join(" · ")],
    [words.hours, card ? [contents.hours[card.hours ?? ""] ?? card.hours, said.closure(card)].filter(Boolean).join(" · ") : ""],
    [words.to_check, card ? card.to_check.map((question) => question.label).join(", ") : ""],
    [words.sharing, one.sharing.text + (one.sharing.legal_basis.length ? ` (${one.sharing.legal_basis.join(" ; ")})` : "")],
    [words.sources, card ? card.sources.map((source) => `${source.title} (${[source.date ?? words.undated, source.trust].join(", ")})`).join(" ; ") : ""],
  ];
  return make("dl", {}, ...lines.filter(([, text]) => text).flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]));
}

/** @param {boolean} isMarked */
function* makeRest(isMarked) {
  if (got.left_out) yield make("p", {}, fill(words.left_out, got.left_out));
  if (got.excluded.length) {
    yield make("p", { className: "never" }, make("b", {}, words.not_offered), ` ${got.excluded.map((kind) => contents.kinds[kind] ?? kind).join(" · ")}`);
  }
  if (got.advice.length) {
    const list = make("ul", {}, ...got.advice.map((text) => make("li", {}, text)));
    yield make("div", {}, make("h3", {}, words.advice), list);
  }
  if (isMarked) yield make("p", { className: "hint" }, words.mark);
}

// ------------------------------------------------------------------ what opens over the page

/** @param {string} title @param {string} name @param {...any} body */
function open(title, name, ...body) {
  el("dialog-title").textContent = title;
  el("dialog").className = name;
  el("dialog-body").replaceChildren(...body);
  if (!el("dialog").open) el("dialog").showModal();
  el("dialog").scrollTop = 0;
  el("dialog-title").focus();
}

function emptyDialog() {
  write = undefined;
  el("dialog").removeAttribute("class");
  el("dialog-title").textContent = "";
  el("dialog-body").replaceChildren();
  emptyPaper();
}

function emptyPaper() {
  el("paper").removeAttribute("class");
  el("paper").replaceChildren(make("p", {}, words.no_print));
}

/** One thing at a time, large. Whoever was alerted is nobody to read out: as on the sheet. */
function readWithHer() {
  const steps = [make("p", {}, words.read_first)];
  for (const [when, group] of said.grouped(got)) {
    for (const one of group.filter((other) => other.nature !== "authority")) {
      const { name, number, hours: opening } = said.contact(one, got);
      // What is true on any day is easier to keep in mind.
      const hours = (one.call && !one.call.closed_because && contents.hours[one.call.hours ?? ""]) || opening;
      const isNamed = name && !contents.shelters.includes(one.kind);
      steps.push(make("div", {},
        make("p", { className: "when" }, said.heading(when, group, String(got.at)).toLowerCase()),
        make("h3", {}, one.label + said.whom(one)),
        number && make("p", { className: "number" }, number),
        isNamed || hours ? make("p", { className: "when" }, [isNamed ? name : "", hours].filter(Boolean).join(" · ")) : "",
        make("p", {}, one.because)));
    }
  }
  if (steps.length === 1) steps[0] = make("p", {}, words.read_none);
  else steps.push(make("p", {}, words.read_last));
  let place = 0;
  const one = make("div", { className: "one", tabIndex: -1 });
  const [before, after] = [makeButton(words.before, () => show(place - 1)), makeButton(words.after, () => show(place + 1))];
  const count = make("span");
  const show = (/** @type {number} */ to) => {
    if (to < 0 || to >= steps.length) return;
    place = to;
    one.replaceChildren(steps[place]);
    count.textContent = fill(words.step, place + 1, steps.length);
    before.disabled = place === 0;
    after.disabled = place === steps.length - 1;
    one.focus({ preventScroll: true });
  };
  const body = make("div", {}, one, make("div", { className: "steps" }, before, count, after));
  on(body, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "ArrowRight") show(place + 1);
    if (event.key === "ArrowLeft") show(place - 1);
  });
  open(words.read, "reading", body);
  show(0);
}

/** Two choices of which one holds. @param {string} title @param {[string, string][]} options @param {() => void} act */
function makeEither(title, options, act) {
  const labels = options.map(([value, text], place) => {
    const input = make("input", { type: "radio", name: title, value, checked: place === 0, autocomplete: "off" });
    on(input, "change", act);
    return make("label", {}, input, text);
  });
  return make("fieldset", {}, make("legend", {}, title), ...labels);
}

/** The one that is chosen. @param {any} either @returns {string} */
const chosen = (either) => either.querySelector(":checked").value;

const makePrint = () => makeButton(words.print, () => window.print(), { className: "print" });

/** Shows a paper as it will be printed. @param {any} preview @param {string} html @param {string} name */
function setPaper(preview, html, name) {
  // Our own words and what the worker wrote, escaped in papers.js. On the page, a title is an h3.
  el("paper").className = `paper ${name}`;
  el("paper").innerHTML = html;
  preview.innerHTML = html.replaceAll(/<(\/?)h2>/g, "<$1h4>").replaceAll(/<(\/?)h1>/g, "<$1h3>");
}

function openSheet() {
  const names = makeEither(words.names, [["", words.discreet], ["named", words.named]], () => write?.());
  const paper = makeEither(words.paper, [["large", "A4"], ["small", "A6"]], () => write?.());
  const preview = make("div", { className: "preview paper" });
  write = () => setPaper(preview, sheet(got, contents, chosen(names) !== ""), `sheet ${chosen(paper)} ${chosen(names)}`);
  open(words.sheet, "", make("div", { className: "form" }, names, paper, makePrint()), preview);
  write();
}

function openNote() {
  const list = make("select", { id: "note-to", autocomplete: "off" }, ...got.orientations.map((one) => make("option", { value: one.kind }, one.label)));
  /** @type {["reason", "needs", "done", "shares", "call_back"]} */
  const names = ["reason", "needs", "done", "shares", "call_back"];
  const fields = names.map((name) => {
    const area = make("textarea", { id: `note-${name}`, rows: 2, autocomplete: "off", spellcheck: false });
    on(area, "input", () => write?.());
    return make("p", { className: "field" }, make("label", { htmlFor: area.id }, words[name]), area);
  });
  const written = () => /** @type {any} */ (Object.fromEntries(names.map((name) => [name, el(`note-${name}`).value])));
  const print = makePrint();
  const consent = questions.get(CONSENT);
  const locked = make("p", { className: "warning" });
  const agreed = makeEither(consent?.ask ?? "", [["yes", words.yes], ["no", words.no], ["", words.unknown]], () => {
    if (!consent) return;
    answers.keep();
    answers.set(CONSENT, chosen(agreed) || undefined);
    update();
  });
  for (const input of agreed.querySelectorAll("input")) input.checked = input.value === (answers.given[CONSENT] ?? "");
  const preview = make("div", { className: "preview paper" });
  on(list, "change", () => write?.());
  write = () => {
    const one = got.orientations.find((other) => other.kind === list.value);
    if (!one) return openNote();
    // What the law lets pass without agreement does not wait for it.
    const isLocked = !mayShare(one) && !answers.has(CONSENT);
    locked.hidden = !isLocked;
    locked.textContent = words.locked;
    preview.hidden = isLocked;
    print.disabled = isLocked;
    for (const field of fields) field.hidden = !mayShare(one);
    if (isLocked) emptyPaper();
    else setPaper(preview, note(one, contents, written()), "");
  };
  if (!got.orientations.length) return open(words.note, "", make("p", {}, words.note_none));
  const to = make("p", { className: "field" }, make("label", { htmlFor: list.id }, words.to), list);
  open(words.note, "", make("div", { className: "form" }, to, agreed, ...fields, print), locked, preview);
  write();
}

/** What somebody answered, in words. @param {Question} question */
function sayAnswer(question) {
  const ticked = answers.ticked(question.id);
  const isYes = question.type === "yes_no";
  const labels = isYes ? { yes: words.yes, no: words.no } : question.type === "commune" ? contents.communes : Object.fromEntries(question.choices);
  const told = ticked.map((value) => labels[value] ?? value);
  if (question.type === "many_of" && answers.isClosed(question)) told.push(words.none_other);
  return told.join(", ");
}

function openHow() {
  const ticked = [...questions.values()].filter((question) => answers.has(question.id));
  const { library, territory, digest } = got.identity;
  open(words.how, "plain",
    ...["how_1", "how_2", "how_3", "how_4"].map((name) => make("p", {}, words[name])),
    make("h3", {}, words.how_notice), make("div", { lang: "fr" }, ...contents.notice.map((line) => make("p", {}, line))),
    make("h3", {}, words.how_moment), make("p", {}, said.moment(String(got.at))),
    make("h3", {}, words.how_given),
    ticked.length ? make("ul", {}, ...ticked.map((question) => make("li", {}, `${question.label} : ${sayAnswer(question)}`))) : make("p", {}, words.how_none),
    make("h3", {}, words.how_why),
    make("ul", {}, ...got.orientations.map((one) => make("li", {}, make("b", {}, one.label), ` — ${one.because}`))),
    make("h3", {}, words.how_rules),
    make("p", {}, fill(words.how_identity, library, territory ?? "—", (digest ?? "—").slice(0, 12), said.moment(contents.until))));
}

// ------------------------------------------------------------------ finding, keys, going away

/** @param {string} text */
const folded = (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();

/** How well a chip is what is sought; what only its row is called is not ticked unseen. @param {string} text @param {string} label @param {string} sought */
function rank(text, label, sought) {
  const told = folded(text);
  if (told === sought) return 0;
  if (folded(label) === sought) return ROW_NAME;
  if (told.split(/\W+/).includes(sought)) return 2;
  return told.startsWith(sought) ? 3 : told.includes(sought) ? 4 : ROW_PART;
}

/** @param {{rank: number}} found */
const isByRow = (found) => found.rank === ROW_NAME || found.rank === ROW_PART;

/** Whether Enter may tick: nothing else is meant, and no tick would be taken away. @param {{rank: number, question: Question, value: string}[]} ranked */
const isSure = ([first, ...others]) => !isByRow(first) && (first.rank === 0 || !others.length) && !answers.ticked(first.question.id).includes(first.value);

const synonyms = words.synonyms.split(",").map((one) => folded(one).split("="));

/** What is sought: where no label holds a word that people say, the word of the rules. @param {string} typed */
function meant(typed) {
  if (chips.some((one) => holds(one, typed))) return typed;
  return synonyms.find(([common]) => common === typed.replace(/s$/, "") || (typed.length > 3 && common.startsWith(typed)))?.[1] ?? typed;
}

/** @param {{question: Question, text: string}} chip @param {string} sought */
const holds = ({ question, text }, sought) => [text, question.label, question.ask].some((told) => folded(told).includes(sought));

/** Shows the chips of that name, or of a question in these words, and returns them. */
function find() {
  const typed = folded(el("find").value.trim());
  const sought = meant(typed);
  const found = chips.filter((one) => {
    one.chip.hidden = !holds(one, sought);
    return !one.chip.hidden && !one.chip.classList.contains("moot");
  });
  for (const { chip } of closers) chip.hidden = sought !== "";
  for (const row of document.querySelectorAll(".question, .family")) {
    /** @type {any} */ (row).hidden = sought !== "" && !row.querySelector(".chip:not([hidden], .moot)");
  }
  // What is called so comes before what holds the word somewhere.
  // Another word than the one that was typed ticks nothing.
  const ranked = found.map((one) => ({ ...one, rank: sought === typed ? rank(one.text, one.question.label, sought) : ROW_PART })).sort((one, other) => one.rank - other.rank);
  const [first] = ranked;
  const name = first && (isByRow(first) ? first.question.label : first.text);
  el("found").textContent = !sought ? "" : !first ? words.found_none
    : isSure(ranked) ? fill(words.found, name)
    : ranked.length > 1 ? fill(words.found_some, ranked.length, name)
    : fill(words.found_there, name);
  return sought ? ranked : [];
}

function endFind() {
  el("find").value = "";
  find();
}

/** @param {any} place */
function goTo(place) {
  place.scrollIntoView({ block: "start" });
  place.focus({ preventScroll: true });
}

/** Forgets every answer and shows the page as it was opened. */
function wipe() {
  if (isLeft) return;
  answers = new Answers();
  lit = undefined;
  shown = new Map();
  el("dialog").close();
  emptyDialog();
  endFind();
  el("ending").hidden = true;
  el("possible").open = false;
  for (const input of /** @type {any} */ (document.querySelectorAll("#grid input"))) {
    input.value = "";
    input.removeAttribute("aria-invalid");
  }
  update();
  el("changes").textContent = words.wiped;
  window.scrollTo(0, 0);
}

/** Blanks first, then leaves for an empty page; nothing is fetched. */
function leave() {
  isLeft = true;
  answers = new Answers();
  document.documentElement.replaceChildren();
  window.location.replace("about:blank");
}

function undo() {
  const isHere = document.activeElement === el("undo");
  lit = undefined;
  if (!answers.undo()) return;
  update();
  if (isHere && el("undo").disabled) el("next-title").focus({ preventScroll: true });
}

/** Warns one minute before all is wiped; a machine that slept is late, and wipes at once. */
function watch() {
  if (isLeft) return;
  const quiet = Date.now() - touched;
  const isStarted = answers.history.length > 0 || el("dialog").open || el("find").value !== "";
  if (quiet >= QUIET && isStarted) wipe();
  el("ending").hidden = !isStarted || quiet < QUIET - WARNING || quiet >= QUIET;
  if (el("dialog").open && !el("ending").hidden) el("dialog").prepend(el("ending"));
  else if (el("ending").parentNode !== el("warnings")) el("warnings").append(el("ending"));
  const isStale = now() >= contents.until;
  el("stale").hidden = !isStale;
  if (isStale) el("stale").textContent = fill(words.stale, `${said.moment(contents.until)}/${contents.until.slice(0, 4)}`);
  // Somebody may open while the page stands.
  if (String(got.at).slice(0, 16) !== now()) update();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  touched = Date.now();
  if (event.key === "Shift" && !event.repeat) {
    shifts = [...shifts.filter((moment) => touched - moment < LEAVING), touched];
    if (shifts.length >= 3) leave();
    return;
  }
  shifts = event.key === "Shift" ? shifts : [];
  const target = /** @type {Element} */ (event.target);
  const isWriting = target.matches("textarea, select, input");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isWriting && !el("dialog").open) {
    event.preventDefault();
    undo();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || el("dialog").open) return;
  const act = actOf(event, target);
  if (!act) return;
  event.preventDefault();
  act();
}

/** What a key does, where it does something. @param {KeyboardEvent} event @param {Element} target */
function actOf({ key }, target) {
  const question = lit;
  if (key === "/") return () => { el("find").focus(); el("find").scrollIntoView({ block: "center" }); };
  if (key === "u" || key === "U") return undo;
  if (key === "r" || key === "R") return got.orientations.length ? readWithHer : undefined;
  if (!question) return undefined;
  if (key === "?" || (key === "Enter" && !target.matches("button, summary"))) return pass;
  if (key === "0" && question.type === "many_of") return () => closeLit(question);
  if (!/^[1-9]$/.test(key)) return undefined;
  const choice = choicesOf(question)[Number(key) - 1];
  return choice && (() => answer(question, choice[0]));
}

/** @returns {any[]} */
const visibleChips = () => [...el("families").querySelectorAll(".chip:not([hidden], .moot)")].filter((chip) => !chip.closest(".moot, [hidden]"));

/** Arrows go from chip to chip. @param {KeyboardEvent} event */
function onChipKey(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Escape") endFind();
  if (!step || !target.matches(".chip")) return;
  const all = visibleChips();
  event.preventDefault();
  all[all.indexOf(target) + step]?.focus();
}

/** @param {KeyboardEvent} event */
function onFindKey(event) {
  if (event.key === "Escape") endFind();
  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const ranked = find();
  const [first, ...others] = ranked;
  if (!first) return;
  if (event.key === "ArrowDown") return goTo(visibleChips()[0]);
  const isTicked = isSure(ranked);
  // Where several may be meant, they stay, and one chooses among them.
  if (isTicked || isByRow(first) || !others.length) endFind();
  if (isTicked) tick(first.question, first.value);
  goToChip(first.chip);
}

/** @param {any} chip */
function goToChip(chip) {
  chip.scrollIntoView({ block: "center" });
  chip.focus({ preventScroll: true });
}

el("families").append(...contents.families.map(makeFamily));
el("communes").append(...Object.values(contents.communes).map((value) => make("option", { value })));
on(el("find"), "input", find);
on(el("find"), "keydown", onFindKey);
on(el("families"), "keydown", onChipKey);
const acts = { undo, wipe, leave, "leave-too": leave, read: readWithHer, sheet: openSheet, note: openNote, how: openHow, stay: watch, close: () => el("dialog").close() };
for (const [id, act] of Object.entries(acts)) on(el(id), "click", act);
on(el("possible"), "toggle", showPossible);
on(el("dialog"), "close", emptyDialog);
for (const button of /** @type {any} */ (document.querySelectorAll("[data-go]"))) on(button, "click", () => goTo(el(button.dataset.go)));
on(document, "keydown", onKey);
for (const name of ["pointerdown", "wheel", "input"]) on(document, name, () => { touched = Date.now(); }, { passive: true });
on(document, "visibilitychange", watch);
// Going back to a page must not show what it was left with.
on(window, "pagehide", wipe);
setInterval(watch, 5_000);
update();
watch();
