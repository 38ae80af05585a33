// What the page asks of runtime.js, which has types of its own that are no browser's.
type Given = Record<string, unknown>;
declare function load(data: unknown): {
  recommend(answers: Given, at: string): import("../../iscg_rules/page/said.js").Recommendation;
  possible(answers: Given, at: string): import("../../iscg_rules/page/said.js").Possibility[];
  conclude(answers: Given): { concluded: string[]; left: Record<string, unknown[]> };
};
