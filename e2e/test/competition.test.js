// A pool of a competition that is known: six taps to the link, and the node reads its results.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { Computer, until } from '../support/node.js';
import { startPage } from '../support/start.js';

const DAY_MS = 86_400_000;

let browser, dir, computer, mirror;

/** A match of the list, so many days from now. */
function game(days, team1, team2, more = {}) {
  const at = new Date(Date.now() + days * DAY_MS).toISOString();
  return { round: `Matchday ${days > 0 ? 2 : 1}`, date: at.slice(0, 10), time: `${at.slice(11, 16)} UTC+0`, team1, team2, ...more };
}

const LIST = {
  name: 'English Premier League',
  matches: [
    game(-2, 'Arsenal FC', 'Chelsea FC', { score: { ft: [2, 1] } }),
    game(2, 'Everton FC', 'Chelsea FC'),
    game(3, 'Arsenal FC', 'Fulham FC'),
  ],
};

before(async () => {
  browser = await openBrowser();
  dir = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  mirror = createServer(({ url }, answer) => {
    const is = url.endsWith('/en.1.json');
    answer.writeHead(is ? 200 : 404).end(is ? JSON.stringify(LIST) : '');
  });
  mirror.listen(0, '127.0.0.1');
  await once(mirror, 'listening');
  process.env.BOLAO_OPENFOOTBALL = `http://127.0.0.1:${mirror.address().port}`;
});

after(async () => {
  await browser?.close();
  await computer?.end();
  mirror?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
});

test('a league is chosen with a tap, and its results are proposed', { timeout: 120_000 }, async () => {
  computer = new Computer(dir, 'ana');
  const address = await startPage(computer);
  const ana = await Friend.come(browser);
  await ana.goto(address);
  await ana.sees('What are you tipping?');
  await ana.page.getByRole('button', { name: /^Serie A/ }).click();
  // Of the program's own copy it is told how old it is.
  await ana.sees(/These are the matches as of .*2026/);
  if (process.env.PICTURES) await ana.page.screenshot({ path: join(process.env.PICTURES, 'copy.png'), fullPage: true });
  await ana.page.getByRole('button', { name: 'Back' }).click();
  await ana.page.getByRole('button', { name: /Premier League/ }).click();
  await ana.sees(/2 matches/);
  await ana.isClean('the league');
  if (process.env.PICTURES) await ana.page.screenshot({ path: join(process.env.PICTURES, 'league.png'), fullPage: true });
  await ana.page.getByLabel('What do your friends call you?').fill('Ana');
  await ana.press('Make the pool');
  await ana.sees('Your pool is ready.');
  await ana.page.getByRole('link', { name: 'Go to my tips' }).click();
  await until('the list', async () => (await computer.read('/sources')).sources[0].known === 2);
  assert.equal((await computer.read('/matches')).items.length, 2);

  await ana.goto(`${computer.url}/organise`);
  await ana.page.getByText('Score feed').click();
  await ana.sees(/openfootball.*ago/);
  const lists = ana.page.getByRole('switch', { name: 'Suggest results automatically' });
  await ana.isClean('the lists');
  if (process.env.PICTURES) await ana.page.screenshot({ path: join(process.env.PICTURES, 'sources.png'), fullPage: true });
  await lists.click();
  await until('no lists', async () => !(await computer.read('/sources')).on);
  await ana.page.locator('[role=switch]:enabled').click();
  await until('the lists again', async () => (await computer.read('/sources')).on);
  await ana.leave();
});
