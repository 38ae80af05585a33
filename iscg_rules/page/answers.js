// The answers so far, in memory only: a tick is yes, and leaves the rest unknown.

/** @typedef {import("./said.js").Question} Question */
/** @typedef {string | string[] | {yes: string[]}} Answer */

export class Answers {
  constructor() {
    /** @type {Record<string, Answer>} */
    this.given = {};
    /** What nobody knows: not asked again. @type {Set<string>} */
    this.passed = new Set();
    /** @type {string[]} */
    this.history = [];
  }

  /** Whether an answer is there. @param {string} id */
  has(id) {
    return Object.hasOwn(this.given, id);
  }

  /** What is ticked of a question. @param {string} id @returns {string[]} */
  ticked(id) {
    const answer = this.given[id];
    if (answer === undefined) return [];
    if (typeof answer === "string") return [answer];
    return Array.isArray(answer) ? answer : answer.yes;
  }

  /** Whether nothing else is true of a question. @param {Question} question */
  isClosed(question) {
    return question.type === "many_of" ? Array.isArray(this.given[question.id]) : this.has(question.id);
  }

  /** Ticks an answer, or takes the tick away. @param {Question} question @param {string} value */
  tick(question, value) {
    this.keep();
    const ticked = this.ticked(question.id);
    if (question.type !== "many_of") {
      this.set(question.id, ticked[0] === value ? undefined : value);
      return;
    }
    const left = ticked.includes(value) ? ticked.filter((one) => one !== value) : [...ticked, value];
    this.set(question.id, this.isClosed(question) ? left : left.length ? { yes: left } : undefined);
  }

  /** Says that nothing else is true of these, or takes it back. @param {Question[]} questions */
  close(questions) {
    this.keep();
    const isOpening = questions.every((question) => this.isClosed(question));
    for (const question of questions) {
      const ticked = this.ticked(question.id);
      if (question.type === "many_of") {
        this.set(question.id, isOpening ? (ticked.length ? { yes: ticked } : undefined) : ticked);
      } else if (isOpening ? ticked[0] === "no" : !ticked.length) {
        this.set(question.id, isOpening ? undefined : "no");
      }
    }
  }

  /** Puts a question aside. @param {string} id */
  pass(id) {
    this.keep();
    this.passed.add(id);
  }

  /** @param {string} id @param {Answer | undefined} answer */
  set(id, answer) {
    this.passed.delete(id);
    if (answer === undefined) delete this.given[id];
    else this.given[id] = answer;
  }

  keep() {
    this.history.push(JSON.stringify([this.given, [...this.passed]]));
  }

  undo() {
    const before = this.history.pop();
    if (before === undefined) return false;
    const [given, passed] = JSON.parse(before);
    this.given = given;
    this.passed = new Set(passed);
    return true;
  }
}
