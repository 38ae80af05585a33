// A recommendation in words: twin of rendering/when.py and rendering/text.py. Change both.

/**
 * @typedef {{id: string, name: string, description: ?string, contact: Record<string, string>, access: ?string,
 *   hours: ?string, is_open: ?boolean, opens_at: ?string, depends_on_commune: boolean,
 *   closed_until: ?string, closed_because: ?string, withheld: ?string, to_check: {label: string}[], to_confirm: boolean,
 *   sources: {title: string, url: ?string, date: ?string, trust: string}[]}} Card
 * @typedef {{scope: string, transmission: string, legal_basis: string[], text: string}} Sharing
 * @typedef {{kind: string, label: string, nature: string, for: string[], urgency: string, strength: string,
 *   reachable: string, partner: ?Card, call: ?Card, because: string, sharing: Sharing, already: ?string}} Orientation
 * @typedef {{attribute: string}} Asked
 * @typedef {{label: string, urgency: string, missing: string[]}} Possibility
 * @typedef {{at: ?string, orientations: Orientation[], next_questions: Asked[], excluded: string[],
 *   advice: string[], gaps: string[], left_out: number,
 *   identity: {library: string, territory: ?string, digest: ?string}}} Recommendation
 * @typedef {{id: string, type: string, label: string, ask: string, choices: [string, string][]}} Question
 * @typedef {{language: string, until: string, words: Record<string, string>, notice: string[],
 *   families: {name: string, questions: Question[]}[], communes: Record<string, string>,
 *   kinds: Record<string, string>, rescue: [string, string, Record<string, string>, ?string][],
 *   hours: Record<string, string>, shelters: string[], without_partner: string[]}} Contents
 * @typedef {"now" | "today" | "later" | "then"} When
 */

const EVENING = 18;
const SHORT = "116 006".length;
const NBSP = "\u00a0";

/** @param {string} text @param {...(string | number)} values */
export const fill = (text, ...values) => values.reduce((said, value) => String(said).replace("{}", () => String(value)), text).toString();

/** The number to call or to write to, else any other contact; it is not broken. @param {Card} card */
export function numberOf(card) {
  const { phone, sms } = card.contact;
  const number = sms && !phone ? `SMS ${sms}` : phone || Object.values(card.contact)[0] || "";
  return number.replaceAll(/(\d) (?=\d)/g, `$1${NBSP}`);
}

/** Whether a text is a moment: the other words of `reachable` are not. @param {string} reachable */
const opens = (reachable) => (/^\d/.test(reachable) ? reachable : null);

/** The day of a moment written as in ISO 8601, or so many days later. @param {string} at @param {number} [later] */
export function dayOf(at, later = 0) {
  const [year, month, day] = at.slice(0, 10).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + later)).toISOString().slice(0, 10);
}

/**
 * What the page shows, from the exported rules and from what Python wrote beside them.
 * @param {any} portable @param {any} page @returns {Contents}
 */
export function contentsOf(portable, page) {
  /** @type {Record<string, Question[]>} */
  const families = Object.fromEntries(Object.keys(page.families).map((name) => [name, []]));
  for (const { id, type, label, ask, values, screening, grid, hours } of portable.attributes) {
    // What is drawn from the moment is not asked.
    if (hours) continue;
    const family = screening ? "screening" : grid ?? "other";
    (families[family] ??= []).push({ id, type, label, ask: ask ?? label, choices: values ?? [] });
  }
  return {
    ...page,
    language: portable.language,
    until: portable.out_of_date,
    hours: Object.fromEntries(portable.hours.map((/** @type {{text: string}} */ { text }, /** @type {number} */ place) => [text, page.hours[place]])),
    communes: Object.fromEntries(portable.communes),
    kinds: Object.fromEntries(portable.kinds.map((/** @type {{id: string, label: string}} */ kind) => [kind.id, kind.label])),
    families: Object.entries(families)
      .filter(([, questions]) => questions.length)
      .map(([name, questions]) => ({ name: page.families[name] ?? name, questions })),
  };
}

export class Said {
  /** @param {Contents} contents */
  constructor(contents) {
    this.contents = contents;
    this.words = contents.words;
  }

  /** Day of the week, date, and time where it is known. @param {string} at */
  moment(at) {
    const isFrench = this.contents.language === "fr";
    const [, month, day] = at.slice(0, 10).split("-");
    const name = this.words.days.split(" ")[new Date(`${at.slice(0, 10)}T00:00Z`).getUTCDay()];
    const said = `${name} ${day}/${month}`;
    if (at.length < 16) return said;
    const [hour, minutes] = at.slice(11, 16).split(":");
    if (!isFrench) return `${said} at ${hour}:${minutes}`;
    return `${said} à ${Number(hour)}${NBSP}h${minutes === "00" ? "" : NBSP + minutes}`;
  }

  /** Whether nobody is known to answer, where somebody must. @param {Orientation} one */
  isDoubtful(one) {
    return one.partner ? one.reachable === "unknown" || one.reachable === "nobody" : !this.contents.without_partner.includes(one.nature);
  }

  /** @param {Orientation} one @param {string} at @returns {When} */
  when(one, at) {
    if (one.urgency !== "now" && one.urgency !== "today") return "then";
    const opening = opens(one.reachable);
    if (opening) return dayOf(opening) === dayOf(at) ? "today" : "later";
    if (one.urgency === "now") return "now";
    return this.isDoubtful(one) ? "later" : "today";
  }

  /** What is known to answer comes before what may not. @param {Recommendation} got @returns {[When, Orientation[]][]} */
  grouped(got) {
    /** @type {When[]} */
    const order = ["now", "today", "later", "then"];
    return order
      .map((when) => {
        const group = got.orientations.filter((one) => this.when(one, String(got.at)) === when);
        const doubtful = group.filter((one) => this.isDoubtful(one));
        /** @type {[When, Orientation[]]} */
        const pair = [when, [...group.filter((one) => !doubtful.includes(one)), ...doubtful]];
        return pair;
      })
      .filter(([, group]) => group.length);
  }

  /** @param {When} when @param {Orientation[]} group @param {string} at */
  heading(when, group, at) {
    if (when === "today" && Number(at.slice(11, 13)) >= EVENING) return this.words.tonight;
    const tomorrow = dayOf(at, 1);
    const isTomorrow = group.every((one) => (opens(one.reachable) ?? "").startsWith(tomorrow));
    if (when === "later" && isTomorrow) return this.words.tomorrow;
    return this.words[when === "now" ? "now" : `when_${when}`];
  }

  /** For whom, where it is not the person alone. @param {Orientation} one */
  whom(one) {
    const isPerson = one.for.length === 1 && one.for[0] === "person";
    return isPerson ? "" : ` (${one.for.map((name) => this.words[name]).join(", ")})`;
  }

  /** A star where something must be checked first. @param {Orientation} one */
  mark(one) {
    const card = one.call ?? one.partner;
    if (!card) return "";
    const isUnsure = (one.urgency === "now" || one.urgency === "today") && one.reachable === "unknown";
    return card.to_confirm || card.depends_on_commune || card.to_check.length || isUnsure ? " *" : "";
  }

  /** Whose number, the number, and from when. @param {Orientation} one @param {Recommendation} got */
  contact(one, got) {
    const card = one.call ?? one.partner;
    if (!card) return { name: got.gaps.includes(one.kind) ? this.words.no_one : "", number: "", hours: "" };
    const number = numberOf(card) || card.access || "";
    // Everybody knows a short number; the kind says whose it is.
    const isShort = number.length > 0 && number.length <= SHORT;
    return { name: isShort || number === card.name ? "" : card.name, number, hours: this.hours(one, card) };
  }

  /** @param {Orientation} one @param {Card} card */
  hours(one, card) {
    if (one.reachable === "now") return this.words[card.hours === "24/7" ? "day_and_night" : "open"];
    const opening = opens(one.reachable);
    return this.closure(card) || (opening ? fill(this.words.from, this.moment(opening)) : "");
  }

  /** Until which day a partner is closed, and why. @param {Card} card */
  closure({ closed_until, closed_because }) {
    if (!closed_because) return "";
    if (!closed_until) return fill(this.words.closed_for_now, closed_because);
    return fill(this.words.closed_until, closed_until.split("-").reverse().join("/"), closed_because);
  }
}
