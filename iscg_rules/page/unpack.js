// What `packing.py` tells by column, as rows again: the same JSON.

const FIRST = "0".charCodeAt(0);

/** Whether a row has this cell: an empty object says that it does not. @param {any} cell */
const isThere = (cell) => typeof cell !== "object" || cell === null || Array.isArray(cell) || Object.keys(cell).length > 0;

/** The cells of a column. @param {any} column @returns {any[]} */
function cellsOf(column) {
  if (Array.isArray(column)) return column.map(unpack);
  const { of, at, joined, lengths } = column;
  if (of) {
    const words = of.map(unpack);
    return [...at].map((sign) => words[sign.charCodeAt(0) - FIRST]);
  }
  const parts = unpack(joined);
  let end = 0;
  return [...lengths].map((sign) => {
    const begin = end;
    end += sign.charCodeAt(0) - FIRST;
    return end > begin ? parts.slice(begin, end) : {};
  });
}

/** @param {any} packed @returns {any} */
export function unpack(packed) {
  if (typeof packed !== "object" || packed === null) return packed;
  if (Array.isArray(packed)) return packed.map(unpack);
  const { rows, lists, weekly, ...columns } = packed;
  if (weekly) return Array.from({ length: packed.length }, (_, day) => packed[day] ?? weekly[day % weekly.length]).join("");
  const count = rows ?? lists;
  const pairs = Object.entries(columns);
  if (!count) return Object.fromEntries(pairs.map(([name, one]) => [name, unpack(one)]));
  const cells = pairs.map(([name, column]) => ({ name, column: cellsOf(column) }));
  return Array.from({ length: count }, (_, row) => {
    const own = cells.filter(({ column }) => isThere(column[row]));
    return rows ? Object.fromEntries(own.map(({ name, column }) => [name, column[row]])) : own.map(({ column }) => column[row]);
  });
}
