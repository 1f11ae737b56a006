// What is begun and cut off: nothing is lost, and nothing is sent twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Between } from '../support/between.js';
import { DESK, Friend, openBrowser } from '../support/browser.js';
import { makePool, until } from '../support/node.js';

const TRANSACTIONS = '/api/v1/transactions';

/** Where a node names the place of a player's next act. */
const placeOf = async (name) => `/api/v1/accounts/${(await ana.read(`/players/${name}`)).account}/nonce`;

let browser, pool, ana, between;
let friends = [];

const come = async (name, options) => {
  const friend = await Friend.come(browser, options);
  friends.push(friend);
  await friend.join(`${between.url}/join`, name);
  return friend;
};

/** How many transactions of a player there ever were, but for the joining. */
const sentBy = async (name) => (await ana.read(`/players/${name}`)).next_nonce - 1;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan']], '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  between = await Between.stand(ana);
});

afterEach(async () => {
  between.honest();
  const left = friends;
  friends = [];
  for (const friend of left) await friend.leave();
});

after(async () => {
  await browser?.close();
  await between?.end();
  await ana?.end();
  await pool?.remove();
});

/** Has the power cut once the node has answered what `when` names, which the page then never hears. */
function cutPower(path, when) {
  const cut = new Promise((resolve, reject) => {
    between.change(path, (answer, asked) => {
      if (!when(asked)) return answer;
      between.honest();
      ana.end('SIGKILL').then(resolve, reject);
      return undefined;
    });
  });
  return cut;
}

const CUTS = {
  'the node names the place of the tips': [placeOf, () => true],
  'the node has taken the tips, and nobody hears it': [() => TRANSACTIONS, ({ method }) => method === 'POST'],
};

for (const [number, [what, [pathOf, when]]] of Object.entries(CUTS).entries()) {
  test(`the power fails as ${what}`, { timeout: 120_000 }, async () => {
    const name = ['Olga', 'Paco'][number];
    const friend = await come(name);
    await until(name, () => ana.read(`/players/${name}`));
    await friend.write('Portugal', 2, 'Spain', 1);
    await friend.write('France', 1, 'Germany', 0);
    await friend.opens('Brazil', 'Japan');
    await friend.page.getByLabel('Goals of Brazil', { exact: true }).fill('3');
    const cut = cutPower(await pathOf(name), when);
    await friend.press('Send 2 tips');
    await cut;
    await friend.sees(/saved on this device and will be sent/);
    await ana.run();
    await friend.confirmed();
    await until('both tips', async () => (await ana.read(`/players/${name}/bets`)).items.length === 2);
    await friend.page.getByText(/saved on this device and will be sent/).waitFor({ state: 'detached' });
    // The one that was not whole stands as it was.
    assert.equal(await friend.page.getByText('Draft, not sent yet').count(), 1);
    assert.equal(await friend.page.getByLabel('Goals of Brazil', { exact: true }).inputValue(), '3');
    assert.equal(await sentBy(name), 1, 'the tips were sent more than once');
  });
}

test('a tip takes two requests: its place, and itself', { timeout: 60_000 }, async () => {
  const friend = await come('Rita');
  const place = await until('Rita', () => placeOf('Rita'));
  // With the first tip of all, the device reads the blocks.
  await friend.write('Portugal', 2, 'Spain', 1);
  await friend.press('Send 1 tip');
  await friend.confirmed();
  await friend.write('France', 1, 'Germany', 0);
  let asked = [];
  friend.page.on('request', (it) => {
    const path = new URL(it.url()).pathname;
    if (path.startsWith('/api/')) asked.push(`${it.method()} ${path}`);
  });
  // What the page asks because the player has just come is none of the tip's.
  await until('silence', async () => {
    asked = [];
    await new Promise((resolve) => { setTimeout(resolve, 1_500); });
    return asked.length === 0;
  });
  const sent = friend.page.waitForResponse((it) => it.request().method() === 'POST' && it.url().endsWith(TRANSACTIONS));
  await friend.press('Send 1 tip');
  assert.equal((await sent).status(), 202);
  const before = asked.slice(0, asked.indexOf(`POST ${TRANSACTIONS}`) + 1);
  // A busy device may still ask where the first tip is.
  const ofThis = before.filter((it) => !/^GET .*\/transactions\/[0-9a-f]{64}$/.test(it));
  assert.deepEqual(ofThis, [`GET ${place}`, `POST ${TRANSACTIONS}`]);
});

/** What is asked for until nothing has been for a while. */
async function askedUntilSilent(quiet_ms = 4_000) {
  between.asked.length = 0;
  for (let before = -1; before !== between.asked.length;) {
    before = between.asked.length;
    await new Promise((resolve) => { setTimeout(resolve, quiet_ms); });
  }
  return between.asked.filter((it) => it.includes('/api/'));
}

test('after a cut nothing is missed, and nothing asked twice', { timeout: 120_000 }, async () => {
  const friend = await come('Sara');
  await until('Sara', () => placeOf('Sara'));
  await friend.goto(`${between.url}/table`);
  await friend.sees(/^Checked$/);
  await askedUntilSilent();
  assert.equal(between.cut(), 1, 'the page listens');
  const idle = await askedUntilSilent();
  assert.equal(idle.length, 1, `only the stream: ${idle}`);
  assert.match(idle[0], /^GET \/api\/v1\/events\?after=/);

  // What happens before the page listens again is heard then.
  between.streams = false;
  between.cut();
  const tom = await Friend.come(browser);
  friends.push(tom);
  await tom.join(`${ana.url}/join`, 'Tom');
  await until('Tom', () => placeOf('Tom'));
  between.streams = true;
  await friend.sees(/^Tom$/);
});
