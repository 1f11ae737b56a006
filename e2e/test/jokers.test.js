// A joker on a match: one tap puts it there and another moves it, a lie about it is not signed, and it doubles the points.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Between } from '../support/between.js';
import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const SMALL = { width: 320, height: 640 };

let browser, pool, ana, liar, clara;

before(async () => {
  browser = await openBrowser();
  pool = await makePool(
    [['Portugal', 'Spain'], ['France', 'Germany'], ['Italy', 'England']],
    '--with', 'jokers', '--tips', 'open',
  );
  ana = pool.ana;
  await ana.run();
  liar = await Between.stand(ana);
  clara = await Friend.come(browser, { size: SMALL });
  await clara.join(`${liar.url}/join`, 'Clara');
});

after(async () => {
  await clara?.leave();
  await browser?.close();
  await liar?.end();
  await ana?.end();
  await pool?.remove();
});

beforeEach(() => liar.honest());

const jokers = async () => (await ana.read('/players/Clara/features')).jokers.on.map(({ code }) => code);
const matches = async () => (await ana.read('/matches')).items;

test('a lie about a match lets no joker be signed', { timeout: 120_000 }, async () => {
  liar.lie('/api/v1/matches', ({ items }) => {
    const [one, two] = items;
    [one.home, two.home] = [two.home, one.home];
    [one.away, two.away] = [two.away, one.away];
  });
  await clara.goto(`${liar.url}/`);
  await clara.button(/joker on/).first().click();
  await clara.page.getByRole('alert').first().waitFor();
  assert.deepEqual(await jokers(), []);
});

test('a tap puts it on a match, another one moves it', { timeout: 120_000 }, async () => {
  const [first, second] = await matches();
  await clara.goto(`${liar.url}/`);
  const put = ({ home, away }) => clara.button(new RegExp(`joker on ${home.name} – ${away.name}(, moved from .*)?$`)).first();
  await put(second).click();
  await until('the joker', async () => (await jokers()).join() === second.code);
  await clara.isClean('a match with a joker');
  await put(first).click();
  await until('the other place', async () => (await jokers()).join() === first.code);
  await clara.page.getByRole('button', { name: `×2 joker on ${first.home.name} – ${first.away.name}`, pressed: true }).first().waitFor();
});

test('it doubles the points, and the page says so', { timeout: 180_000 }, async () => {
  const [first] = await matches();
  await clara.goto(`${liar.url}/`);
  await clara.write(first.home.name, 1, first.away.name, 1);
  await clara.press('Send 1 tip');
  const tips = async () => (await ana.read(`/matches/${first.code}/tips`)).items;
  await until('the tip', async () => (await tips()).length === 1);
  await sleepUntil(await kickOff(ana, first.code, 5));
  await until('the kick-off', async () => (await matches())[0].status !== 'scheduled');
  await ana.bolao('result', first.code, '1-1', '--yes', '--wait');
  const [tip] = await tips();
  assert.equal(tip.points, 8);
  await clara.goto(`${liar.url}/match/${first.code}`);
  await clara.sees('×2');
  await clara.isClean('a match that counted double');
});
