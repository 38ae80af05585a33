// @ts-check
"use strict";

/**
 * What `iscg-rules export` writes; docs/portable.md says what each part means.
 * @typedef {{id: string, type: string, label: string, ask?: string, values?: [string, string][],
 *   min?: number, max?: number, unit?: string, cost?: number, screening?: boolean, grid?: string,
 *   fixed?: boolean, hours?: (number | null)[]}} Attribute
 * @typedef {{id: string, label: string, category: string, nature: string,
 *   place?: "station" | "home"}} Kind
 * @typedef {{id: string, size: number, communes?: string[], departements?: string[],
 *   everywhere?: boolean}} Area
 * @typedef {["is" | "in", number, number[]] | ["within", number, number | null, number | null]
 *   | ["not", number] | ["least", number, number[]]} Node
 * @typedef {{id: string, when: number, because: string}} Entry
 * @typedef {{id: string, scope: string, legal_basis?: string}} Ground
 * @typedef {[number, number, number, number, number]} Orient kind, urgency, strength, whom, ground
 * @typedef {{id: string, when: number, because: string, orient?: Orient[], exclude?: number[],
 *   advise?: string[], from?: string, until?: string}} Rule
 * @typedef {{text?: string, closed?: [string, string | null, string][], patterns?: number[][],
 *   days?: string, next?: string}} OpeningHours
 * @typedef {{title: string, url?: string, date?: string, trust: string, checked?: string,
 *   recheck?: boolean}} Source
 * @typedef {{id: string, name: string, offers: number[], area: number[], checked: string,
 *   sources: number[], description?: string, access?: string, contact?: Record<string, string>,
 *   hours?: number, accepts?: number, withheld?: string, recheck?: boolean, foreign?: boolean}} Partner
 * @typedef {{portable: 1, language?: string, identity?: Record<string, string | null>,
 *   first_day: string, out_of_date: string, clock: [string, number][], station?: string,
 *   communes: [string, string][], attributes: Attribute[], kinds: Kind[], areas: Area[],
 *   nodes: Node[], facts: [string, string, number][], impossible: Entry[],
 *   closing: [number[], [number, number | null, number[]][]][], grounds: Ground[], rules: Rule[],
 *   hours: OpeningHours[], sources: Source[], partners: Partner[],
 *   sharing: Record<string, string>}} Portable
 *
 * Answers as somebody gives them: what is absent or null is unknown.
 * @typedef {Record<string, unknown>} Answers
 * @typedef {{already?: Record<string, string> | null, limit?: number | null}} Options
 * @typedef {{code: string, attribute: string | null, entry?: string, attributes?: string[]}} Problem
 *
 * What is known of a situation: at the place of each variable, the place of its answer (`UNKNOWN`
 * where there is none; the number or the commune itself), and the answers left of some unknown ones.
 * @typedef {{known: (number | string)[], left: Map<number, Set<number>>,
 *   trail: Map<number, number[][]>}} Situation
 * @typedef {{text: string, day: string, minute: number}} Moment local time; minutes from midnight
 * @typedef {{is_open: boolean | null, opens_at: string | null, today: boolean, order: number,
 *   closure: [string, string | null, string] | null}} Opening
 * @typedef {{partner: Partner, accepting: boolean | null, depends: boolean, opening: Opening,
 *   in_time: boolean | null, key: (number | string)[]}} Candidate
 */

/** Makes ready what was exported. */
const load = (() => {
  const UNKNOWN = -1;
  const FALSE = 0, TRUE = 1, OPEN = 2;
  const URGENCIES = ["now", "today", "week", "planned"];
  const STRENGTHS = ["must", "should", "may"];
  const PEOPLE = ["person", "children", "author", "relatives", "professional"];
  const SCOPES = ["none", "agreement", "inform", "exception"];
  const NOW = 0, TODAY = 1, PLANNED = 3, MUST = 0;
  const MOST_QUESTIONS = 5, MOST_PROBLEMS = 20, FRESH_MONTHS = 12;
  const COMMUNE = /^(?:0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}$/;
  const NUMBER = /^-?[0-9]{1,15}(?:\.[0-9]{1,9})?$/;
  const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
  const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?$/;

  /** The answers cannot be given together: the entry that ruled out the last one, and what is behind. */
  class NothingLeft extends Error {
    /** @param {number} entry @param {number[]} variables */
    constructor(entry, variables) {
      super();
      this.entry = entry;
      this.variables = variables;
    }
  }

  /** @param {Problem[]} problems */
  function refusal(problems) {
    return Object.assign(new Error(problems.map((problem) => problem.code).join(", ")), { problems });
  }

  /** @param {string} commune */
  const departement = (commune) => commune.slice(0, /^9[78]/.test(commune) ? 3 : 2);

  /** @param {number} minutes */
  const two = (minutes) => String(minutes).padStart(2, "0");

  /** The day so many days later. @param {string} day @param {number} days */
  const later = (day, days) => new Date(Date.parse(day) + days * 864e5).toISOString().slice(0, 10);

  /** Three decimals, halves to the even one. @param {number} number */
  function rounded(number) {
    // Only odd sixteenths lie just between two thousandths: 1/16 is 0.0625.
    const halved = (number * 16) % 2 === 1 ? Math.floor(number * 1000) : null;
    return halved === null ? Number(number.toFixed(3)) : (halved + (halved % 2)) / 1000;
  }

  /** @param {(number | string)[]} one @param {(number | string)[]} other */
  function compare(one, other) {
    for (let place = 0; place < one.length; place++) {
      if (one[place] !== other[place]) return one[place] < other[place] ? -1 : 1;
    }
    return 0;
  }

  /** @param {Portable} data */
  return (data) => {
    if (data.portable !== 1) throw new Error("another version of the portable form");
    const { attributes, kinds, areas, nodes, rules, partners, impossible, closing, grounds } = data;
    /** @type {Map<string, number>} */
    const attributeAt = new Map(attributes.map((attribute, place) => [attribute.id, place]));
    const kindAt = new Map(kinds.map((kind, place) => [kind.id, place]));
    // The variables of all attributes: each attribute's first, then the attribute of each.
    /** @type {number[]} */
    const firstOf = [];
    /** @type {number[]} */
    const ownerOf = [];
    attributes.forEach((attribute, place) => {
      firstOf.push(ownerOf.length);
      const count = attribute.type === "many_of" ? (attribute.values ?? []).length : 1;
      for (let n = 0; n < count; n++) ownerOf.push(place);
    });
    const VARIABLES = ownerOf.length, WORDS = (attributes.length + 31) >> 5;
    const STATION = attributeAt.get("station"), CONSENT = attributeAt.get("consent_to_share");
    const HOME = attributes.findIndex((one) => one.type === "commune" && one.id !== "station");
    const places = areas.map((area) => new Set([...(area.communes ?? []), ...(area.departements ?? [])]));
    const choices = attributes.map((one) => (one.values ?? []).map(([value]) => value));
    const isPlain = attributes.map((one) => one.type !== "number" && one.type !== "commune");
    const answerCount = ownerOf.map((owner) => attributes[owner].type === "many_of" ? 2 : choices[owner].length);
    const sources = data.sources.map(({ title, url = null, date = null, trust, checked = null, recheck = false }) =>
      ({ title, url, date, trust, checked, recheck }));
    const asked = attributes.map(({ id, label, ask = null }) => ({ attribute: id, label, ask }));
    const forms = attributes.map((one) => (one.values ?? []).map(([value, label]) => ({ value, label })));

    /** @param {number} area @param {string} commune */
    const covers = (area, commune) => areas[area].everywhere || places[area].has(commune)
      || places[area].has(departement(commune));

    // What a node allows of each answer, where its variable has few.
    const allowed = nodes.map((node) => {
      if (node[0] !== "is") return null;
      const row = new Uint8Array(answerCount[node[1]]);
      for (const answer of node[2]) row[answer] = TRUE;
      return row;
    });

    /** The truth of a test. @param {number} place @param {Situation} situation */
    function tested(place, situation) {
      const node = nodes[place], variable = node[1], answer = situation.known[variable];
      const row = allowed[place];
      if (row) {
        if (answer !== UNKNOWN) return row[/** @type {number} */ (answer)];
        const left = situation.left.get(variable);
        if (!left) return OPEN;
        let held = 0;
        for (const one of left) held += row[one];
        return held === left.size ? TRUE : held ? OPEN : FALSE;
      }
      if (answer === UNKNOWN) return OPEN;
      if (node[0] === "in") {
        return node[2].some((area) => covers(area, /** @type {string} */ (answer))) ? TRUE : FALSE;
      }
      const [, , low, high] = /** @type {[string, number, number | null, number | null]} */ (node);
      return (low === null || low <= answer) && (high === null || answer <= high) ? TRUE : FALSE;
    }

    // Written over by every evaluation: the truth of each node, and the attributes that it lacks.
    const truths = new Uint8Array(nodes.length), lacks = new Int32Array(nodes.length * WORDS);

    /** Works out every node, its parts before it. @param {Situation} situation */
    function evaluate(situation) {
      lacks.fill(0);
      for (let place = 0; place < nodes.length; place++) {
        const node = nodes[place];
        if (node[0] === "least") {
          const [, count, parts] = node;
          let held = 0, open = 0;
          for (let n = 0; n < parts.length; n++) {
            const truth = truths[parts[n]];
            if (truth === TRUE) held++;
            else if (truth === OPEN) open++;
          }
          const truth = held >= count ? TRUE : held + open < count ? FALSE : OPEN;
          truths[place] = truth;
          if (truth === OPEN) for (let n = 0; n < parts.length; n++) take(place, parts[n]);
        } else if (node[0] === "not") {
          const truth = truths[node[1]];
          truths[place] = truth === OPEN ? OPEN : TRUE - truth;
          take(place, node[1]);
        } else {
          const truth = truths[place] = tested(place, situation);
          const owner = ownerOf[node[1]];
          if (truth === OPEN) lacks[place * WORDS + (owner >> 5)] = 1 << (owner & 31);
        }
      }
    }

    /** @param {number} place @param {number} part what is settled lacks nothing */
    function take(place, part) {
      for (let word = 0; word < WORDS; word++) lacks[place * WORDS + word] |= lacks[part * WORDS + word];
    }

    /** The attributes that a node lacks, in order. @param {number} place */
    function lacking(place) {
      const found = [];
      for (let word = 0; word < WORDS; word++) {
        for (let bits = lacks[place * WORDS + word]; bits; bits &= bits - 1) {
          found.push((word << 5) + 31 - Math.clz32(bits & -bits));
        }
      }
      return found;
    }

    // ---- answers ----------------------------------------------------------------------------

    /** @param {Answers} answers @returns {{situation: Situation, problems: Problem[]}} */
    function read(answers) {
      const known = new Array(VARIABLES).fill(UNKNOWN);
      const situation = { known, left: new Map(), trail: new Map() };
      /** @type {Problem[]} */
      const problems = [];
      if (answers === null || typeof answers !== "object" || Array.isArray(answers)) {
        return { situation, problems: [{ code: "A007", attribute: null }] };
      }
      for (const [name, answer] of Object.entries(answers)) {
        const place = attributeAt.get(name);
        if (place !== undefined && (answer === null || answer === undefined)) continue;
        const code = place === undefined ? "A001" : attributes[place].hours ? "A004" : give(place, answer, known);
        if (code) problems.push({ code, attribute: place === undefined ? null : name });
      }
      const told = problems.slice(0, MOST_PROBLEMS);
      return { situation, problems: problems.length > told.length ? [...told, { code: "A008", attribute: null }] : told };
    }

    /** Notes an answer, or returns what is wrong with it. @param {number} place @param {any} answer @param {(number | string)[]} known */
    function give(place, answer, known) {
      const { type, min = -Infinity, max = Infinity } = attributes[place], first = firstOf[place];
      if (type === "many_of") return giveSeveral(place, answer, known);
      if (type === "commune") {
        if (typeof answer !== "string" || !COMMUNE.test(answer)) return "A006";
        known[first] = answer;
      } else if (type === "number") {
        const number = typeof answer === "string" && NUMBER.test(answer) ? Number(answer) : answer;
        if (typeof number !== "number") return "A003";
        if (!(min <= number && number <= max && Number.isFinite(number))) return "A002";
        known[first] = number;
      } else {
        const word = type === "yes_no" && typeof answer === "boolean" ? (answer ? "yes" : "no") : answer;
        const found = typeof word === "string" ? choices[place].indexOf(word) : -2;
        if (found < 0) return found === -2 ? "A003" : "A002";
        known[first] = found;
      }
      return "";
    }

    /** @param {number} place @param {any} answer @param {(number | string)[]} known */
    function giveSeveral(place, answer, known) {
      const isPartial = answer !== null && typeof answer === "object" && !Array.isArray(answer);
      if (isPartial && Object.keys(answer).some((word) => word !== "yes" && word !== "no")) return "A003";
      /** @type {Map<number, number>} */
      const given = new Map();
      for (const [truth, group] of [isPartial ? answer.yes || [] : answer, isPartial ? answer.no || [] : []].entries()) {
        if (!Array.isArray(group)) return "A003";
        for (const value of group) {
          const found = choices[place].indexOf(value);
          if (found < 0 || (given.get(found) ?? truth) !== truth) return "A002";
          given.set(found, truth);
        }
      }
      choices[place].forEach((_, n) => {
        const truth = given.get(n) ?? (isPartial ? UNKNOWN : 1);
        if (truth !== UNKNOWN) known[firstOf[place] + n] = truth;
      });
      return "";
    }

    // ---- closing ----------------------------------------------------------------------------

    const variablesOf = closing.map(([when]) => when.map(testOf).map((place) => nodes[place][1]));
    /** The groups that read each variable. @type {number[][]} */
    const readers = Array.from({ length: VARIABLES }, () => []);
    variablesOf.forEach((variables, group) => {
      for (const variable of new Set(/** @type {number[]} */ (variables))) readers[variable].push(group);
    });
    const always = variablesOf.flatMap((variables, group) => (variables.length ? [] : [group]));

    /** @param {number} place a test, or the opposite of one */
    function testOf(place) {
      const node = nodes[place];
      return node[0] === "not" ? node[1] : place;
    }

    /** @param {number} place @param {Situation} situation */
    function holds(place, situation) {
      const node = nodes[place];
      return node[0] === "not" ? tested(node[1], situation) === FALSE : tested(place, situation) === TRUE;
    }

    /** Closes a situation, in place, after some variables are known. @param {Situation} situation @param {Iterable<number>} news */
    function close(situation, news) {
      const waiting = new Uint8Array(closing.length);
      for (const group of always) waiting[group] = 1;
      for (const variable of news) for (const group of readers[variable]) waiting[group] = 1;
      for (let group = 0; group < waiting.length; group++) {
        if (!waiting[group]) continue;
        waiting[group] = 0;
        if (!closing[group][0].every((place) => holds(place, situation))) continue;
        let next = group;
        for (const [entry, variable, answers] of closing[group][1]) {
          if (!ruleOut(situation, group, entry, variable, answers)) continue;
          for (const other of readers[/** @type {number} */ (variable)]) {
            waiting[other] = 1;
            next = Math.min(next, other - 1);
          }
        }
        group = next;
      }
      return situation;
    }

    /** Takes answers from what is left; tells whether any were. @param {Situation} situation @param {number} group @param {number} entry @param {number | null} variable @param {number[]} answers */
    function ruleOut(situation, group, entry, variable, answers) {
      const { known, left, trail } = situation, behind = /** @type {number[]} */ (variablesOf[group]);
      const answer = variable === null ? UNKNOWN : known[variable];
      if (variable === null || answers.includes(/** @type {number} */ (answer))) throw nothingLeft(situation, entry, variable, behind);
      if (answer !== UNKNOWN) return false;
      const before = left.get(variable) ?? new Set(Array(answerCount[variable]).keys());
      const rest = new Set([...before].filter((one) => !answers.includes(one)));
      if (rest.size === before.size) return false;
      trail.set(variable, [...(trail.get(variable) ?? []), behind]);
      if (!rest.size) throw nothingLeft(situation, entry, variable, behind);
      left.delete(variable);
      if (rest.size === 1) known[variable] = [...rest][0];
      else left.set(variable, rest);
      return true;
    }

    /** The given answers behind a contradiction. @param {Situation} situation @param {number} entry @param {number | null} variable @param {number[]} behind */
    function nothingLeft({ known, trail }, entry, variable, behind) {
      const own = variable === null ? [] : trail.get(variable) ?? [variable];
      const met = new Set([...behind, ...own.flat()]);
      for (const one of met) for (const step of trail.get(one) ?? []) for (const other of step) met.add(other);
      return new NothingLeft(entry, [...met].filter((one) => known[one] !== UNKNOWN && !trail.has(one)));
    }

    /** Whether some answer can still be given. @param {Situation} situation @param {number} place */
    function isAnswerable(situation, place) {
      const end = firstOf[place + 1] ?? VARIABLES;
      if (!isPlain[place]) return true;
      for (let variable = firstOf[place]; variable < end; variable++) {
        for (let answer = 0; situation.known[variable] === UNKNOWN && answer < answerCount[variable]; answer++) {
          if (allows(situation, variable, answer)) return true;
        }
      }
      return false;
    }

    /** @param {Situation} situation @param {number} variable @param {number} answer */
    function allows(situation, variable, answer) {
      if (!readers[variable].length) return true;
      const left = situation.left.get(variable);
      if (left && !left.has(answer)) return false;
      const known = situation.known.slice();
      known[variable] = answer;
      try {
        close({ known, left: new Map(situation.left), trail: new Map() }, [variable]);
        return true;
      } catch (error) {
        if (error instanceof NothingLeft) return false;
        throw error;
      }
    }

    // ---- moments ----------------------------------------------------------------------------

    /** Minutes between UTC and Paris. @param {number} utc in milliseconds */
    function ahead(utc) {
      let minutes = data.clock[0][1];
      for (const [from, ahead] of data.clock) if (Date.parse(from) <= utc) minutes = ahead;
      return minutes;
    }

    /** The same of a time in Paris: one that comes twice is the first, one that never comes is as before. @param {string} local */
    function aheadThere(local) {
      const utc = Date.parse(`${local}Z`);
      let minutes = data.clock[0][1];
      for (const [from, ahead] of data.clock.slice(1)) {
        if (Date.parse(from) + Math.max(minutes, ahead) * 6e4 <= utc) minutes = ahead;
      }
      return minutes;
    }

    /** @param {string} local @param {number} minutes */
    const zoned = (local, minutes) => `${local}+${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

    /** @param {string | null | undefined} at @returns {Moment | null} a moment whose hour is not known has no minute; undefined where it cannot be read */
    function readMoment(at) {
      if (at === null || at === undefined) return null;
      if (isDay(at)) return { text: at, day: at, minute: UNKNOWN };
      const [, day, time, seconds = ":00", zone] = MOMENT.exec(at) ?? [];
      if (!isDay(day) || !Number.isFinite(Date.parse(`${at.slice(0, 10)}T${time}${seconds}${zone ?? "Z"}`))) return undefined;
      let local = `${day}T${time}${seconds}`, minutes = aheadThere(local);
      if (zone) {
        const utc = Date.parse(local + zone);
        minutes = ahead(utc);
        local = new Date(utc + minutes * 6e4).toISOString().slice(0, 19);
      }
      const today = local.slice(0, 10);
      // Beyond what is known of opening hours, a moment is its day.
      if (today < data.first_day || today >= data.out_of_date) return { text: today, day: today, minute: UNKNOWN };
      return { text: zoned(local, minutes), day: today, minute: Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16)) };
    }

    /** @param {unknown} day */
    function isDay(day) {
      const date = typeof day === "string" && DAY.test(day) ? Date.parse(day) : NaN;
      return !Number.isNaN(date) && new Date(date).toISOString().slice(0, 10) === day;
    }

    // When each place opens and closes, in minutes from the midnight of the first day on.
    const first = Date.parse(data.first_day);
    const calendars = data.hours.map(({ patterns = [], days }) => {
      if (days === undefined) return null;
      /** @type {number[]} */
      const opens = [], /** @type {number[]} */ closes = [];
      for (let day = 0; day < days.length; day++) {
        const pattern = patterns[days.charCodeAt(day) - 48];
        for (let n = 0; n < pattern.length; n += 2) {
          opens.push(day * 1440 + pattern[n]);
          closes.push(day * 1440 + pattern[n + 1]);
        }
      }
      return { opens, closes };
    });
    /** @type {Opening} */
    const ALWAYS = { is_open: true, opens_at: null, today: false, order: 0, closure: null };
    /** @type {Opening} */
    const NOBODY_KNOWS = { is_open: null, opens_at: null, today: false, order: 2e15, closure: null };

    /** @param {number | null | undefined} hours @param {Moment | null} moment @returns {Opening} */
    function openingAt(hours, moment) {
      if (hours === undefined || hours === null) return NOBODY_KNOWS;
      const { text, closed = [] } = data.hours[hours];
      const closure = moment && closed.find(([from, until]) => from <= moment.day && moment.day <= (until ?? moment.day));
      if (moment && closure) return opensFrom(hours, moment, 0, closure);
      if (text === "24/7" && (moment || !closed.length)) return ALWAYS;
      return text === undefined || !moment || moment.minute === UNKNOWN ? NOBODY_KNOWS : opensFrom(hours, moment, moment.minute, null);
    }

    /** Open at a minute of a day, or when it opens next. @param {number} hours @param {Moment} moment @param {number} minute @param {[string, string | null, string] | null} closure @returns {Opening} */
    function opensFrom(hours, { day }, minute, closure) {
      const { opens, closes } = calendars[hours] ?? { opens: [], closes: [] };
      const now = (Date.parse(day) - first) / 6e4 + minute;
      let low = 0, high = opens.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (opens[middle] <= now) low = middle + 1;
        else high = middle;
      }
      if (low && closes[low - 1] > now) return ALWAYS;
      const local = low < opens.length ? new Date(first + opens[low] * 6e4).toISOString().slice(0, 16) : data.hours[hours].next ?? "";
      // What opens in a later year than the next one is not told: words name a day and a month.
      if (!local || Number(local.slice(0, 4)) > Number(day.slice(0, 4)) + 1) {
        return { is_open: false, opens_at: null, today: false, order: 3e15, closure };
      }
      const minutes = aheadThere(local), order = Date.parse(`${local}Z`) - minutes * 6e4;
      return { is_open: false, opens_at: zoned(`${local}:00`, minutes), today: local.startsWith(day), order, closure };
    }

    /** Adds what is drawn from the moment. @param {Situation} situation @param {Moment | null} moment */
    function draw(situation, moment) {
      if (!moment || moment.minute === UNKNOWN) return;
      attributes.forEach(({ hours }, place) => {
        const found = (hours ?? []).findIndex((one) => one === null || openingAt(one, moment).is_open);
        if (found >= 0) situation.known[firstOf[place]] = found;
      });
    }

    // ---- partners ---------------------------------------------------------------------------

    /** @type {Partner[][]} */
    const offering = kinds.map(() => []);
    for (const partner of partners) for (const kind of partner.offers) offering[kind].push(partner);
    /** @param {Partner} partner */
    const isLocal = (partner) => !areas[partner.area[partner.area.length - 1]].everywhere;

    /** The commune where a partner must serve, and one to guess by. @param {number} kind @param {Situation} situation @returns {[string | null, string | null]} */
    function where(kind, { known }) {
      /** @param {number | undefined} attribute @param {string | null} other */
      const of = (attribute, other) => {
        const answer = attribute === undefined || attribute < 0 ? UNKNOWN : known[firstOf[attribute]];
        return answer === UNKNOWN ? other : /** @type {string} */ (answer);
      };
      const home = of(HOME, null), here = of(STATION, data.station ?? null), { place } = kinds[kind];
      return place === "station" && here !== null ? [here, null] : [home, place === "home" ? null : here];
    }

    /** The partners that may serve a kind, best first. @param {number} kind @param {number} urgency @param {Situation} situation @param {(hours: number | undefined) => Opening} openingOf @returns {Candidate[]} */
    function candidates(kind, urgency, situation, openingOf) {
      const [commune, guess] = where(kind, situation), nearest = commune ?? guess;
      /** @type {Candidate[]} */
      const found = [];
      for (const partner of offering[kind]) {
        const accepting = partner.accepts === undefined ? TRUE : truths[partner.accepts];
        if (accepting === FALSE) continue;
        const covering = nearest === null ? undefined : partner.area.find((area) => covers(area, nearest));
        if (covering === undefined && commune !== null) continue;
        const widest = areas[partner.area[partner.area.length - 1]];
        const opening = openingOf(partner.hours);
        const in_time = opening.closure ? false : urgency > TODAY || (urgency === TODAY && opening.today) || opening.is_open;
        found.push({
          partner, opening, in_time,
          accepting: accepting === TRUE ? true : null,
          depends: commune === null && !widest.everywhere,
          key: [
            Number(accepting === OPEN), in_time ? 0 : in_time === null ? 1 : 2,
            ...(covering === undefined ? [1, Number(partner.foreign ?? false), -widest.size] : [0, 0, areas[covering].size]),
            opening.order, partner.checked,
          ],
        });
      }
      // The newest first; the sort is stable: what is equal stays in the order of ids.
      return found.sort((one, other) => compare(one.key.slice(0, 6), other.key.slice(0, 6))
        || compare([other.key[6]], [one.key[6]]));
    }

    /** Whom to call. @param {Candidate[]} found @returns {Candidate | undefined} */
    function toCall(found) {
      const answering = found.filter(({ opening }) => opening.order < 3e15);
      const opening = found.filter(({ opening }) => opening.opens_at !== null);
      return answering.find((one) => one.in_time) ?? answering.find((one) => one.in_time === null)
        ?? opening.sort((one, other) => one.opening.order - other.opening.order)[0];
    }

    /** @param {Candidate} candidate @param {Moment | null} moment */
    function card({ partner, accepting, depends, opening }, moment) {
      const [year, month = "1"] = partner.checked.split("-");
      const age = moment ? months(moment.day) - (Number(year) * 12 + Number(month)) : 0;
      return {
        id: partner.id,
        name: partner.name,
        description: partner.description ?? null,
        contact: partner.contact ?? {},
        access: partner.access ?? null,
        hours: partner.hours === undefined ? null : data.hours[partner.hours].text ?? null,
        is_open: opening.is_open,
        opens_at: opening.opens_at,
        closed_until: opening.closure && opening.closure[1],
        closed_because: opening.closure && opening.closure[2],
        depends_on_commune: depends,
        to_check: accepting === null ? lacking(/** @type {number} */ (partner.accepts)).map((one) => asked[one]) : [],
        withheld: partner.withheld ?? null,
        to_confirm: (partner.recheck ?? false) || age > FRESH_MONTHS,
        checked: partner.checked,
        sources: partner.sources.map((source) => sources[source]),
      };
    }

    /** @param {string} day */
    const months = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

    // ---- what follows from the answers -------------------------------------------------------

    const rescues = kinds.map((kind) => kind.nature === "rescue");

    /** What the rules come to. @param {Situation} situation @param {string | null} day */
    function judge(situation, day) {
      evaluate(situation);
      const excluded = new Uint8Array(kinds.length), threatened = new Uint8Array(kinds.length);
      /** @type {number[]} */
      const fired = [], /** @type {number[]} */ open = [];
      /** What rules that hold come to, for each kind; `undefined` where none does. @type {({urgency: number, strength: number, people: number, scope: number, reasons: [Rule, Orient][]} | undefined)[]} */
      const reached = new Array(kinds.length);
      rules.forEach((rule, place) => {
        const truth = truths[rule.when];
        if (truth === FALSE || (day === null ? rule.until !== undefined
          : (rule.from ?? day) > day || (rule.until ?? day) < day)) return;
        (truth === TRUE ? fired : open).push(place);
        for (const kind of rule.exclude ?? []) (truth === TRUE ? excluded : threatened)[kind] = 1;
        if (truth === OPEN) return;
        for (const orient of rule.orient ?? []) {
          const [kind, urgency, strength, whom, ground] = orient;
          const best = reached[kind] ??= { urgency: 9, strength: 9, people: 0, scope: 0, reasons: [] };
          best.urgency = Math.min(best.urgency, urgency);
          best.strength = Math.min(best.strength, strength);
          best.people |= 1 << whom;
          best.scope = Math.max(best.scope, scopeOf[ground]);
          best.reasons.push([rule, orient]);
        }
      });
      return { fired, open, reached, excluded, threatened };
    }

    const scopeOf = grounds.map((ground) => SCOPES.indexOf(ground.scope));

    /** @param {NonNullable<ReturnType<typeof judge>["reached"][number]>} best @param {Situation} situation */
    function sharing({ scope, reasons }, { known }) {
      const widest = [...new Set(reasons.map(([, orient]) => orient[4]))].filter((one) => scopeOf[one] === scope).sort((a, b) => a - b);
      const bases = [...new Set(widest.flatMap((one) => grounds[one].legal_basis ?? []))].sort();
      const consent = CONSENT === undefined ? UNKNOWN : known[firstOf[CONSENT]];
      const transmission = scope === 0 ? "nothing" : scope === 2 ? "inform" : scope === 3 ? "without_agreement"
        : consent === UNKNOWN ? "ask_first" : consent === 0 ? "agreed" : "contact_only";
      return {
        scope: SCOPES[scope], transmission, grounds: bases.length ? widest.map((one) => grounds[one].id) : [],
        legal_basis: bases, text: data.sharing[transmission],
      };
    }

    /** Open rules that may still change something, each with what and with what it lacks. @param {ReturnType<typeof judge>} judged */
    function decisions({ open, reached, excluded }) {
      const found = [];
      for (const place of open) {
        const { orient = [], exclude = [], advise = [], when } = rules[place];
        let urgency = 9, isRescue = false;
        const decided = [];
        for (const [kind, soon, strength, whom, ground] of orient) {
          const best = reached[kind];
          if (excluded[kind] || (best && soon >= best.urgency && strength >= best.strength
            && best.people >> whom & 1 && scopeOf[ground] <= best.scope)) continue;
          decided.push(kind);
          urgency = Math.min(urgency, soon);
          isRescue ||= rescues[kind] && !best;
        }
        for (const kind of exclude) {
          if (!excluded[kind]) decided.push(kind);
          urgency = Math.min(urgency, reached[kind]?.urgency ?? 9);
        }
        if (!decided.length && !advise.length) continue;
        found.push({ decided, urgency: urgency === 9 ? PLANNED : urgency, isRescue, lacks: lacking(when) });
      }
      return found;
    }

    /** What decides who serves a kind and what may be passed on, each with the kind. @param {ReturnType<typeof judge>} judged @param {Situation} situation */
    function serving({ fired, open, excluded }, situation) {
      /** @type {[number[], number][]} */
      const found = [];
      const inOrder = [...fired, ...open].flatMap((place) => rules[place].orient ?? []).filter(([kind]) => !excluded[kind]);
      for (const kind of new Set(inOrder.map((orient) => orient[0]))) {
        const [commune] = where(kind, situation), needed = [];
        let depends = false;
        for (const partner of offering[kind]) {
          const { accepts, area } = partner;
          if (accepts !== undefined && commune !== null && !area.some((one) => covers(one, commune))) continue;
          if (accepts !== undefined && truths[accepts] === OPEN) needed.push(...lacking(accepts));
          depends ||= isLocal(partner) && (accepts === undefined || truths[accepts] !== FALSE);
        }
        if (depends && commune === null && HOME >= 0) needed.push(HOME);
        if (needed.length) found.push([needed, kind]);
      }
      if (CONSENT !== undefined && situation.known[firstOf[CONSENT]] === UNKNOWN) {
        for (const [kind, , , , ground] of inOrder) if (scopeOf[ground] === 1) found.push([[CONSENT], kind]);
      }
      return found;
    }

    /** The questions to ask first. @param {ReturnType<typeof judge>} judged @param {Situation} situation */
    function nextQuestions(judged, situation) {
      const open = decisions(judged), served = serving(judged, situation);
      const settles = new Float64Array(attributes.length), calling = new Set();
      const soonest = new Array(attributes.length).fill(URGENCIES.length), matters = new Set();
      for (const { urgency, isRescue, lacks } of open) {
        if (isRescue && urgency === NOW && lacks.length === 1) calling.add(lacks[0]);
        for (const one of lacks) {
          matters.add(one);
          soonest[one] = Math.min(soonest[one], urgency);
          settles[one] += 1 / lacks.length ** 2;
        }
      }
      for (const [needed] of served) for (const one of needed) matters.add(one);
      /** @param {number} one screening, then what may call a rescue, then what is needed now */
      const group = (one) => attributes[one].screening ? 0 : calling.has(one) ? 1 : soonest[one] === NOW ? 2 : 3;
      const chosen = [...matters].filter((one) => !attributes[one].hours)
        .map((one) => ({ one, key: [group(one), group(one) < 2 ? 0 : -settles[one] / (attributes[one].cost ?? 1), one] }))
        .sort((a, b) => compare(a.key, b.key));
      const told = [];
      for (const { one } of chosen) {
        if (told.length === MOST_QUESTIONS) break;
        if (!isAnswerable(situation, one)) continue;
        const decided = open.flatMap((decision) => decision.lacks.includes(one) ? decision.decided : []);
        decided.push(...served.flatMap(([needed, kind]) => needed.includes(one) ? [kind] : []));
        told.push({
          ...asked[one],
          type: attributes[one].type,
          choices: forms[one],
          decides: [...new Set(decided)].map((kind) => kinds[kind].id),
          urgency: URGENCIES[soonest[one]] ?? null,
          settles: rounded(settles[one]),
          cost: attributes[one].cost ?? 1,
        });
      }
      return told;
    }

    /** @param {ReturnType<typeof judge>} judged @param {Situation} situation @param {Moment | null} moment @param {Record<string, string>} already */
    function ranked(judged, situation, moment, already) {
      /** @type {Map<number | undefined, Opening>} */
      const openings = new Map();
      /** @param {number | undefined} hours */
      const openingOf = (hours) => {
        let opening = openings.get(hours);
        if (!opening) openings.set(hours, opening = openingAt(hours, moment));
        return opening;
      };
      const certain = [];
      for (let kind = 0; kind < kinds.length; kind++) {
        const best = judged.reached[kind];
        if (!best || judged.excluded[kind] || judged.threatened[kind]) continue;
        const done = already[kinds[kind].id] ?? null;
        const isLate = done !== null && best.urgency !== NOW && !rescues[kind];
        certain.push({ kind, best, done, found: candidates(kind, best.urgency, situation, openingOf), key: [best.urgency, Number(isLate), best.strength, kind] });
      }
      return certain.sort((one, other) => compare(one.key, other.key));
    }

    /** Checks, reads and closes. @param {Answers} answers @param {string | null | undefined} at @param {Options} options */
    function prepare(answers, at, { already, limit }) {
      const { situation, problems } = read(answers), moment = readMoment(at);
      if (moment === undefined) problems.push({ code: "A009", attribute: null });
      if (already && Object.entries(already).some(([kind, done]) => !kindAt.has(kind) || !/^(contacted|declined)$/.test(done))) {
        problems.push({ code: "A010", attribute: null });
      }
      if (limit !== undefined && limit !== null && !(Number.isInteger(limit) && limit >= 0)) problems.push({ code: "A011", attribute: null });
      if (!problems.some(({ code }) => /A00[1-8]/.test(code))) problems.push(...contradictions(situation));
      return { situation, moment: moment ?? null, problems };
    }

    /** Closes a situation, or tells why it cannot be. @param {Situation} situation @returns {Problem[]} */
    function contradictions(situation) {
      const known = situation.known.slice();
      try {
        close(situation, known.flatMap((answer, variable) => (answer === UNKNOWN ? [] : [variable])));
        return [];
      } catch (error) {
        if (!(error instanceof NothingLeft)) throw error;
        evaluate({ known, left: new Map(), trail: new Map() });
        const told = impossible.flatMap((entry, place) => (truths[entry.when] === TRUE ? [{ place, behind: behindEntry(place, known) }] : []));
        return (told.length ? told : [{ place: error.entry, behind: error.variables }]).map(({ place, behind }) => ({
          code: "A005", attribute: null, entry: impossible[place].id,
          attributes: [...new Set(behind.map((variable) => attributes[ownerOf[variable]].id))],
        }));
      }
    }

    /** The known variables that make an entry true. @param {number} entry @param {(number | string)[]} known */
    function behindEntry(entry, known) {
      const situation = { known, left: new Map(), trail: new Map() }, behind = new Set();
      closing.forEach(([when, steps], group) => {
        if (!when.every((place) => holds(place, situation))) return;
        for (const [of, variable, answers] of steps) {
          if (of !== entry || (variable !== null && !answers.includes(/** @type {number} */ (known[variable])))) continue;
          for (const one of [...variablesOf[group], ...(variable === null ? [] : [variable])]) behind.add(one);
        }
      });
      return /** @type {number[]} */ ([...behind].sort((one, other) => one - other));
    }

    /** Everything that is wrong with what is given; nothing of it is repeated. @param {Answers} answers @param {string | null} [at] @param {Options} [options] */
    const check = (answers, at = null, options = {}) => prepare(answers, at, options).problems;

    /** What follows from the answers: known ones, those concluded among them, and what is left of others. @param {Answers} answers */
    function conclude(answers) {
      const { situation, problems } = prepare(answers, null, {});
      if (problems.length) throw refusal(problems);
      /** @param {number} variable */
      const named = (variable) => {
        const { id, type } = attributes[ownerOf[variable]];
        return type === "many_of" ? `${id}=${choices[ownerOf[variable]][variable - firstOf[ownerOf[variable]]]}` : id;
      };
      /** @param {number} variable @param {number | string} answer */
      const said = (variable, answer) => {
        const { type } = attributes[ownerOf[variable]];
        return !isPlain[ownerOf[variable]] ? answer : type === "many_of" ? ["yes", "no"][Number(answer)] : choices[ownerOf[variable]][Number(answer)];
      };
      /** @type {Record<string, number | string>} */
      const known = {}, /** @type {Record<string, (number | string)[]>} */ left = {};
      situation.known.forEach((answer, variable) => { if (answer !== UNKNOWN) known[named(variable)] = said(variable, answer); });
      for (const [variable, some] of situation.left) left[named(variable)] = [...some].map((answer) => said(variable, answer));
      return { known, left, concluded: [...situation.trail.keys()].filter((one) => situation.known[one] !== UNKNOWN).sort((a, b) => a - b).map(named) };
    }

    /** What a situation leads to at a moment; throws an error with `problems` where it cannot be told. @param {Answers} answers @param {string | null} [at] @param {Options} [options] */
    function recommend(answers, at = null, options = {}) {
      const { situation, moment, problems } = prepare(answers, at, options);
      if (problems.length) throw refusal(problems);
      draw(situation, moment);
      const judged = judge(situation, moment && moment.day);
      const certain = ranked(judged, situation, moment, options.already ?? {});
      let surplus = certain.length - (options.limit ?? certain.length);
      const kept = certain.reverse().filter(({ best }) => best.urgency === NOW || best.strength === MUST || surplus-- <= 0).reverse();
      certain.reverse();
      return {
        version: 1,
        language: data.language ?? "fr",
        identity: { library: null, territory: null, digest: null, ...data.identity },
        at: moment && moment.text,
        orientations: kept.map(({ kind, best, done, found }) => {
          const called = toCall(found), { id, label, category, nature } = kinds[kind];
          return {
            kind: id, label, category, nature,
            for: PEOPLE.filter((_, whom) => best.people >> whom & 1),
            urgency: URGENCIES[best.urgency],
            strength: STRENGTHS[best.strength],
            reachable: !called ? "nobody" : called.opening.is_open ? "now" : called.opening.opens_at ?? "unknown",
            partner: found.length ? card(found[0], moment) : null,
            call: called ? card(called, moment) : null,
            because: /** @type {[Rule, Orient]} */ (best.reasons.find(([, orient]) => orient[1] === best.urgency))[0].because,
            sharing: sharing(best, situation),
            already: done,
          };
        }),
        next_questions: nextQuestions(judged, situation),
        excluded: kinds.filter((_, kind) => judged.excluded[kind]).map((kind) => kind.id),
        advice: [...new Set(judged.fired.flatMap((place) => rules[place].advise ?? []))],
        gaps: certain.filter(({ kind, found }) => !found.length && !/^(measure|tool)$/.test(kinds[kind].nature)).map(({ kind }) => kinds[kind].id),
        left_out: certain.length - kept.length,
      };
    }

    return { check, conclude, recommend };
  };
})();
