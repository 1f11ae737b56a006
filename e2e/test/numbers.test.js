// Whatever number a place shows as checked was compared: each that a lying computer can bring onto the screen ends the green.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Between } from '../support/between.js';
import { DESK, Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
const LAST = 'MD1-France-Germany';
/** Places that have a mark, and what is pressed there to see all. */
const PLACES = {
  '/table': [], '/table?grid=Matchday%201': [], '/live': [], [`/match/${GAME}`]: [], '/player/Bruno': ['Points over time', 'Chips over time', 'As a table'],
  '/player/Ana': ['As a table', 'All tips of Ana'],
};
/** What the mark says that it does not compare: computers and how they are. */
const NOT_COMPARED = new Set(['/api/v1/status', '/api/v1/peers', '/api/v1/blocks']);

let browser, pool, ana, liar, bruno;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--chips', '1000');
  ana = pool.ana;
  await ana.run();
  liar = await Between.stand(ana);
  bruno = await Friend.come(browser, { size: DESK });
  await bruno.join(`${liar.url}/join`, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  await ana.bolao('bet', GAME, '1-1', '--stake', '50', '--wait');
  // A round that is over has a winner while there is another one.
  const later = new Date(Date.now() + 48 * 3_600_000).toISOString();
  await ana.bolao('schedule', 'FINAL', '--team1', 'Brazil', '--team2', 'Japan', '--stage', 'Final', '--kickoff', later, '--yes', '--wait');
  await kickOff(ana, LAST, 3);
  await sleepUntil(await kickOff(ana, GAME, 3));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
  await until('the last result', () => ana.bolao('result', LAST, '1-1', '--yes', '--wait'));
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await liar?.end();
  await ana?.end();
  await pool?.remove();
});

/** Numbers of an answer, as paths of fields; a place in a list is `*`. */
function fields(body, path = '') {
  if (typeof body === 'number') return [path];
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => fields(value, `${path}/${Array.isArray(body) ? '*' : name}`));
}

/** Changes every number under a path. */
function changed(body, [name, ...rest], number) {
  if (name === undefined) return number;
  if (typeof body !== 'object' || body === null) return body;
  const names = name === '*' ? Object.keys(body) : [name];
  for (const key of names) if (key in body) body[key] = changed(body[key], rest, number);
  return body;
}

const lieAt = (path, field, number) => liar.lie(path, (body) => changed(body, field.split('/').slice(1), number));

async function open(place) {
  await bruno.goto('about:blank');
  await bruno.goto(liar.url + place);
  for (const name of PLACES[place]) await bruno.page.getByText(name, { exact: true }).click();
}

/** An answer is compared as it comes, which takes a moment, and some seconds where the machine is busy. */
const COMPARED_MS = 20_000;

const shown = () => bruno.page.locator('main').innerText();

for (const place of Object.keys(PLACES)) {
  test(`every number at ${place} is compared`, { timeout: 180_000 }, async (t) => {
    liar.honest();
    const answers = new Map();
    const keep = async (answer) => {
      const { pathname } = new URL(answer.url());
      if (!pathname.startsWith('/api/v1/') || NOT_COMPARED.has(pathname) || pathname.startsWith('/api/v1/pool/genesis')) return;
      if (answer.headers()['content-type']?.includes('json')) answers.set(pathname, await answer.json().catch(() => ({})));
    };
    bruno.page.on('response', keep);
    await open(place);
    await bruno.page.locator('button[data-look="good"]').waitFor();
    await bruno.page.waitForTimeout(500);
    bruno.page.off('response', keep);
    // Which of them come onto the screen: each is another number that nothing else is.
    const marked = new Map();
    for (const [path, body] of answers) {
      for (const field of new Set(fields(body))) marked.set(7_001 + 2 * marked.size, { path, field });
    }
    for (const [path] of answers) {
      const mine = [...marked].filter(([, of]) => of.path === path);
      liar.lie(path, (body) => { for (const [number, { field }] of mine) changed(body, field.split('/').slice(1), number); });
    }
    await open(place);
    await bruno.page.locator('button[data-look="wrong"]').waitFor();
    const text = (await shown()).replaceAll(/[,.\s]/g, '');
    const seen = [...marked].filter(([number]) => text.includes(String(number)));
    t.diagnostic(`${marked.size} numbers, on the screen: ${seen.map(([, { path, field }]) => path + field).join(', ')}`);
    for (const [number, { path, field }] of seen) {
      liar.honest();
      lieAt(path, field, number);
      await open(place);
      await bruno.page.locator('button[data-look="good"], button[data-look="wrong"]').first().waitFor();
      const honest = await bruno.page.waitForFunction((lie) => !document.querySelector('button[data-look="good"]')
        || !document.querySelector('main').innerText.replaceAll(/[,.\s]/g, '').includes(lie), String(number), { timeout: COMPARED_MS })
        .catch(() => undefined);
      assert.ok(honest, `${path}${field} is shown as ${number} under a green mark at ${place}`);
    }
  });
}
