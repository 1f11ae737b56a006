// What a tip is worth: its receipt, which anybody can check without the pool, and its chips.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { DESK, Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
const RECEIPT = 'Receipt of Portugal – Spain';

let browser, pool, ana, elsewhere, bruno, clara;

/** Chips are offered where somebody stakes, and to who opens a tip that stands. */
async function tip(name, home, away, chips) {
  const friend = await Friend.come(browser);
  await friend.join(`${ana.url}/join`, name);
  await friend.write('Portugal', home, 'Spain', away);
  await friend.press('Send 1 tip');
  await friend.confirmed();
  await friend.goto(`${ana.url}/`);
  await friend.opens('Portugal', 'Spain');
  await friend.press('Stake chips');
  await friend.page.getByLabel(/Chips staked/).fill(String(chips));
  await friend.press('Send 1 tip');
  await until(`${name}’s chips`, async () => (await ana.read(`/players/${name}/bets`)).items.some(({ stake }) => stake === chips));
  await friend.confirmed();
  return friend;
}

before(async () => {
  browser = await openBrowser();
  const matches = [['Portugal', 'Spain'], ['France', 'Germany']];
  pool = await makePool(matches, '--dispute-window', '1s');
  elsewhere = await makePool(matches);
  ana = pool.ana;
  await Promise.all([ana.run(), elsewhere.ana.run()]);
  [bruno, clara] = await Promise.all([tip('Bruno', 0, 0, 30), tip('Clara', 2, 1, 20)]);
});

after(async () => {
  for (const friend of [bruno, clara]) await friend?.leave();
  await browser?.close();
  for (const it of [pool, elsewhere]) {
    await it?.ana.end();
    await it?.remove();
  }
});

test('a receipt is saved, and compared by the program and by the page of another pool', { timeout: 90_000 }, async () => {
  await clara.goto(`${ana.url}/player/Clara`);
  await clara.press(RECEIPT);
  await clara.sees(/Valid\. It has been in the pool since/);
  await clara.sees(/The only validator confirmed it/);
  await clara.isClean('a receipt');
  const [download] = await Promise.all([clara.page.waitForEvent('download'), clara.press('Save the receipt')]);
  assert.equal(download.suggestedFilename(), `${GAME}.slip.json`);
  const file = await download.path();

  // The program, in a home of the pool, and in one in which nothing is.
  const { id } = await ana.read('/pool');
  const nobody = pool.computer('nobody');
  assert.match(await ana.bolao('verify', file), /^In your chain: this bet is in block [^]*2-1/);
  const notCompared = ({ code, stdout }) => code === 4 && /^Not compared: /.test(stdout) && /2-1/.test(stdout);
  await assert.rejects(nobody.bolao('verify', file, '--pool', id), notCompared);
  const { id: other } = await elsewhere.ana.read('/pool');
  await assert.rejects(nobody.bolao('verify', file, '--pool', other), ({ code }) => code === 1);

  // The page of a node that never saw this pool, and is then off.
  const dora = await Friend.come(browser, { size: DESK });
  await dora.goto(`${elsewhere.ana.url}/book`);
  await dora.sees(/Everything it compared matches the pool/);
  const check = (name, buffer) =>
    dora.page.getByLabel('File of a receipt').setInputFiles({ name, mimeType: 'application/json', buffer });
  const slip = await readFile(file);
  await elsewhere.ana.end();
  await check('clara.json', slip);
  await dora.sees(/Not compared with the pool/);
  await dora.sees(/could make such a receipt at any time, without anyone’s help/);
  await dora.sees('This receipt belongs to another pool: Our cup.');
  await dora.sees('2:1');
  await dora.isClean('a receipt from elsewhere');

  // One letter of what Clara signed is another.
  const { transaction } = JSON.parse(slip);
  const letter = transaction[60];
  const forged = transaction.slice(0, 60) + (letter === 'A' ? 'B' : 'A') + transaction.slice(61);
  await check('forged.json', Buffer.from(slip.toString().replace(transaction, forged)));
  await dora.sees('forged.json proves nothing.');
  assert.equal(await dora.page.getByText(/Valid\. It/).count(), 0);
  await dora.leave();
});

test('chips that were staked are paid when the result is final', { timeout: 90_000 }, async () => {
  await clara.goto(`${ana.url}/player/Clara`);
  await clara.sees('20 chips');
  await sleepUntil(await kickOff(ana, GAME, 2));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
  const { record } = await ana.read(`/matches/${GAME}`);
  await sleepUntil(Date.parse(record.final_at) + 1000);
  // A result is final with the next block.
  await clara.goto(`${ana.url}/`);
  await clara.write('France', 1, 'Germany', 0);
  await clara.press('Send 1 tip');
  await until('the payout', async () => !(await ana.read(`/matches/${GAME}`)).record.provisional);
  await clara.goto(`${ana.url}/player/Clara`);
  await clara.sees(/20 → 50/);
  await clara.sees(/^1,030$/);
  await clara.goto(`${ana.url}/player/Bruno`);
  await clara.page.getByText('All tips of Bruno').click();
  await clara.sees(/30 → 0/);
  await clara.sees(/^970$/);
});
