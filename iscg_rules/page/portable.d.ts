/** What `iscg-rules export` writes (docs/portable.md), and what `runtime.js` makes of it: for `tsc --checkJs` alone. */

interface Attribute {
  id: string; type: string; label: string; ask?: string; values?: [string, string][];
  min?: number; max?: number; unit?: string; cost?: number; screening?: boolean; grid?: string;
  fixed?: boolean; hours?: (number | null)[];
}
interface Kind { id: string; label: string; category: string; nature: string; place?: string }
interface Area { id: string; size: number; communes?: string[]; departements?: string[]; everywhere?: boolean }
type PortableNode = ["is" | "in", number, number[]] | ["within", number, number | null, number | null]
  | ["not", number] | ["least", number, number[]];
/** Kind, urgency, strength, whom, ground. */
type Orient = [number, number, number, number, number];
interface Rule {
  id: string; when: number; because: string; orient?: Orient[]; exclude?: number[]; advise?: string[];
  from?: string; until?: string;
}
/** First day, last day, why. */
type Closure = [string, string | null, string];
interface Hours { text?: string; closed?: Closure[]; patterns?: number[][]; days?: string; next?: string }
interface Source { title: string; url?: string; date?: string; trust: string; checked?: string; recheck?: boolean }
interface Partner {
  id: string; name: string; offers: number[]; area: number[]; checked: string; sources: number[];
  description?: string; access?: string; contact?: Record<string, string>; hours?: number;
  accepts?: number; withheld?: string; recheck?: boolean; foreign?: boolean;
}
interface Portable {
  portable: 1; language?: string; identity?: Record<string, string | null>; first_day: string;
  out_of_date: string; clock: [string, number][]; station?: string; communes: [string, string][];
  attributes: Attribute[]; kinds: Kind[]; areas: Area[]; nodes: PortableNode[];
  facts: [string, string, number][]; impossible: { id: string; when: number; because: string }[];
  closing: [number[], [number, number | null, number[]][]][];
  grounds: { id: string; scope: string; legal_basis?: string }[]; rules: Rule[]; hours: Hours[];
  sources: Source[]; partners: Partner[]; sharing: Record<string, string>;
}

/** What is absent or null is unknown. */
type Answers = Record<string, unknown>;
interface Options { already?: Record<string, string> | null; limit?: number | null }
interface Problem { code: string; attribute: string | null; entry?: string; attributes?: string[] }

/**
 * What is known: of each variable the answers left, as bits (0: unknown, one bit: known), the number or commune
 * itself, and the groups of steps by which other answers were ruled out.
 */
interface Situation { left: Int32Array; free: (number | string)[]; trail: Map<number, number[]> }
/** Local time; no minute (-1): some hour of the day. */
interface Moment { text: string; day: string; minute: number }
/** `at`: when it opens next. */
interface Opening { is_open: boolean | null; at: string | null; today: boolean; order: number; closure: Closure | null }
interface Candidate {
  partner: Partner; isAccepting: boolean; depends: boolean; opening: Opening; lateness: number; far: number; size: number;
}
/** Why to ask: what lacks answers (a node; below 0, the complement of an attribute), the kinds that these decide, how soon; below `now`, they may call a rescue. */
interface Reason { node: number; decides: number[]; soon: number }
interface Best {
  urgency: number; strength: number; people: number; scope: number;
  reasons: { rule: Rule; urgency: number; ground: number }[];
}
interface Outcome {
  fired: number[]; open: number[]; best: (Best | undefined)[]; excluded: Uint8Array; threatened: Uint8Array;
}
