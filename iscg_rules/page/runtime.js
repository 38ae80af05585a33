// @ts-check
"use strict";

/** Makes ready what was exported. Nothing of a situation is kept between two calls. */
const load = (() => {
  const FALSE = 0, TRUE = 1, OPEN = 2;
  const IS = 0, FREE = 1, NOT = 2, LEAST = 3;
  const URGENCIES = ["now", "today", "week", "planned"], CALLING = -1, NOW = 0, TODAY = 1, PLANNED = 3;
  const STRENGTHS = ["must", "should", "may"], MUST = 0;
  const PEOPLE = ["person", "children", "author", "relatives", "professional"];
  const SCOPES = ["none", "agreement", "inform", "exception"], AGREEMENT = 1;
  const TRANSMISSIONS = ["nothing", "", "inform", "without_agreement"];
  const MOST_QUESTIONS = 5, MOST_PROBLEMS = 20, FRESH_MONTHS = 12, MINUTE = 6e4, DAY = 1440;
  // How openings are ordered: open, the soonest to open, nothing known, never.
  const UNKNOWN_ORDER = 2e15, NEVER = 3e15;
  const COMMUNE = /^(?:0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}$/;
  const NUMBER = /^-?[0-9]{1,15}(?:\.[0-9]{1,9})?$/;
  const MOMENT = /^(\d{4}-\d\d-\d\d)(?:T((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
  const ALWAYS = { is_open: true, at: null, today: false, order: 0, closure: null };
  const STAYS_CLOSED = { is_open: false, at: null, today: false, order: NEVER };
  const NOBODY_KNOWS = { is_open: null, at: null, today: false, order: UNKNOWN_ORDER, closure: null };
  /** @param {string} commune */
  const departement = (commune) => commune.slice(0, /^9[78]/.test(commune) ? 3 : 2);
  /** @param {string} day */
  const months = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7) || 1);
  /** @param {number} time @param {number} from @param {number} until */
  const iso = (time, from, until) => new Date(time).toISOString().slice(from, until);
  /** @param {number} bits */
  const lowest = (bits) => 31 - Math.clz32(bits & -bits);
  /** @param {number} bits whether exactly one is set */
  const isOne = (bits) => bits !== 0 && (bits & (bits - 1)) === 0;
  /** @param {Iterable<number>} places */
  const asBits = (places) => [...places].reduce((bits, place) => bits | (1 << place), 0);
  /** Three decimals, halves to the even one. @param {number} number */
  function rounded(number) {
    // Only odd sixteenths lie just between two thousandths: 1/16 is 0.0625.
    const below = Math.floor(number * 1000);
    return (number * 16) % 2 === 1 ? (below + (below % 2)) / 1000 : Number(number.toFixed(3));
  }
  /** @param {Portable} data */
  return (data) => {
    if (data.portable !== 1) throw new Error("another version of the portable form");
    const { attributes, kinds, areas, nodes, rules, partners, impossible, closing, grounds, hours } = data;
    const attributeAt = new Map(attributes.map((one, place) => [one.id, place]));
    const choices = attributes.map((one) => (one.values ?? []).map(([value]) => value));
    const isSeveral = attributes.map((one) => one.type === "many_of");
    /** The attribute of each variable. @type {number[]} */
    const owner = attributes.flatMap((_, place) => Array(isSeveral[place] ? choices[place].length : 1).fill(place));
    const first = attributes.map((_, place) => owner.indexOf(place));
    const end = attributes.map((_, place) => owner.lastIndexOf(place) + 1);
    const answers = owner.map((place) => (isSeveral[place] ? ["yes", "no"] : choices[place]));
    if (answers.some(({ length }) => length > 31)) throw new Error("more than 31 answers");
    const every = answers.map((some) => asBits(some.keys()));
    const home = attributes.findIndex((one) => one.type === "commune" && one.id !== "station");
    const station = attributeAt.get("station") ?? -1, consent = attributeAt.get("consent_to_share") ?? -1;
    const places = areas.map((area) => new Set([...(area.communes ?? []), ...(area.departements ?? [])]));
    const scopeOf = grounds.map((ground) => SCOPES.indexOf(ground.scope)), isRescue = kinds.map((kind) => kind.nature === "rescue");
    const orients = rules.map(({ orient = [] }) => orient.map(([kind, urgency, strength, whom, ground]) =>
      ({ kind, urgency, strength, whom: 1 << whom, ground, scope: scopeOf[ground] })));
    const leads = kinds.map((_, kind) => orients.flatMap((some, rule) => some.filter((one) => one.kind === kind).map((one) => ({ ...one, rule }))));
    const agreements = orients.map((some) => some.filter(({ scope }) => scope === AGREEMENT).map(({ kind }) => kind));
    const isDated = rules.map(({ from, until }) => from !== undefined || until !== undefined);
    const whens = Int32Array.from(rules, (rule) => rule.when), excludes = rules.map((rule) => rule.exclude ?? []);
    const questions = attributes.map(({ id, label, ask = null }) => ({ attribute: id, label, ask }));
    const forms = attributes.map(({ values = [] }) => values.map(([value, label]) => ({ value, label })));
    const costs = attributes.map(({ cost = 1 }) => cost), kindIds = kinds.map(({ id }) => id);
    const sources = data.sources.map(({ title, url = null, date = null, trust, checked = null, recheck = false }) =>
      ({ title, url, date, trust, checked, recheck }));
    /** @param {Partner} partner */
    const widest = (partner) => areas[partner.area[partner.area.length - 1]];
    const offering = kinds.map((_, kind) => partners.filter((partner) => partner.offers.includes(kind)));
    const choosy = offering.map((some) => some.filter(({ accepts }) => accepts !== undefined));
    const hasLocal = offering.map((some) => some.some((one) => one.accepts === undefined && !widest(one).everywhere));
    /** @param {number} area @param {string} commune */
    const covers = (area, commune) =>
      areas[area].everywhere || places[area].has(commune) || places[area].has(departement(commune));

    // ---- nodes ------------------------------------------------------------------------------
    const sort = nodes.map(([word]) => (word === "is" ? IS : word === "not" ? NOT : word === "least" ? LEAST : FREE));
    // The variable of a test, the part of `not`, how many are needed; the bits of a test's answers.
    const subject = Int32Array.from(nodes, (node) => node[1]);
    const parts = nodes.map((node) => (node[0] === "least" ? node[2] : []));
    const allowed = Int32Array.from(nodes, (node) => (node[0] === "is" ? asBits(node[2]) : 0));
    // Written over by every evaluation: the truth of each node, and the attributes that it lacks, as bits.
    const words = (attributes.length + 31) >> 5;
    const truths = new Uint8Array(nodes.length), lacks = new Int32Array(nodes.length * words);
    /** The truth of a test. @param {number} place @param {Situation} situation */
    function tested(place, { left, free }) {
      const rest = left[subject[place]], node = nodes[place];
      if (rest === 0) return OPEN;
      if (sort[place] === IS) return (rest & ~allowed[place]) === 0 ? TRUE : (rest & allowed[place]) === 0 ? FALSE : OPEN;
      const answer = free[subject[place]];
      if (node[0] === "in") return node[2].some((area) => covers(area, String(answer))) ? TRUE : FALSE;
      return node[0] === "within" && Number(answer) >= (node[2] ?? -Infinity) && Number(answer) <= (node[3] ?? Infinity) ? TRUE : FALSE;
    }
    /** Works out every node, its parts before it. @param {Situation} situation */
    function evaluate(situation) {
      lacks.fill(0);
      for (let place = 0; place < truths.length; place++) {
        const about = subject[place], of = parts[place];
        if (sort[place] === LEAST) {
          let held = 0, open = 0;
          for (let n = 0; n < of.length; n++) {
            const truth = truths[of[n]];
            if (truth === TRUE) held++;
            else if (truth === OPEN) open++;
          }
          truths[place] = held >= about ? TRUE : held + open < about ? FALSE : OPEN;
          // What is settled lacks nothing.
          if (truths[place] === OPEN) for (let n = 0; n < of.length; n++) add(place, of[n]);
        } else if (sort[place] === NOT) {
          truths[place] = truths[about] === OPEN ? OPEN : TRUE - truths[about];
          add(place, about);
        } else {
          const attribute = owner[about];
          truths[place] = tested(place, situation);
          if (truths[place] === OPEN) lacks[place * words + (attribute >> 5)] = 1 << (attribute & 31);
        }
      }
    }
    /** @param {number} place @param {number} part */
    function add(place, part) {
      for (let word = 0; word < words; word++) lacks[place * words + word] |= lacks[part * words + word];
    }
    /** The attributes that a node lacks, in order; a negative one lacks one attribute. @param {number} place */
    function lacking(place) {
      if (place < 0) return [~place];
      const found = [];
      for (let word = 0; word < words; word++) {
        for (let bits = lacks[place * words + word]; bits; bits &= bits - 1) found.push((word << 5) + lowest(bits));
      }
      return found;
    }
    /** @param {number} place @param {number} attribute */
    const isLacking = (place, attribute) => place < 0 ? ~place === attribute : (lacks[place * words + (attribute >> 5)] & (1 << (attribute & 31))) !== 0;

    // ---- answers ----------------------------------------------------------------------------
    /** @param {Answers} given @returns {{situation: Situation, problems: Problem[]}} */
    function read(given) {
      const situation = { left: new Int32Array(owner.length), free: Array(owner.length), trail: new Map() };
      const isMapping = given !== null && typeof given === "object" && !Array.isArray(given);
      if (!isMapping) return { situation, problems: [{ code: "A007", attribute: null }] };
      const problems = Object.entries(given).flatMap(([name, answer]) => {
        const place = attributeAt.get(name);
        if (place !== undefined && (answer === null || answer === undefined)) return [];
        const code = place === undefined ? "A001" : attributes[place].hours ? "A004" : (isSeveral[place] ? tick : give)(place, answer, situation);
        return code ? [{ code, attribute: place === undefined ? null : name }] : [];
      });
      const surplus = problems.length > MOST_PROBLEMS ? [{ code: "A008", attribute: null }] : [];
      return { situation, problems: [...problems.slice(0, MOST_PROBLEMS), ...surplus] };
    }
    /** Notes an answer, or tells what is wrong with it. @param {number} place @param {any} answer @param {Situation} situation */
    function give(place, answer, { left, free }) {
      const { type, min = -Infinity, max = Infinity } = attributes[place], variable = first[place];
      if (type === "commune") {
        if (typeof answer !== "string" || !COMMUNE.test(answer)) return "A006";
        free[variable] = answer;
      } else if (type === "number") {
        const number = typeof answer === "string" && NUMBER.test(answer) ? Number(answer) : answer;
        if (typeof number !== "number") return "A003";
        if (!(min <= number && number <= max && Number.isFinite(number))) return "A002";
        free[variable] = number;
      }
      const word = type === "yes_no" && typeof answer === "boolean" ? (answer ? "yes" : "no") : answer;
      const found = free[variable] === undefined ? choices[place].indexOf(word) : 0;
      if (found < 0) return typeof word === "string" ? "A002" : "A003";
      left[variable] = 1 << found;
      return "";
    }
    /** The same of what several may be true of: a list is complete. @param {number} place @param {any} answer @param {Situation} situation */
    function tick(place, answer, { left }) {
      const isPartial = typeof answer === "object" && !Array.isArray(answer);
      const groups = isPartial ? [answer.yes || [], answer.no || []] : [answer, []];
      if (isPartial && Object.keys(answer).some((word) => word !== "yes" && word !== "no")) return "A003";
      const said = Array(choices[place].length).fill(isPartial ? 0 : 2), met = [0, 0];
      for (const [truth, group] of groups.entries()) {
        if (!Array.isArray(group)) return "A003";
        for (const value of group) {
          const found = choices[place].indexOf(value);
          if (found < 0 || met[1 - truth] & (1 << found)) return "A002";
          met[truth] |= 1 << found;
          said[found] = 1 << truth;
        }
      }
      left.set(said, first[place]);
      return "";
    }

    // ---- closing ----------------------------------------------------------------------------
    const variablesOf = closing.map(([when]) => when.map((place) => subject[sort[place] === NOT ? subject[place] : place]));
    const readers = owner.map((_, variable) => [...variablesOf.keys()].filter((group) => variablesOf[group].includes(variable)));
    const always = [...variablesOf.keys()].filter((group) => !variablesOf[group].length);
    const steps = closing.map(([, some]) =>
      some.map(([entry, variable, places]) => ({ entry, variable: variable ?? -1, ruledOut: asBits(places) })));
    /** @param {number} group @param {Situation} situation */
    const holds = (group, situation) => closing[group][0].every((place) => sort[place] === NOT
      ? tested(subject[place], situation) === FALSE : tested(place, situation) === TRUE);
    /** Closes a situation, in place, now that some variables are known; returns what makes it impossible, if anything. @param {Situation} situation @param {number[]} news */
    function close(situation, news) {
      const waiting = new Uint8Array(closing.length);
      for (const group of always) waiting[group] = 1;
      for (const variable of news) for (const group of readers[variable]) waiting[group] = 1;
      for (let group = waiting.indexOf(1); group >= 0; group = waiting.indexOf(1)) {
        waiting[group] = 0;
        if (!holds(group, situation)) continue;
        for (const { entry, variable, ruledOut } of steps[group]) {
          const before = variable < 0 ? 0 : situation.left[variable] || every[variable], rest = before & ~ruledOut;
          if (!rest) return { entry, behind: givenBehind(situation, variable, group) };
          if (rest === before) continue;
          situation.left[variable] = rest;
          situation.trail.set(variable, [...(situation.trail.get(variable) ?? []), group]);
          for (const other of readers[variable]) waiting[other] = 1;
        }
      }
      return null;
    }
    /** The given answers behind a step, through others too. @param {Situation} situation @param {number} variable @param {number} group */
    function givenBehind({ left, trail }, variable, group) {
      const met = new Set(variable < 0 ? variablesOf[group] : [...variablesOf[group], variable]);
      // What is added on the way is looked at too.
      for (const one of met) for (const step of trail.get(one) ?? []) for (const other of variablesOf[step]) met.add(other);
      return [...met].filter((one) => isOne(left[one]) && !trail.has(one));
    }
    /** Tells whether some answer can still be given. @param {Situation} situation @param {number} place */
    function isAnswerable({ left, free }, place) {
      for (let variable = first[place]; variable < end[place]; variable++) {
        if (isOne(left[variable])) continue;
        if (!readers[variable].length || !every[variable]) return true;
        for (let bits = left[variable] || every[variable]; bits; bits &= bits - 1) {
          const trial = { left: left.slice(), free, trail: new Map() };
          trial.left[variable] = bits & -bits;
          if (!close(trial, [variable])) return true;
        }
      }
      return false;
    }
    /** @param {Situation} situation */
    const known = ({ left }) => owner.map((_, variable) => variable).filter((variable) => left[variable]);
    /** Closes a situation, or tells why it cannot be. @param {Situation} situation @returns {Problem[]} */
    function contradictions(situation) {
      const given = { ...situation, left: situation.left.slice(), trail: new Map() }, found = close(situation, known(situation));
      if (!found) return [];
      /** The entries that are true of the answers themselves, with what is behind each. @type {Map<number, number[]>} */
      const told = new Map();
      steps.forEach((some, group) => {
        for (const { entry, variable, ruledOut } of holds(group, given) ? some : []) {
          if (variable >= 0 && !(isOne(given.left[variable]) && given.left[variable] & ruledOut)) continue;
          told.set(entry, [...(told.get(entry) ?? []), ...variablesOf[group], ...(variable < 0 ? [] : [variable])]);
        }
      });
      if (!told.size) told.set(found.entry, found.behind);
      return [...told].map(([entry, behind]) => ({
        code: "A005", attribute: null, entry: impossible[entry].id,
        attributes: [...new Set(behind.sort((a, b) => a - b).map((one) => attributes[owner[one]].id))],
      }));
    }

    // ---- moments ----------------------------------------------------------------------------
    const clock = data.clock.map(([from, ahead]) => ({ from: Date.parse(from), ahead }));
    /** Minutes by which Paris is ahead, at a time in UTC; or at one in Paris: the first of two that are the same, as before where there is none. @param {number} time @param {boolean} isLocal */
    function ahead(time, isLocal) {
      let minutes = clock[0].ahead;
      for (const change of clock) {
        if (change.from + (isLocal ? Math.max(minutes, change.ahead) * MINUTE : 0) <= time) minutes = change.ahead;
      }
      return minutes;
    }
    /** @param {number} local a time in Paris @param {number} minutes by which it is ahead */
    const zoned = (local, minutes) => `${iso(local, 0, 19)}+${iso(minutes * MINUTE, 11, 16)}`;
    /** The last moment asked about, with who is open then: it says nothing of anybody. @type {{at: unknown, moment: Moment | null | undefined, openings: Opening[]}} */
    let last = { at: null, moment: null, openings: [] };
    /** Undefined where it cannot be read. @param {string | null | undefined} at */
    const momentOf = (at) => (last.at === at ? last : last = { at, moment: readMoment(at), openings: [] }).moment;
    /** @param {string | null | undefined} at @returns {Moment | null | undefined} */
    function readMoment(at) {
      if (at === null || at === undefined) return null;
      const [text, day = "", time = "00:00", seconds = ":00", zone] = MOMENT.exec(String(at)) ?? [];
      const midnight = Date.parse(`${day}T00:00Z`);
      if (Number.isNaN(midnight) || iso(midnight, 0, 10) !== day) return undefined;
      let local = Date.parse(`${day}T${time}${seconds}${zone ?? "Z"}`);
      const minutes = ahead(local, !zone);
      if (zone) local += minutes * MINUTE;
      const today = iso(local, 0, 10), isKnown = data.first_day <= today && today < data.out_of_date;
      // Beyond what is known of opening hours, a moment is its day.
      if (text === day || !isKnown) return { text: today, day: today, minute: -1 };
      return { text: zoned(local, minutes), day: today, minute: Math.floor((local - Date.parse(today)) / MINUTE) };
    }

    // When each place opens and closes, in minutes from the first midnight on.
    const origin = Date.parse(data.first_day);
    const calendars = hours.map(({ patterns = [], days = "", next }) => {
      const spans = [...days].flatMap((_, day) => {
        const minutes = patterns[days.charCodeAt(day) - 48].map((minute) => day * DAY + minute);
        return minutes.flatMap((minute, n) => (n % 2 ? [] : [[minute, minutes[n + 1]]]));
      });
      if (next) spans.push([(Date.parse(`${next}Z`) - origin) / MINUTE, 0]);
      return { opens: spans.map(([opens]) => opens), closes: spans.map(([, closes]) => closes) };
    });
    /** @param {number | null | undefined} place @param {Moment | null} moment @returns {Opening} */
    const openingAt = (place, moment) =>
      place === null || place === undefined ? NOBODY_KNOWS : last.openings[place] ??= newOpening(place, moment);
    /** @param {number} place @param {Moment | null} moment @returns {Opening} */
    function newOpening(place, moment) {
      const { text, closed = [] } = hours[place], { opens, closes } = calendars[place];
      const closure = closed.find(([from, until]) => moment && from <= moment.day && moment.day <= (until ?? moment.day)) ?? null;
      if (text === "24/7" && !closure && (moment || !closed.length)) return ALWAYS;
      if (!moment || (!closure && (text === undefined || moment.minute < 0))) return NOBODY_KNOWS;
      const now = (Date.parse(moment.day) - origin) / MINUTE + (closure ? 0 : moment.minute);
      const later = opens.findIndex((minute) => minute > now), next = later < 0 ? opens.length : later;
      if (next && closes[next - 1] > now) return ALWAYS;
      const at = later < 0 ? NaN : origin + opens[next] * MINUTE;
      // What opens in a later year than the next one is not told: words name a day and a month.
      if (!(Number(moment.day.slice(0, 4)) + 1 >= new Date(at).getUTCFullYear())) return { ...STAYS_CLOSED, closure };
      const today = !closure && iso(at, 0, 10) === moment.day, minutes = ahead(at, true);
      return { is_open: false, at: zoned(at, minutes), today, order: at - minutes * MINUTE, closure };
    }

    // ---- partners ---------------------------------------------------------------------------
    /** Where somebody lives and where we are, each with the areas that cover it. @param {Situation} situation */
    function locate({ left, free }) {
      const [lives, here] = [home, station].map((place) => (place >= 0 && left[first[place]] ? String(free[first[place]]) : null));
      return [lives, here ?? data.station ?? null].map((commune) =>
        commune === null ? null : areas.map((_, area) => covers(area, commune)));
    }
    /** The areas where a partner of a kind must serve, and those to guess by. @param {number} kind @param {(boolean[] | null)[]} located */
    function where(kind, [lives, here]) {
      const { place } = kinds[kind];
      return place === "station" && here ? { near: here, guess: null } : { near: lives, guess: place === "home" ? null : here };
    }
    /** The partners that may serve a kind, best first. @param {number} kind @param {number} urgency @param {(boolean[] | null)[]} located @param {Moment | null} moment @returns {Candidate[]} */
    function candidates(kind, urgency, located, moment) {
      const { near, guess } = where(kind, located), nearest = near ?? guess, found = [];
      for (const partner of offering[kind]) {
        const isAccepting = partner.accepts === undefined || truths[partner.accepts] === TRUE;
        if (!isAccepting && truths[partner.accepts ?? 0] === FALSE) continue;
        const covering = nearest ? partner.area.find((area) => nearest[area]) : undefined;
        if (covering === undefined && near) continue;
        const opening = openingAt(partner.hours, moment), area = widest(partner);
        const isInTime = !opening.closure && (urgency > TODAY || (urgency === TODAY && opening.today) || opening.is_open);
        found.push({
          partner, isAccepting, opening,
          depends: !near && !area.everywhere,
          lateness: isInTime ? 0 : isInTime === null ? 1 : 2,
          far: covering !== undefined ? 0 : partner.foreign ? 2 : 1,
          size: covering !== undefined ? areas[covering].size : -area.size,
        });
      }
      // The newest first; the sort is stable: what is equal stays in the order of ids.
      return found.sort((a, b) => Number(b.isAccepting) - Number(a.isAccepting) || a.lateness - b.lateness || a.far - b.far
        || a.size - b.size || a.opening.order - b.opening.order
        || (a.partner.checked < b.partner.checked ? 1 : a.partner.checked > b.partner.checked ? -1 : 0));
    }
    /** Whom to call. @param {Candidate[]} found @returns {Candidate | undefined} */
    function toCall(found) {
      /** @param {number} lateness */
      const first = (lateness) => found.find((one) => one.lateness === lateness && one.opening.order < NEVER);
      const opening = found.filter((one) => one.opening.at !== null);
      return first(0) ?? first(1) ?? opening.sort((a, b) => a.opening.order - b.opening.order)[0];
    }
    /** @param {Candidate | undefined} candidate @param {Moment | null} moment */
    function card(candidate, moment) {
      if (!candidate) return null;
      const { partner, isAccepting, depends, opening } = candidate;
      return {
        id: partner.id, name: partner.name, description: partner.description ?? null, contact: partner.contact ?? {},
        access: partner.access ?? null,
        hours: partner.hours === undefined ? null : hours[partner.hours].text ?? null, is_open: opening.is_open,
        opens_at: opening.at, closed_until: opening.closure && opening.closure[1],
        closed_because: opening.closure && opening.closure[2], depends_on_commune: depends,
        to_check: isAccepting ? [] : lacking(partner.accepts ?? 0).map((one) => questions[one]),
        withheld: partner.withheld ?? null,
        to_confirm: (partner.recheck ?? false) || (moment !== null && months(moment.day) - months(partner.checked) > FRESH_MONTHS),
        checked: partner.checked, sources: partner.sources.map((source) => sources[source]),
      };
    }

    // ---- what follows -----------------------------------------------------------------------
    /** @param {Rule} rule @param {string | null} day */
    const isInForce = ({ from, until }, day) => day === null ? !until : (from ?? day) <= day && day <= (until ?? day);
    /** What the rules in force on a day come to. @param {Situation} situation @param {string | null} day @returns {Outcome} */
    function judge(situation, day) {
      evaluate(situation);
      const excluded = new Uint8Array(kinds.length), threatened = new Uint8Array(kinds.length);
      /** @type {Outcome} */
      const outcome = { fired: [], open: [], best: Array(kinds.length), excluded, threatened };
      for (let place = 0; place < rules.length; place++) {
        const truth = truths[whens[place]], rule = rules[place];
        if (truth === FALSE || (isDated[place] && !isInForce(rule, day))) continue;
        (truth === TRUE ? outcome.fired : outcome.open).push(place);
        for (const kind of excludes[place]) (truth === TRUE ? excluded : threatened)[kind] = 1;
        for (const { kind, urgency, strength, whom, ground, scope } of truth === TRUE ? orients[place] : []) {
          // The earliest, the strongest, the widest, for all of them.
          const so = outcome.best[kind] ??= { urgency, strength, people: 0, scope, reasons: [] };
          so.urgency = Math.min(so.urgency, urgency);
          so.strength = Math.min(so.strength, strength);
          so.people |= whom;
          so.scope = Math.max(so.scope, scope);
          so.reasons.push({ rule, urgency, ground });
        }
      }
      return outcome;
    }
    /** What may be passed on. @param {Best} best @param {Situation} situation */
    function sharing({ scope, reasons }, { left }) {
      const widest = [...new Set(reasons.map(({ ground }) => ground))].filter((one) => scopeOf[one] === scope).sort((a, b) => a - b);
      const bases = [...new Set(widest.flatMap((one) => grounds[one].legal_basis ?? []))].sort();
      const agreed = consent < 0 ? 0 : left[first[consent]];
      const transmission = scope !== AGREEMENT ? TRANSMISSIONS[scope] : !agreed ? "ask_first" : agreed === 1 ? "agreed" : "contact_only";
      return {
        scope: SCOPES[scope], transmission, grounds: bases.length ? widest.map((one) => grounds[one].id) : [],
        legal_basis: bases, text: data.sharing[transmission],
      };
    }

    /** Adds what an open rule may still change: kinds, how soon, and whether it may call a rescue. @param {number} rule @param {Outcome} outcome @param {Reason[]} reasons */
    function addStake(rule, { best, excluded }, reasons) {
      const decides = [], some = orients[rule];
      let soon = PLANNED, mayRescue = false;
      for (let n = 0; n < some.length; n++) {
        const { kind, urgency, strength, whom, scope } = some[n], known = best[kind];
        if (excluded[kind] || (known && urgency >= known.urgency && strength >= known.strength
          && known.people & whom && scope <= known.scope)) continue;
        decides.push(kind);
        if (urgency < soon) soon = urgency;
        if (isRescue[kind] && !known) mayRescue = true;
      }
      for (const kind of excludes[rule]) {
        if (!excluded[kind]) decides.push(kind);
        soon = Math.min(soon, best[kind]?.urgency ?? PLANNED);
      }
      if (decides.length || rules[rule].advise) reasons.push({ node: whens[rule], decides, soon: mayRescue && soon === NOW ? CALLING : soon });
    }
    /** Adds what decides who serves each kind that is, or may become, an orientation. @param {number[]} alive @param {Outcome} outcome @param {(boolean[] | null)[]} located @param {Reason[]} reasons */
    function addServing(alive, { excluded }, located, reasons) {
      const isMet = excluded.slice();
      for (const rule of alive) {
        for (const { kind } of orients[rule]) {
          if (isMet[kind]) continue;
          isMet[kind] = 1;
          const { near } = where(kind, located), decides = [kind];
          let isLocal = hasLocal[kind];
          for (const { accepts = 0, area } of choosy[kind]) {
            if (near && !area.some((one) => near[one])) continue;
            if (truths[accepts] === OPEN) reasons.push({ node: accepts, decides, soon: PLANNED });
            isLocal ||= !areas[area[area.length - 1]].everywhere && truths[accepts] !== FALSE;
          }
          if (isLocal && !near && home >= 0) reasons.push({ node: ~home, decides, soon: PLANNED });
        }
      }
    }
    /** The questions to ask first. @param {Outcome} outcome @param {Situation} situation @param {(boolean[] | null)[]} located */
    function nextQuestions(outcome, situation, located) {
      const alive = outcome.fired.concat(outcome.open), reasons = /** @type {Reason[]} */ ([]), count = attributes.length;
      const settles = new Float64Array(count), soonest = new Int8Array(count).fill(URGENCIES.length);
      const matters = new Uint8Array(count);
      for (const rule of outcome.open) addStake(rule, outcome, reasons);
      for (const { node, soon } of reasons) {
        const lacked = lacking(node), part = 1 / (lacked.length * lacked.length);
        for (const one of lacked) {
          matters[one] = 1;
          settles[one] += part;
          // Only what lacks nothing else calls by its answer.
          soonest[one] = Math.min(soonest[one], lacked.length > 1 ? Math.max(NOW, soon) : soon);
        }
      }
      const stakes = reasons.length;
      addServing(alive, outcome, located, reasons);
      if (consent >= 0 && !isOne(situation.left[first[consent]])) {
        const decides = /** @type {number[]} */ ([]);
        for (const rule of alive) for (const kind of agreements[rule]) if (!outcome.excluded[kind]) decides.push(kind);
        if (decides.length) reasons.push({ node: ~consent, decides, soon: PLANNED });
      }
      for (const { node } of reasons.slice(stakes)) for (const one of lacking(node)) matters[one] = 1;
      const group = attributes.map((one, n) => (one.screening ? 0 : soonest[n] === CALLING ? 1 : soonest[n] === NOW ? 2 : 3));
      const weight = settles.map((settled, n) => (group[n] < 2 ? 0 : settled / costs[n]));
      const told = [], asked = [...matters.keys()].filter((one) => matters[one]);
      for (const one of asked.sort((a, b) => group[a] - group[b] || weight[b] - weight[a])) {
        if (told.length === MOST_QUESTIONS) break;
        if (attributes[one].hours || !isAnswerable(situation, one)) continue;
        const decided = /** @type {number[]} */ ([]), isMet = new Uint8Array(kinds.length);
        for (const { node, decides } of reasons) if (isLacking(node, one)) for (const kind of decides) if (!isMet[kind]++) decided.push(kind);
        const { attribute, label, ask } = questions[one];
        told.push({
          attribute, label, ask, type: attributes[one].type, choices: forms[one], decides: decided.map((kind) => kindIds[kind]),
          urgency: URGENCIES[Math.max(NOW, soonest[one])] ?? null, settles: rounded(settles[one]), cost: costs[one],
        });
      }
      return told;
    }

    // ---- what is offered --------------------------------------------------------------------
    /** Reads, checks and closes. @param {Answers} given @param {string | null} at @param {Options} options */
    function prepare(given, at, { already, limit }) {
      const { situation, problems } = read(given), moment = momentOf(at);
      if (!problems.length) problems.push(...contradictions(situation));
      const isTried = Object.entries(already ?? {}).every(([kind, how]) => kindIds.includes(kind) && ["contacted", "declined"].includes(how));
      const wrong = { A009: moment === undefined, A010: !isTried, A011: !(Number.isInteger(limit ?? 0) && (limit ?? 0) >= 0) };
      for (const [code, isWrong] of Object.entries(wrong)) if (isWrong) problems.push({ code, attribute: null });
      return { situation, moment: moment ?? null, problems };
    }
    /** The same, where nothing is wrong. @param {Answers} given @param {string | null} at @param {Options} options */
    function checked(given, at, options) {
      const { situation, moment, problems } = prepare(given, at, options);
      if (problems.length) throw Object.assign(new Error(problems.map(({ code }) => code).join(" ")), { problems });
      return { situation, moment };
    }
    /** What the rules come to, and what is drawn from the moment with it. @param {Answers} given @param {string | null} at @param {Options} options */
    function judged(given, at, options) {
      const { situation, moment } = checked(given, at, options), located = locate(situation);
      attributes.forEach(({ hours: some }, place) => {
        const drawn = some && moment && moment.minute >= 0 ? some.findIndex((one) => one === null || openingAt(one, moment).is_open) : -1;
        if (drawn >= 0) situation.left[first[place]] = 1 << drawn;
      });
      return { situation, moment, located, outcome: judge(situation, moment && moment.day) };
    }
    /** @template T @param {T} result */
    function forgotten(result) {
      for (const table of [truths, lacks]) table.fill(0);
      return result;
    }

    return {
      /** Everything that is wrong with what is given, which is not repeated. @param {Answers} given @param {string | null} [at] @param {Options} [options] */
      check: (given, at = null, options = {}) => prepare(given, at, options).problems,

      /** What follows from the answers, by variable (`attribute`, or `attribute=value`): known ones, those concluded among them, what is left of others. @param {Answers} given */
      conclude(given) {
        const { situation } = checked(given, null, {}), { left, free, trail } = situation;
        const names = owner.map((place, n) => attributes[place].id + (isSeveral[place] ? `=${choices[place][n - first[place]]}` : ""));
        const pairs = known(situation).map((one) => ({ one, name: names[one], some: answers[one].filter((_, n) => left[one] & (1 << n)) }));
        return {
          known: Object.fromEntries(pairs.filter(({ one }) => isOne(left[one])).map(({ one, name, some }) => [name, free[one] ?? some[0]])),
          left: Object.fromEntries(pairs.filter(({ one }) => !isOne(left[one])).map(({ name, some }) => [name, some])),
          concluded: pairs.filter(({ one }) => isOne(left[one]) && trail.has(one)).map(({ name }) => name),
        };
      },

      /** What a situation leads to at a moment; throws an error with `problems`. @param {Answers} given @param {string | null} [at] @param {Options} [options] */
      recommend(given, at = null, options = {}) {
        const { situation, moment, located, outcome } = judged(given, at, options);
        /** @type {{kind: number, best: Best, already: string | null, isLate: number, found: Candidate[]}[]} */
        const certain = [];
        for (let kind = 0; kind < kinds.length; kind++) {
          const best = outcome.best[kind], already = options.already?.[kinds[kind].id] ?? null;
          if (!best || outcome.excluded[kind] || outcome.threatened[kind]) continue;
          const isLate = Number(already !== null && best.urgency !== NOW && !isRescue[kind]);
          certain.push({ kind, best, already, isLate, found: candidates(kind, best.urgency, located, moment) });
        }
        certain.sort((a, b) => a.best.urgency - b.best.urgency || a.isLate - b.isLate || a.best.strength - b.best.strength);
        // Cut from the end, but for what is now or must.
        let surplus = certain.length - (options.limit ?? certain.length);
        const kept = certain.reduceRight((/** @type {typeof certain} */ some, one) =>
          (one.best.urgency === NOW || one.best.strength === MUST || surplus-- <= 0 ? [one, ...some] : some), []);
        return forgotten({
          version: 1, language: data.language ?? "fr",
          identity: { library: null, territory: null, digest: null, ...data.identity }, at: moment && moment.text,
          orientations: kept.map(({ kind, best, already, found }) => {
            const called = toCall(found), { id, label, category, nature } = kinds[kind], partner = card(found[0], moment);
            return {
              kind: id, label, category, nature, for: PEOPLE.filter((_, whom) => best.people & (1 << whom)),
              urgency: URGENCIES[best.urgency], strength: STRENGTHS[best.strength],
              reachable: !called ? "nobody" : called.opening.is_open ? "now" : called.opening.at ?? "unknown",
              partner, call: called === found[0] ? partner : card(called, moment),
              because: best.reasons.find(({ urgency }) => urgency === best.urgency)?.rule.because,
              sharing: sharing(best, situation), already,
            };
          }),
          next_questions: nextQuestions(outcome, situation, located),
          excluded: kinds.filter((_, kind) => outcome.excluded[kind]).map((kind) => kind.id),
          advice: [...new Set(outcome.fired.flatMap((place) => rules[place].advise ?? []))],
          gaps: certain.filter(({ kind, found }) => !found.length && !["measure", "tool"].includes(kinds[kind].nature)).map(({ kind }) => kinds[kind].id),
          left_out: certain.length - kept.length,
        });
      },

      /** What could still follow, the most urgent first, with the attributes that decide it. @param {Answers} given @param {string | null} [at] */
      possible(given, at = null) {
        const { open, best, excluded, threatened } = judged(given, at, {}).outcome, opened = new Set(open);
        const found = kinds.flatMap(({ id, label }, kind) => {
          const known = best[kind], ways = leads[kind].filter(({ rule }) => opened.has(rule));
          if (excluded[kind] || (known ? !threatened[kind] : !ways.length)) return [];
          const some = [...ways, ...(known ? [known] : [])], excluding = threatened[kind] ? open.filter((rule) => excludes[rule].includes(kind)) : [];
          // Where a rule leads there already, only what may exclude it is open.
          const about = new Set([...excluding, ...(known ? [] : ways.map(({ rule }) => rule))].flatMap((rule) => lacking(whens[rule])));
          const urgency = Math.min(...some.map((one) => one.urgency)), strength = Math.min(...some.map((one) => one.strength));
          return [{ kind: id, label, urgency, strength, missing: [...about].sort((a, b) => a - b).map((one) => attributes[one].id) }];
        });
        return forgotten(found.sort((a, b) => a.urgency - b.urgency || a.strength - b.strength).map((one) => ({ ...one, urgency: URGENCIES[one.urgency], strength: STRENGTHS[one.strength] })));
      },
    };
  };
})();
