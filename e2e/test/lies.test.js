// One field of one answer is a lie, everywhere in turn: nothing on the screen is other than the truth under a green mark, but for what says
// that it is the computer's own word; and no key leaves.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openBrowser } from '../support/browser.js';
import { Reader } from '../support/liar.js';
import { chance, liesAbout, sample, tell } from '../support/mutations.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';
import { everyPlace } from '../support/places.js';

const GAME = 'MD1-Portugal-Spain';
const PLAYED = 'MD1-France-Germany';
const LIVE = 'MD1-Ghana-Peru';
/** So many lies are told, spread over all that could be: `LIES=1000` tells more, `LIES=all` all. */
const LIES = process.env.LIES === 'all' ? Infinity : Number(process.env.LIES ?? 40);
/** By which they are chosen. */
const SEED = Number(process.env.LIES_SEED ?? 1);
/** So many readers are lied to at once. */
const READERS = Number(process.env.LIES_READERS ?? 5);

const readers = [];
let browser, pool, ana, clara, bruno, state, from, home;

const answered = (code, closes, ...more) =>
  ana.bolao('question', 'add', code, '--text', `${code}?`, '--points', '10', '--closes', closes.toISOString(), ...more, '--yes', '--wait');

before(async () => {
  browser = await openBrowser();
  const probe = await makePool([['Portugal', 'Spain']]);
  const rules = join(probe.dir, 'rules.toml');
  // So that a question can be asked and closed in a test.
  await writeFile(rules, 'reopen_notice = "2s"\n');
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan'], ['Ghana', 'Peru']],
    '--chips', '1000', '--rules', rules, '--tips', 'sealed', '--results', '1', '--schedules', '1');
  await probe.remove();
  ana = pool.ana;
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
  // A friend's computer, of which Ana's says this and that.
  clara = pool.computer('clara');
  await clara.bolao('join', ana.url, '--name', 'Clara');
  await clara.run();
  await until('Clara', () => ana.read('/players/Clara'));
  await answered('goals', new Date(Date.now() + 3_600_000), '--number', '0-20', '--near', '5,3');
  const closes = new Date(Math.ceil(Date.now() / 1000 + 25) * 1000);
  await answered('champion', closes, '--teams');
  await ana.bolao('answer', 'champion', 'Portugal', 'goals', '7', '--wait');
  home = await Reader.come(browser, ana, { state: { origins: [] }, from: '' });
  bruno = home.friend;
  await bruno.join(`${home.liar.url}/join`, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  await bruno.write('Brazil', 3, 'Japan', 0);
  await bruno.press('Send 1 tip');
  await bruno.page.getByText('1 tip confirmed').first().waitFor();
  await ana.bolao('organisers', 'add', 'Bruno', '--yes', '--wait');
  await ana.bolao('bet', GAME, '1-1', '--stake', '50', '--wait');
  await clara.bolao('bet', GAME, '0-2', '--wait');
  await kickOff(ana, PLAYED, 3);
  await sleepUntil(await kickOff(ana, GAME, 3));
  await until('the tips that are revealed', async () => (await ana.read(`/matches/${GAME}/tips`)).items.every(({ score }) => score != null));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
  await clara.bolao('object', GAME, 'it was 2-2', '--yes', '--wait');
  await until('the other result', () => ana.bolao('result', PLAYED, '0-0', '--yes', '--wait'));
  await sleepUntil(closes);
  await until('the right answer', () => ana.bolao('question', 'settle', 'champion', 'Portugal', '--yes', '--wait'));
  from = home.liar.url;
  state = await bruno.context.storageState();
});

after(async () => {
  for (const reader of [home, ...readers]) await reader?.leave();
  await browser?.close();
  await clara?.end();
  await ana?.end();
  await pool?.remove();
});

/** Where an answer stands: whatever names and numbers its address has. */
const routeOf = (url) => url.replace(/\?.*$/, '').replace(/\/(matches|players|questions|rounds|accounts|blocks|transactions)\/[^/]+/, '/$1/*');

/** Every lie that can be told, at every place. */
async function everyLie(t) {
  const lies = [];
  const answers = new Map();
  const places = await everyPlace((next) => Promise.all(next.map(async (place, at) => {
    const found = await readers[at].open(place);
    answers.set(place, found);
    return readers[at].links();
  })), READERS);
  for (const place of places)
    for (const [url, body] of answers.get(place))
      for (const lie of liesAbout(body)) lies.push({ place, url, ...lie, route: `${routeOf(url)} ${lie.route}` });
  const routes = new Set(lies.map(({ url }) => routeOf(url)));
  t.diagnostic(`${places.length} places ask ${routes.size} routes: ${lies.length} lies about ${new Set(lies.map(({ route }) => route)).size} fields`);
  for (const route of ['/status', '/attendance', '/openings', '/log', '/transactions', '/standings'])
    assert.ok([...routes].some((it) => it.includes(route)), `no place asks for ${route}`);
  return lies;
}

/** What stands in the place of an answer of another shape: nothing of it is shown. */
const REFUSED = /(Can’t reach|can’t read the answer of) the pool’s computer/;

/** What the page says of a lie that it found, perhaps a moment after its mark was read. */
const FOUND = /The pool’s computer shows a wrong number/;

test('lies change nothing under a green mark', { timeout: 3_600_000 }, async (t) => {
  for (let count = 0; count < READERS; count += 1) readers.push(await Reader.come(browser, ana, { state, from }));
  const random = chance(SEED);
  const chosen = sample(await everyLie(t), ({ route }) => route, LIES, random);
  const byPlace = new Map();
  for (const lie of chosen) byPlace.set(lie.place, [...(byPlace.get(lie.place) ?? []), lie]);
  const queue = [...byPlace].sort(([, one], [, other]) => other.length - one.length);
  const counts = { told: 0, found: 0 };
  const shown = [];
  const read = async (reader) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [place, lies] = next;
      await reader.open(place);
      let honest = await reader.shown();
      for (const lie of lies) {
        let lied = await reader.lie(lie);
        if (lied !== undefined) counts.told += 1;
        else t.diagnostic(`not told: ${lie.place} ${lie.url} ${lie.way.join('/')} ${lie.kind}`);
        const isFound = () => lied?.green === false || FOUND.test(lied?.shown);
        const isShown = () => lied !== undefined && !isFound() && lied.shown !== honest && !REFUSED.test(lied.shown);
        if (isShown()) lied = await reader.seenLater();
        if (isFound()) counts.found += 1;
        const differs = isShown();
        await reader.calm(place);
        honest = await reader.shown();
        // The clock may have changed it meanwhile.
        if (differs && lied.shown !== honest) shown.push(`${place}: ${lie.url} ${lie.kind} ${lie.way.join('/')}\n  ${lied.shown}\n  ${honest}`);
      }
    }
  };
  await Promise.all(readers.map(read));
  t.diagnostic(`${counts.told} of ${chosen.length} lies were told, ${counts.found} found`);
  assert.deepEqual(shown, []);
  assert.ok(counts.told > chosen.length / 2, `only ${counts.told} lies were told`);
});

test('another link in the computer’s status takes nobody’s key, and names nobody’s invitation', { timeout: 120_000 }, async () => {
  home.liar.honest();
  for (const url of ['https://evil.example', 'http://127.0.0.1:1', 'http://evil.localhost:1']) {
    home.liar.lie('/api/v1/status', (status) => { Object.assign(status.link, { url, reach: 'everywhere' }); });
    for (const place of ['/', '/table', '/me']) {
      await bruno.goto(home.liar.url + place);
      await bruno.page.locator('button[data-look="good"]').first().waitFor();
      assert.equal(await bruno.page.getByText('link that works anywhere').count(), 0, `${place} believes ${url}`);
      assert.ok(!(await bruno.page.locator('body').innerText()).includes(new URL(url).host));
    }
  }
});

/** Has a reader open a place anew, and says what stands there and how the mark looks, for which it waits so long. */
async function open(reader, place, timeout = 4_000) {
  await reader.page.goto('about:blank');
  await reader.page.goto(reader.liar.url + place);
  await reader.page.getByText(/^(Checked, but live scores|A number is wrong)$/).first().waitFor({ timeout }).catch(() => undefined);
  // What has just come is compared within a moment.
  await reader.page.waitForTimeout(700);
  return { looks: await reader.look(), text: await reader.shown() };
}

test('a live score that an organiser signed is compared, field by field, and never green', { timeout: 300_000 }, async () => {
  await sleepUntil(await kickOff(ana, LIVE, 3));
  await until('the score', () => ana.bolao('live', LIVE, '2-0', '--minute', '30'));
  const lies = liesAbout(await ana.read('/live'));
  await Promise.all([home, ...readers].map(async (reader) => {
    reader.liar.honest();
    const honest = await open(reader, '/live', 30_000);
    assert.match(honest.text, /Ghana.* 2 : 0.* Peru/);
    assert.equal(honest.looks, 'plain', 'the computer could hold a newer one back');
    for (let lie = lies.shift(); lie !== undefined; lie = lies.shift()) {
      reader.liar.lie('/api/v1/live', (answer) => tell(answer, lie));
      const lied = await open(reader, '/live');
      if (lie.kind === 'other' && lied.looks !== 'wrong' && lied.text !== honest.text) {
        const { shown: text } = await reader.seenLater();
        Object.assign(lied, { looks: await reader.look(), text });
      }
      if (lie.kind === 'other') assert.ok(lied.looks === 'wrong' || lied.text === honest.text, `${lie.route}: ${lied.text}`);
      assert.notEqual(lied.looks, 'good');
    }
  }));
});
