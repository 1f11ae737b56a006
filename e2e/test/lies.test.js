// One field of one answer is a lie, everywhere in turn: nothing on the screen is other than the truth under a green mark, and no key leaves.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Between } from '../support/between.js';
import { DESK, Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
const PLAYED = 'MD1-France-Germany';
const PLACES = [
  '/', '/table', '/table?grid=Matchday%201', '/live', `/match/${GAME}`, `/match/${PLAYED}`, '/player/Bruno', '/player/Ana',
];
/** What the computer says of itself and of other computers, and what nothing can be compared with: lists from the web. */
const OWN_WORD = /^\/api\/v1\/(status|attendance|peers|blocks|late-blocks|notices|sources|pool\/genesis)/;
/** So many lies are told, spread over all that could be; `LIES=500` tells more. */
const LIES = Number(process.env.LIES ?? 40);

let browser, pool, ana, liar, bruno;

before(async () => {
  browser = await openBrowser();
  const probe = await makePool([['Portugal', 'Spain']]);
  const rules = join(probe.dir, 'rules.toml');
  // So that a question can be asked and closed in a test.
  await writeFile(rules, 'reopen_notice = "2s"\n');
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan']], '--chips', '1000', '--rules', rules);
  await probe.remove();
  ana = pool.ana;
  await ana.run();
  const ask = (code, closes, ...more) =>
    ana.bolao('question', 'add', code, '--text', `${code}?`, '--points', '10', '--closes', closes.toISOString(), ...more, '--yes', '--wait');
  await ask('goals', new Date(Date.now() + 3_600_000), '--number', '0-20', '--near', '5,3');
  const closes = new Date(Math.ceil(Date.now() / 1000 + 12) * 1000);
  await ask('champion', closes, '--teams');
  await ana.bolao('answer', 'champion', 'Portugal', 'goals', '7', '--wait');
  liar = await Between.stand(ana);
  bruno = await Friend.come(browser, { size: DESK });
  await bruno.join(`${liar.url}/join`, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  await ana.bolao('bet', GAME, '1-1', '--stake', '50', '--wait');
  await kickOff(ana, PLAYED, 3);
  await sleepUntil(await kickOff(ana, GAME, 3));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
  await ana.bolao('live', PLAYED, '1-0', '--minute', '20');
  await sleepUntil(closes);
  await until('the right answer', () => ana.bolao('question', 'settle', 'champion', 'Portugal', '--yes', '--wait'));
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await liar?.end();
  await ana?.end();
  await pool?.remove();
});

/** Every place in an answer, as a way through it. */
function ways(body, way = []) {
  if (typeof body !== 'object' || body === null) return [way];
  return Object.entries(body).flatMap(([name, value]) => ways(value, [...way, name]));
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

async function open(place) {
  await bruno.goto('about:blank');
  await bruno.goto(liar.url + place);
  await bruno.page.locator('button[data-look="good"], button[data-look="wrong"]').first().waitFor({ timeout: 4_000 }).catch(() => undefined);
  // What has just come is compared within a moment.
  await bruno.page.waitForTimeout(700);
  return bruno.page.evaluate(() => ({
    green: document.querySelector('button[data-look="good"]') !== null,
    text: (document.querySelector('main')?.innerText ?? '').replaceAll(/\d+\s(s|sec|min|seconds?|minutes?)\b/g, '').replaceAll(/\s+/g, ' '),
  }));
}

test(`${LIES} lies change nothing under a green mark`, { timeout: 1_800_000 }, async (t) => {
  const found = [];
  for (const place of PLACES) {
    liar.honest();
    const answers = new Map();
    const keep = async (answer) => {
      const { pathname, search } = new URL(answer.url());
      if (!pathname.startsWith('/api/v1/') || OWN_WORD.test(pathname)) return;
      if (answer.headers()['content-type']?.includes('json')) answers.set(pathname + search, await answer.json().catch(() => undefined));
    };
    bruno.page.on('response', keep);
    const honest = await open(place);
    bruno.page.off('response', keep);
    assert.ok(honest.green, `${place} is ${await bruno.page.locator('body').innerText()}`);
    for (const [url, body] of answers) for (const way of ways(body)) found.push({ place, url, way, body });
  }
  const told = found.filter((_, index) => Math.floor((index * LIES) / found.length) !== Math.floor(((index - 1) * LIES) / found.length));
  t.diagnostic(`${told.length} of ${found.length} fields`);
  const shown = [];
  for (const { place, url, way, body } of told) {
    const others = ways(body).filter((it) => it.at(-1) === way.at(-1)).map((it) => at(body, it));
    const [path] = url.split('?');
    const lie = (answer, asked) => {
      if (asked === url) at(answer, way.slice(0, -1))[way.at(-1)] = another(at(answer, way), others);
    };
    liar.honest();
    liar.lie(path, (answer, asked) => { try { lie(answer, asked); } catch { /* It is another answer by now. */ } });
    const lied = await open(place);
    // An answer of another shape is refused, and nothing of it is shown but that.
    if (!lied.green || /(^ ?Can’t reach|can’t read the answer of) the pool’s computer/.test(lied.text)) continue;
    liar.honest();
    const honest = await open(place);
    if (lied.text !== honest.text) shown.push(`${place}: ${url} ${way.join('/')}\n  ${lied.text}\n  ${honest.text}`);
  }
  assert.deepEqual(shown, []);
});

test('a live score that an organiser signed is compared, field by field', { timeout: 300_000 }, async () => {
  liar.honest();
  await ana.bolao('live', PLAYED, '2-0', '--minute', '30');
  const body = await ana.read('/live');
  const honest = await open('/live');
  assert.match(honest.text, /France 2 : 0 Germany/);
  for (const way of ways(body)) {
    liar.lie('/api/v1/live', (answer) => { at(answer, way.slice(0, -1))[way.at(-1)] = another(at(answer, way), []); });
    const lied = await open('/live');
    assert.ok(!lied.green || lied.text === honest.text, `${way.join('/')}: ${lied.text}`);
  }
  // Without a signature it is nobody's word, and not green.
  liar.lie('/api/v1/live', ({ items: [live] }) => { delete live.word; });
  assert.ok(!(await open('/live')).green);
});

test('another link in the computer’s status takes nobody’s key, and names nobody’s invitation', { timeout: 120_000 }, async () => {
  liar.honest();
  for (const url of ['https://evil.example', 'http://127.0.0.1:1', 'http://evil.localhost:1']) {
    liar.lie('/api/v1/status', (status) => { Object.assign(status.link, { url, reach: 'everywhere' }); });
    for (const place of ['/', '/table', '/me']) {
      await bruno.goto(liar.url + place);
      await bruno.page.locator('button[data-look="good"]').first().waitFor();
      assert.equal(await bruno.page.getByText('link that works anywhere').count(), 0, `${place} believes ${url}`);
      assert.ok(!(await bruno.page.locator('body').innerText()).includes(new URL(url).host));
    }
  }
});
