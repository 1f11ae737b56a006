// 10,000 players and 104 matches: the table and the grid open at once and scroll.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Between } from '../support/between.js';
import { Friend, openBrowser } from '../support/browser.js';
import { makePool, until } from '../support/node.js';

const PLAYERS = 10_000;
const MATCHES = 104;
const STAGE = 'Matchday 1';
const GRID = `/rounds/${encodeURIComponent(STAGE)}/matrix`;
/** Generous: other tests run beside this one. */
const OPENS_MS = 10_000;
const HANGS_MS = 3_000;
/** Far fewer than there are: only what is in sight is drawn. */
const ROWS_DRAWN = 80;
const CELLS_DRAWN = 2_000;

let browser, pool, ana, crowd, phone;

/** As the node writes how many rows came before. */
function cursor(rows) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(rows));
  return bytes.toString('hex');
}

/** What a node with so many players answers: shapes of this pool's own answers, made many. */
async function answers() {
  const { items: [line], ...basis } = await ana.read('/standings');
  const { items: [row], ...head } = await ana.read(GRID);
  const player = (number) => ({ account: `${line.player.account.slice(0, -5)}${String(number).padStart(5, '0')}`, name: `Player ${number}` });
  const cell = (number, no) => (number + no) % 9 === 0
    ? null
    : { score: { home: number % 4, away: no % 3 }, sealed: false, stake: 0, points: no % 5, tier: no % 5 === 4 ? 'exact' : 'tendency', provisional: false };
  const places = Array.from({ length: PLAYERS }, (_, index) => ({ place: index + 1, points: PLAYERS - index, player: player(index) }));
  const lines = places.map((place) => ({ ...line, ...place }));
  const rows = (from, count) => places.slice(from, from + count).map((place, index) => ({
    ...row, ...place, cells: head.matches.map(({ no }) => cell(from + index, no)),
  }));
  return {
    '/pool': (body) => ({ ...body, totals: { ...body.totals, players: PLAYERS } }),
    '/standings': (body, query) => ({
      ...basis, scored: 1, players: PLAYERS, items: lines.slice(0, Number(query.get('limit'))), next_cursor: cursor(1),
    }),
    '/standings.json': () => lines,
    // Before the first result there is no table.
    '/rounds': ({ items, ...rest }) => ({ ...rest, items: items.map((round) => ({ ...round, scored: 1 })) }),
    [GRID]: (body, query) => {
      const from = query.has('cursor') ? Number(Buffer.from(query.get('cursor'), 'hex').readBigUInt64LE()) : 0;
      const next = from + Number(query.get('limit'));
      const items = rows(from, next - from);
      return { ...head, players: PLAYERS, items, next_cursor: next < PLAYERS ? cursor(next) : null };
    },
  };
}

before(async () => {
  browser = await openBrowser();
  const names = ['Portugal', 'Spain', 'France', 'Germany', 'Brazil', 'Japan', 'England', 'Italy', 'Netherlands', 'Ghana', 'Belgium'];
  const pairs = names.flatMap((home) => names.filter((away) => away !== home).map((away) => [home, away]));
  pool = await makePool(pairs.slice(0, MATCHES));
  ana = pool.ana;
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
  crowd = await Between.stand(ana);
  for (const [path, many] of Object.entries(await answers())) {
    crowd.change(`/api/v1${path}`, (answer, { url }) =>
      JSON.stringify(many(JSON.parse(answer), new URL(url, crowd.url).searchParams)));
  }
  // Such a table is not this pool's, which is not what this test is about.
  phone = await Friend.come(browser, { script: () => localStorage.setItem('bolao.check', 'asked') });
  await phone.goto(crowd.url);
  // Before it is drawn, the page does not hear that its address changed.
  await phone.page.getByRole('link', { name: 'Table' }).first().waitFor();
});

after(async () => {
  await phone?.leave();
  await browser?.close();
  await crowd?.end();
  await ana?.end();
  await pool?.remove();
});

/** Opens a place within the page; milliseconds until a row is drawn. */
const open = (href, row) => phone.page.evaluate(async ([to, drawn]) => {
  const begun = performance.now();
  history.pushState({}, '', to);
  globalThis.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  while (!document.querySelector(drawn)) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}, [href, row]);

/** Scrolls frame by frame, as a thumb does; the longest frame, and how many there were. */
const scroll = (box, x, y) => phone.page.evaluate(async ([selector, right, down]) => {
  const element = selector ? document.querySelector(selector) : document.scrollingElement;
  const frames = [];
  for (let step = 0; step < 15; step += 1) {
    const begun = performance.now();
    element.scrollBy(right, down);
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => { setTimeout(resolve); });
    frames.push(performance.now() - begun);
  }
  frames.sort((a, b) => a - b);
  return { median: Math.round(frames[7]), worst: Math.round(frames.at(-1)), at: Math.round(element.scrollTop) };
}, [box, x, y]);

const drawn = (selector) => phone.page.locator(selector).count();

test('the table of 10,000', { timeout: 60_000 }, async (t) => {
  const ms = await open('/table', '[role=table] [role=cell]');
  t.diagnostic(`opens in ${Math.round(ms)} ms`);
  assert.ok(ms < OPENS_MS, `${ms} ms`);
  const frames = await scroll(undefined, 0, 700);
  t.diagnostic(JSON.stringify(frames));
  assert.ok(frames.at > 5_000 && frames.worst < HANGS_MS, JSON.stringify(frames));
  assert.ok(await drawn('[role=table] [role=row]') < ROWS_DRAWN);
});

test('the grid of 10,000 players and 104 matches', { timeout: 60_000 }, async (t) => {
  const ms = await open(`/table?grid=${encodeURIComponent(STAGE)}`, '[role=table][aria-colcount] [role=cell]');
  t.diagnostic(`opens in ${Math.round(ms)} ms`);
  assert.ok(ms < OPENS_MS, `${ms} ms`);
  for (const [right, down] of [[0, 300], [100, 0], [-90, 250]]) {
    const frames = await scroll('[role=table][aria-colcount]', right, down);
    t.diagnostic(`${right}, ${down}: ${JSON.stringify(frames)}`);
    assert.ok(frames.worst < HANGS_MS, JSON.stringify(frames));
  }
  assert.ok(await drawn('[role=table] [role=cell]') < CELLS_DRAWN);
});
