// What is printed: twin of rendering/person_sheet.py and rendering/referral.py. Change both.
// Papers are French in any language, as there.

import { dayOf } from "./said.js";

/** @typedef {import("./said.js").Recommendation} Recommendation */
/** @typedef {import("./said.js").Card} Card */
/** @typedef {import("./said.js").Contents} Contents */
/** @typedef {import("./said.js").Orientation} Orientation */

const MOST = 10;
const NOTES = 4;
const FOR_EVER = "9999-12-31";
const BLANK = "…".repeat(20);
const MAY_SHARE = ["agreed", "inform", "without_agreement"];
const SECRECY = "secret professionnel, code pénal, art. 226-13";

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} text */
const oneLine = (text) => text.split(/[ \t\r\n]+/).filter(Boolean).join(" ");

/** From which day on a partner that is closed these days answers again. @param {Card} card */
function since({ closed_until: until }) {
  return until && until !== FOR_EVER ? `à partir du ${dayOf(until, 1).split("-").reverse().join("/")}` : "";
}

/** Each number once, rescue first. @param {Recommendation} got @param {Contents} contents */
function* cards(got, contents) {
  for (const rescue of contents.rescue) yield /** @type {const} */ ([...rescue, ""]);
  for (const one of got.orientations) {
    // Whoever was alerted is nobody for the person to call, nor to be found on a paper.
    if (one.nature === "authority") continue;
    // The one to call now may not be the nearest: both are worth keeping.
    for (const card of [one.call, one.partner]) {
      // Closed with no date is nobody to call.
      if (card && (card.closed_until || !card.closed_because)) {
        yield /** @type {const} */ ([one.kind, card.name, card.contact, card.hours && (contents.hours[card.hours] ?? card.hours), since(card)]);
      }
    }
  }
}

/** The sheet that the person takes home. @param {Recommendation} got @param {Contents} contents @param {boolean} isNamed */
export function sheet(got, contents, isNamed) {
  /** @type {Map<string, string>} */
  const lines = new Map();
  for (const [kind, name, contact, ...times] of cards(got, contents)) {
    const number = contact.phone || contact.sms;
    if (!number || lines.has(number) || lines.size === MOST) continue;
    const hours = times.filter(Boolean).join(", ");
    const by = number === contact.sms ? " (par SMS)" : "";
    const whose = isNamed && !contents.shelters.includes(kind) ? `${escape(name)}<br>` : "";
    lines.set(number, `<li>${whose}<b>${escape(number)}</b>${escape(by + (hours ? ` · ${hours}` : ""))}</li>`);
  }
  return `<h1>Numéros utiles</h1><ul>${[...lines.values()].join("")}</ul>${"<hr>".repeat(NOTES)}`;
}

/** Whether something may be passed on, as things stand. @param {Orientation} one */
export const mayShare = (one) => MAY_SHARE.includes(one.sharing.transmission);

/**
 * The liaison note: what the worker wrote with the person, and no answer.
 *
 * @param {Orientation} one
 * @param {Contents} contents
 * @param {{reason: string, needs: string, done: string, shares: string, call_back: string}} written
 */
export function note(one, contents, written) {
  const ground = `${one.sharing.text} (${one.sharing.legal_basis.join(" ; ") || SECRECY})`;
  if (!mayShare(one)) return `<h1>Rien à transmettre</h1><p>${escape(ground)}</p>`;
  const contact = one.partner && !contents.shelters.includes(one.kind) ? Object.values(one.partner.contact) : [];
  /** @type {[string, string[]][]} */
  const parts = [
    ["", [`Pour\u00a0: ${one.partner?.name ?? one.label}`, ...contact, "De\u00a0: intervenant social en commissariat et gendarmerie",
      ...["Date", "Service", "Pour me joindre"].map((what) => `${what}\u00a0: ${BLANK}`)]],
    ["Motif du contact", [written.reason.replaceAll("\n", " ")]],
    ["Besoins", written.needs.split("\n")],
    ["Déjà fait", written.done.split("\n")],
    ["Ce que la personne accepte de partager", written.shares.split("\n")],
    ["Rappeler sans risque", [written.call_back.replaceAll("\n", " ")]],
    ["Cadre", [ground]],
  ];
  const said = parts.map(([title, lines]) => {
    const told = lines.map(oneLine).filter(Boolean).map((line) => `<p>${escape(line)}</p>`);
    return told.length ? `${title && `<h2>${title}</h2>`}${told.join("")}` : "";
  });
  return `<h1>Fiche de liaison</h1>${said.join("")}`;
}
