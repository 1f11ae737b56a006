// An entry fee that is noted with two taps, and a round that is told in a few lines once it is over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

let browser, pool, ana, clara;

before(async () => {
  browser = await openBrowser();
  pool = await makePool(
    [['Portugal', 'Spain', 'Matchday 1'], ['France', 'Germany', 'Matchday 2']],
    '--with', 'fee', '--dispute-window', '1s',
  );
  ana = pool.ana;
  await ana.run();
  clara = await Friend.come(browser);
  await clara.join(`${ana.url}/join`, 'Clara');
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

const paidTo = async () => (await ana.read('/players/Clara')).paid_to?.name;

test('an organiser notes with two taps who has paid, and everybody sees how many have', { timeout: 120_000 }, async () => {
  const anas = await Friend.come(browser);
  await anas.bring(ana.url, await ana.words());
  await anas.goto(`${ana.url}/organise`);
  await anas.page.getByText('People', { exact: true }).click();
  await anas.sees('0 of 2 have paid.');
  await anas.button('Paid: Clara').click();
  await anas.sees('Clara has paid 10 €?');
  await anas.isClean('a question whether somebody has paid');
  await anas.page.getByRole('button', { name: 'Has paid', exact: true }).click();
  await until('the note', async () => (await paidTo()) === 'Ana');
  await anas.page.getByRole('button', { name: 'Paid: Clara', pressed: true }).waitFor();
  await anas.button('Paid: Clara').click();
  await anas.page.getByRole('button', { name: 'Hasn’t paid', exact: true }).click();
  await until('that it is taken back', async () => (await paidTo()) === undefined);
  await ana.bolao('paid', 'clara', '--yes', '--wait');
  await anas.sees('1 of 2 has paid.');
  await clara.goto(`${ana.url}/table`);
  await clara.sees('Entry fee 10 €, paid outside the pool. 1 of 2 has paid.');
  await anas.leave();
});

test('a round is told in a few lines once it is over', { timeout: 180_000 }, async () => {
  const [first] = (await ana.read('/matches')).items;
  await clara.goto(`${ana.url}/`);
  await clara.write('Portugal', 2, 'Spain', 1);
  await clara.press('Send 1 tip');
  await until('the tip', async () => (await ana.read(`/matches/${first.code}/tips`)).items.length === 1);
  await ana.bolao('bet', first.code, '0-0', '--wait');
  await sleepUntil(await kickOff(ana, first.code, 5));
  await until('the kick-off', async () => (await ana.read('/matches')).items[0].status !== 'scheduled');
  await ana.bolao('result', first.code, '2-1', '--yes', '--wait');
  await until('the end of the round', async () => (await ana.read('/standings?stage=Matchday%201')).recap !== undefined);
  await clara.goto(`${ana.url}/live`);
  await clara.sees('Matchday 1: won by Clara with 4 points.');
  await clara.sees('Portugal – Spain 2:1? Only Clara called it.');
  await clara.sees(/Next: France – Germany/);
  await clara.isClean('a round that is over');
  assert.match(await ana.bolao('standings', '--round', 'Matchday 1'), /won by Clara with 4 points/);
  if (process.env.SHOTS) await clara.page.screenshot({ path: `${process.env.SHOTS}/recap.png`, fullPage: true });
  await clara.goto(`${ana.url}/table`);
  await clara.sees('1st: 6 €');
  if (process.env.SHOTS) await clara.page.screenshot({ path: `${process.env.SHOTS}/table.png`, fullPage: true });
});
