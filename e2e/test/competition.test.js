// A pool of a competition that is known: six taps to the link, the node reads its results, and three questions come with it.
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

let browser, dir, mirror;
const computers = [];

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
  for (const computer of computers) await computer.end();
  mirror?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
});

/** A new computer on which `bolao start` was typed, and its organiser before the first question. */
async function start(name, how = {}) {
  const computer = new Computer(dir, name);
  computers.push(computer);
  const address = await startPage(computer);
  const friend = await Friend.come(browser, how);
  await friend.goto(address);
  return { computer, friend };
}

test('a league is chosen with a tap, and its results are proposed', { timeout: 120_000 }, async () => {
  const { computer, friend: ana } = await start('ana');
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

const QUESTIONS = 'Also ask 3 questions';

test('three questions come with a league, and one is answered', { timeout: 120_000 }, async () => {
  const { computer, friend: bea } = await start('bea');
  await bea.page.getByRole('button', { name: /Premier League/ }).click();
  await bea.page.getByRole('switch', { name: QUESTIONS, checked: true }).waitFor();
  await bea.sees('Champion · Top scorer’s team · Number of goals');
  await bea.page.getByLabel('What do your friends call you?').fill('Bea');
  await bea.press('Make the pool');
  await bea.sees(/^Asked: Champion · Top scorer’s team · Number of goals/);
  await bea.isClean('a pool with questions');
  const asked = async () => (await computer.read('/questions')).items;
  await until('the questions', async () => (await asked()).length === 3);
  const first = (await computer.read('/matches')).items.map(({ kickoff }) => kickoff).sort()[0];
  assert.deepEqual((await asked()).map(({ code, status, closes }) => [code, status, closes]),
    ['champion', 'scorer', 'goals'].map((code) => [code, 'open', first]));

  await bea.page.getByRole('link', { name: 'Go to my tips' }).click();
  await bea.press('Who becomes champion?: no answer yet; add');
  await bea.page.getByRole('button', { name: 'Fulham FC', exact: true }).click();
  await bea.press('Send 1 tip');
  await until('the answer', async () => (await asked())[0].answered === 1);
  assert.equal((await asked()).length, 3, 'a question was asked twice');
  assert.equal((await computer.read('/log')).items.filter(({ type }) => type === 'question').length, 3);
  await bea.leave();
});

test('who leaves at once has them asked at the next place', { timeout: 120_000 }, async () => {
  const { computer, friend: caio } = await start('caio');
  await caio.page.getByRole('button', { name: /Premier League/ }).click();
  await caio.page.getByLabel('What do your friends call you?').fill('Caio');
  await caio.press('Make the pool');
  await caio.sees('Your pool is ready.');
  await caio.page.goto('about:blank');
  await until('the node', async () => (await fetch(`${computer.url}/api/v1/status`)).ok);
  await caio.goto(`${computer.url}/table`);
  await until('the questions', async () => (await computer.read('/questions')).items.length === 3);
  await caio.leave();
});

test('none come where somebody says no', { timeout: 120_000 }, async () => {
  const { computer, friend: duda } = await start('duda');
  await duda.page.getByRole('button', { name: /Premier League/ }).click();
  await duda.page.getByRole('switch', { name: QUESTIONS }).click();
  await duda.page.getByLabel('What do your friends call you?').fill('Duda');
  await duda.press('Make the pool');
  await duda.page.getByRole('link', { name: 'Go to my tips' }).click();
  await until('Duda', () => computer.read('/players/Duda'));
  await duda.write('Everton FC', 2, 'Chelsea FC', 1);
  await duda.press('Send 1 tip');
  await duda.confirmed();
  assert.deepEqual((await computer.read('/questions')).items, []);
  await duda.leave();
});
