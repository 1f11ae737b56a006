// Every place of the page, found in its own source and by its links: what is added there is lied to as well.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const source = (path) => readFile(new URL(`../../web/src/${path}`, import.meta.url), 'utf8');

function found(text, pattern, what) {
  const all = [...text.matchAll(pattern)].map(([, it]) => it);
  assert.ok(all.length > 0, `${what} cannot be read: mend this`);
  return all;
}

/** The patterns of places, such as `/match/:code`; and those that show nothing but themselves, without the mark. */
export async function patterns() {
  const all = found(await source('shell/routes.ts'), /^ {2}"(\/[^"]*)": \(\) =>/gm, 'the places');
  const [alone] = found(await source('shell/Shell.tsx'), /const ALONE = \[([^\]]*)\]/g, 'the places that stand alone');
  const bare = found(alone, /"([^"]+)"/g, 'the places that stand alone');
  return { all, bare: [...bare, '/match/:code/show'] };
}

/** The tabs of the organisers' place, which are no links. */
async function desks() {
  const [tabs] = found(await source('identity/assent/kinds.ts'), /export const TABS = \[([^\]]*)\]/g, 'the tabs');
  return found(tabs, /"([^"]+)"/g, 'the tabs').map((tab) => `/organise?desk=${tab}`);
}

const matches = (pattern, path) => new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path);

/** So many places of one kind are looked at. */
const MOST_ALIKE = 3;

/**
 * The addresses of all places. `linksOf`: opens so many at once as it is given, and gives for each the addresses of this page that it
 * leads to. A kind of place to which nothing leads fails.
 */
export async function everyPlace(linksOf, atOnce) {
  const { all, bare } = await patterns();
  const wanted = all.filter((pattern) => !bare.includes(pattern));
  const kindOf = (href) => {
    const url = new URL(href, 'http://page');
    const pattern = wanted.find((it) => matches(it, url.pathname));
    return pattern && `${pattern}?${[...url.searchParams.keys()].sort()}`;
  };
  const queue = [...wanted.filter((pattern) => !pattern.includes(':')), ...await desks()];
  const alike = new Map();
  const places = [];
  const isNew = (place) => {
    const kind = kindOf(place);
    const others = alike.get(kind) ?? [];
    const full = kind?.startsWith('/organise') ? Infinity : MOST_ALIKE;
    if (kind === undefined || places.includes(place) || others.length >= full) return false;
    alike.set(kind, [...others, place]);
    places.push(place);
    return true;
  };
  while (queue.length > 0) {
    const next = [];
    while (next.length < atOnce && queue.length > 0) {
      const place = queue.shift();
      if (isNew(place)) next.push(place);
    }
    queue.push(...(await linksOf(next)).flat());
  }
  for (const pattern of wanted)
    assert.ok(places.some((place) => matches(pattern, new URL(place, 'http://page').pathname)), `nothing leads to ${pattern}`);
  return places;
}
