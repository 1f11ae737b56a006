// A player goes to another phone by a code that works once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { makePool, until } from '../support/node.js';

let browser, pool, ana, bruno, phone;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  // From then on it answers to this name.
  await ana.bolao('invite', '--url', onLan(ana.url));
});
after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

/** Notes every 16 bytes that the page draws: what the code holds is nowhere else than in its picture. */
const drawn = () => {
  globalThis.drawn = [];
  const draw = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (bytes) => {
    const filled = draw(bytes);
    if (bytes.length === 16) globalThis.drawn.push([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    return filled;
  };
};

/** Shows a code on the phone that plays already, and gives the link in it. */
async function shown() {
  await bruno.goto(onLan(`${ana.url}/me`));
  await bruno.press('Move to another phone');
  await bruno.page.getByRole('img', { name: 'QR code for the other phone' }).waitFor();
  const [id, secret] = await bruno.page.evaluate(() => globalThis.drawn.slice(-2));
  return onLan(`${ana.url}/move#${id}.${secret}`);
}

test('a tip that one phone sent is read and changed on another, without a word typed', { timeout: 120_000 }, async () => {
  bruno = await Friend.come(browser, { script: drawn });
  await bruno.join(onLan(`${ana.url}/join`), 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  const link = await shown();
  await bruno.isClean('a code for another phone');

  phone = await Friend.come(browser);
  await phone.goto(link);
  await phone.press('Yes, I did');
  await phone.press('Play here as Bruno');
  await phone.page.waitForURL(/\/$/);
  await phone.write('France', 0, 'Germany', 3);
  await phone.press('Send 1 tip');
  await until('both tips', async () => (await ana.read('/players/Bruno/bets')).items.length === 2);

  // It works once.
  const late = await Friend.come(browser);
  await late.goto(link);
  await late.sees('This code was used, or has expired');
  await late.isClean('a code that was used');
  await late.leave();
});

test('a code of which a part is wrong, and one that was read and not used, say what to do', { timeout: 60_000 }, async () => {
  const late = await Friend.come(browser);
  await late.goto((await shown()).replace(/.{32}$/, '0'.repeat(32)));
  await late.sees(/Go back to your other phone/);
  await late.page.goto('about:blank');
  await late.goto(await shown());
  await late.button('Yes, I did').waitFor();
  await late.page.reload();
  await late.sees(/Go back to your other phone/);
  await late.leave();
});

test('a code ends when it is no longer shown', { timeout: 60_000 }, async () => {
  const link = await shown();
  await bruno.press('Close');
  const late = await Friend.come(browser);
  await late.goto(link);
  await late.sees('This code was used, or has expired');
  await late.leave();
});

test('the node that holds the code cannot read it', { timeout: 60_000 }, async () => {
  const link = await shown();
  const [, id, secret] = /#([0-9a-f]{32})\.([0-9a-f]{32})$/.exec(link);
  const answer = await fetch(`${ana.url}/api/v1/handovers/${id}`, { method: 'DELETE' });
  const { sealed } = await answer.json();
  assert.equal(JSON.parse(JSON.parse(sealed).about).player.keys, '');
  assert.ok(!sealed.includes(secret));
  await phone.leave();
  await bruno.leave();
});
