// What goes wrong on a phone in a pub, and what the page says then.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { DESK, Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

let browser, pool, ana, link;
let friends = [];

const come = async (options) => {
  const friend = await Friend.come(browser, options);
  friends.push(friend);
  return friend;
};

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan'], ['England', 'Italy'], ['Ghana', 'Mexico']], '--membership', 'invite');
  ana = pool.ana;
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
  link = (await ana.json('invite', '--url', ana.url)).link;
});

afterEach(async () => {
  const left = friends;
  friends = [];
  for (const friend of left) await friend.leave();
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a name that is taken, in another spelling too', { timeout: 90_000 }, async () => {
  const ada = await come();
  await ada.goto(link);
  await ada.page.getByLabel('What do your friends call you?').fill('ANA');
  await ada.press('Join and tip');
  await ada.sees(/That name’s taken/);
  await ada.isClean('a refused name');
  await ada.page.getByLabel('What do your friends call you?').fill('Ada');
  await ada.press('Join and tip');
  await ada.page.waitForURL(/\/$/);
  await until('Ada', () => ana.read('/players/Ada'));
});

test('a link that is damaged, one that lacks its secret, and one of another pool', { timeout: 90_000 }, async () => {
  const eve = await come();
  await eve.goto(link.slice(0, -6));
  await eve.page.getByLabel('What do your friends call you?').fill('Eve');
  await eve.sees(/Part of this link is missing/);
  await eve.page.goto('about:blank');
  await eve.goto(`${ana.url}/join`);
  await eve.sees(/You need an invitation/);
});

test('a computer that has much to do is asked again', { timeout: 90_000 }, async () => {
  const gil = await come();
  const busy = async (path, times) => {
    let left = times;
    await gil.context.route(path, (route) => {
      left -= 1;
      return left >= 0 && route.request().method() !== 'OPTIONS' ? route.fulfill({ status: 503, headers: { 'retry-after': '1' } }) : route.continue();
    });
  };
  await busy('**/api/v1/invitations/*', 1);
  await busy('**/api/v1/transactions', 1);
  await gil.goto(link);
  await gil.page.getByLabel('What do your friends call you?').fill('Gil');
  await gil.sees('The pool’s computer is busy. Trying again automatically.');
  await gil.isClean('a busy computer');
  await gil.press('Join and tip');
  await gil.sees('Trying again automatically.');
  await gil.page.waitForURL(/\/$/);
  await until('Gil', () => ana.read('/players/Gil'));
});

test('whoever only looks first joins later without the link, also where the computer has forgotten it', { timeout: 90_000 }, async () => {
  const hana = await come();
  await hana.goto(link);
  await hana.sees('Ana invites you');
  await hana.page.getByRole('link', { name: 'Just browse' }).click();
  await hana.page.getByRole('link', { name: 'Join, or enter your 24 words' }).click();
  await hana.sees('Ana invites you');
  // Away from the first page, the device asks for the rest of what the link says.
  await until('the invitation', () => hana.page.evaluate(() => {
    const { link, text } = JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('bolao.invitation.'))));
    return text !== link;
  }));
  await hana.context.route('**/api/v1/invitations/*', (route) => route.fulfill({ status: 404, json: {} }));
  await hana.page.goto('about:blank');
  await hana.join(link, 'Hana');
  await until('Hana', () => ana.read('/players/Hana'));
  await hana.sees('Portugal');
  await until('the invitation to be forgotten', () =>
    hana.page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith('bolao.invitation.'))));
});

test('words that are wrong are named', { timeout: 90_000 }, async () => {
  const eve = await come({ size: DESK });
  const words = (await ana.words()).split(' ');
  await eve.goto(`${ana.url}/join`);
  await eve.press('Already playing?');
  const field = eve.page.getByLabel('Your 24 words');
  await field.fill(words.slice(1).join(' '));
  await eve.press('Continue here');
  await eve.sees('Enter 12 or 24 words');
  await field.fill([...words.slice(0, 4), 'bolao', ...words.slice(5)].join(' '));
  await eve.press('Continue here');
  await eve.sees(/Word 5, “bolao”, is not in the list/);
  // Good with its last two words exchanged; of a player's own words one exchange in 256 makes good ones.
  await field.fill([...Array(22).fill('abandon'), 'art', 'abandon'].join(' '));
  await eve.press('Continue here');
  await eve.sees(/The order is wrong/);
  await eve.isClean('wrong words');
});

test('a tip that comes too late is refused, and the other one is sent', { timeout: 120_000 }, async () => {
  const leo = await come();
  await leo.join(link, 'Leo');
  await leo.write('Portugal', 1, 'Spain', 0);
  const at = await kickOff(ana, 'MD1-Portugal-Spain', 4);
  await sleepUntil(at);
  await leo.sees('was never sent');
  await leo.write('France', 1, 'Germany', 1);
  await leo.press('Send 1 tip');
  await leo.confirmed();
  const { items } = await ana.read('/players/Leo/bets');
  assert.deepEqual(items.map(({ match }) => match.code), ['MD1-France-Germany']);
});

test('a match that is moved seconds before it begins: everybody is told, and tips close as they would have', { timeout: 120_000 }, async () => {
  const code = 'MD1-Ghana-Mexico';
  const moved = async () => (await ana.read(`/matches/${code}`)).moved;
  const mia = await come();
  await mia.join(link, 'Mia');
  const at = await kickOff(ana, code, 30);
  await kickOff(ana, code, 7_200);
  await mia.sees(/Ana: Ghana – Mexico was moved from .* to .*\. Closing time for tips: /);
  await mia.isClean('a moved match');
  await mia.press('Got it');
  await mia.page.getByText(/Ana: Ghana – Mexico was moved/).first().waitFor({ state: 'hidden' });
  await mia.page.goto(`${ana.url}/match/${code}`);
  await mia.sees(/Ana moved it from .* Tips still close /);
  assert.deepEqual((await moved()).signers.map(({ name }) => name), ['Ana']);
  await sleepUntil(at);
  await until('the end of betting', async () => (await ana.read(`/matches/${code}`)).status === 'closed');
  await mia.goto(ana.url);
  await mia.heading('Tips closed');
  assert.equal(await mia.page.getByLabel('Goals of Ghana').count(), 0, 'a tip may be written after the first kick-off');
});

test('a browser that keeps nothing says so, and plays', { timeout: 90_000 }, async () => {
  const paula = await come({
    script: () => {
      const full = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      Storage.prototype.setItem = full;
    },
  });
  await paula.join(link, 'Paula');
  await paula.write('France', 2, 'Germany', 1);
  await paula.press('Send 1 tip');
  await paula.confirmed();
  await paula.sees(/This window keeps nothing/);
  await paula.isClean('a private window');
});

test('a phone whose clock is an hour slow counts down by the pool’s time', { timeout: 120_000 }, async () => {
  const nina = await come({
    script: () => {
      const now = Date.now.bind(Date);
      const slow = () => now() - 3_600_000;
      globalThis.Date = new Proxy(Date, {
        construct: (target, given) => Reflect.construct(target, given.length === 0 ? [slow()] : given),
        get: (target, name) => (name === 'now' ? slow : Reflect.get(target, name)),
      });
    },
  });
  await nina.join(link, 'Nina');
  await nina.write('Brazil', 1, 'Japan', 1);
  const at = await kickOff(ana, 'MD1-Brazil-Japan', 12);
  await nina.press('Send 1 tip');
  await nina.confirmed();
  await sleepUntil(at);
  await nina.heading('Live');
});

test('the pool’s computer is away, and comes back', { timeout: 150_000 }, async () => {
  const otto = await come();
  await otto.join(link, 'Otto');
  await otto.write('England', 3, 'Italy', 2);
  await ana.end('SIGKILL');
  await otto.sees(/Can’t reach the pool/);
  await otto.press('Send 1 tip');
  await otto.sees(/saved on this device and will be sent/);
  await otto.isClean('away');
  await ana.run();
  await otto.confirmed();
  assert.equal((await ana.read('/players/Otto/bets')).items.length, 1);
});

test('in Portuguese, as the browser asks', { timeout: 90_000 }, async () => {
  const rita = await come({ locale: 'pt-BR' });
  await rita.goto(link);
  await rita.page.getByLabel('Como seus amigos chamam você?').fill('Rita');
  await rita.isClean('em português');
  await rita.page.locator('button[type=submit]').click();
  await rita.page.waitForURL(/\/$/);
  await rita.press(/^Inglaterra – Itália, /);
  await rita.page.getByLabel('Gols: Inglaterra').fill('1');
  await rita.page.getByLabel('Gols: Itália').fill('0');
  await rita.press(/Enviar 1 palpite/);
  await rita.sees(/^Confirmado$/);
  assert.equal(await rita.page.evaluate(() => document.documentElement.lang), 'pt-BR');
});

test('an address that leads nowhere says so', { timeout: 60_000 }, async () => {
  const eve = await come();
  const answer = await eve.goto(`${ana.url}/nowhere`);
  assert.equal(answer.status(), 404);
  await eve.sees('Page not found');
  await eve.isClean('nowhere');
});
