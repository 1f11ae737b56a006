// One-field lies about an answer: another number, name or time, a row that is dropped, doubled, swapped, or a list that is emptied.

/** Every place in an answer, as a way through it: fields, lists, and the rows of lists. */
export function ways(body, way = []) {
  if (typeof body !== 'object' || body === null) return [way];
  const inside = Object.entries(body).flatMap(([name, value]) => ways(value, [...way, name]));
  return Array.isArray(body) ? [way, ...inside] : inside;
}

const at = (body, way) => way.reduce((part, name) => part?.[name], body);

/** Another value of the kind, one that stands in the same field elsewhere where there is one. */
function another(value, others) {
  const other = others.find((it) => it !== value && it !== null && typeof it !== 'object');
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(Date.parse(value) + 86_400_000).toISOString();
  return other ?? (typeof value === 'string' ? 'Mallory' : 7);
}

const ROWS = {
  dropped: (rows) => rows.splice(rows.length >> 1, 1),
  doubled: (rows) => rows.push(structuredClone(rows[0])),
  swapped: (rows) => rows.push(...rows.splice(0, rows.length - 1)),
  emptied: (rows) => rows.splice(0),
};

/** The kinds of lies that can be told at a place of an answer. */
function kindsAt(value) {
  if (!Array.isArray(value)) return ['other'];
  if (value.length === 0) return [];
  return value.length === 1 ? ['dropped', 'doubled'] : Object.keys(ROWS);
}

/** Every lie about an answer. `route`: what it is about, whatever the names and numbers in it are. */
export function liesAbout(body) {
  return ways(body).flatMap((way) => kindsAt(at(body, way)).map((kind) => ({
    way, kind, route: `${way.filter((name) => !/^\d+$/.test(name)).join('.')} ${kind}`,
  })));
}

/** Tells a lie in an answer as it is now; says whether it could be told. */
export function tell(body, { way, kind }) {
  const value = at(body, way);
  if (value === undefined) return false;
  if (kind !== 'other') {
    if (!Array.isArray(value) || !kindsAt(value).includes(kind)) return false;
    ROWS[kind](value);
    return true;
  }
  const last = way.at(-1);
  if (last === undefined) return false;
  const others = ways(body).filter((it) => it.at(-1) === last).map((it) => at(body, it));
  at(body, way.slice(0, -1))[last] = another(value, others);
  return true;
}

/** Numbers by chance that are the same in every run with the same seed. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of them, by chance, of each group in turn. */
export function sample(all, groupOf, most, random) {
  const groups = new Map();
  for (const one of all.map((it) => [random(), it]).sort(([a], [b]) => a - b).map(([, it]) => it))
    groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
  const chosen = [];
  for (let round = 0; chosen.length < Math.min(most, all.length); round += 1)
    for (const group of groups.values()) if (group[round] !== undefined && chosen.length < most) chosen.push(group[round]);
  return chosen;
}
