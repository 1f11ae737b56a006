// A newer list of the matches, read and signed on the page by two organisers of whom both must sign.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { DESK, Friend, openBrowser } from '../support/browser.js';
import { makePoolOfTwo, until } from '../support/node.js';

let browser, pool, ana, dir, bruno;

before(async () => {
  browser = await openBrowser();
  const matches = [['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'W1'], ['England', 'Italy']];
  pool = await makePoolOfTwo(matches, '--schedules', '2-of-2', '--results', '1-of-2');
  ({ ana, bruno, dir } = pool);
});

after(async () => {
  await browser?.close();
  await pool?.remove();
});

const HOUR = 3_600_000;

/** The pool's matches as a newer list has them: one later, one with both teams, one that is new, one that is not there. */
async function newerList() {
  const { items } = await ana.read('/matches');
  const row = (at, home, away) => `${at.slice(0, 10)},${at.slice(11, 16)},${home},${away},Matchday 1`;
  const later = (at, hours) => new Date(Date.parse(at) + hours * HOUR).toISOString();
  const [first, second, third] = items.map(({ kickoff }) => kickoff);
  return [
    'Date,Time,Home,Away,Round',
    row(later(first, 2), 'Portugal', 'Spain'),
    row(second, 'France', 'Germany'),
    row(third, 'Brazil', 'Japan'),
    row(later(third, 24), 'Ghana', 'Mexico'),
    '',
  ].join('\n');
}

const box = (friend, name) => friend.page.getByRole('checkbox', { name });

async function open(friend, computer) {
  await friend.goto(`${computer.url}/organise?desk=fixtures`);
  await friend.press('Update from a list');
}

/** The list does not say whose times it has: the page asks. */
async function sayZone(friend) {
  await friend.page.getByLabel('Which city’s time is this?').fill('UTC');
  await friend.press('See the changes');
  await friend.sees('New and changed matches');
}

test('two organisers read a newer list and sign what it changes', { timeout: 240_000 }, async () => {
  const before = (await ana.read('/matches')).items;
  const list = await newerList();
  const file = join(dir, 'newer.csv');
  await writeFile(file, list);
  const [anas, brunos] = await Promise.all([[ana, {}], [bruno, { size: DESK }]].map(async ([computer, options]) => {
    const friend = await Friend.come(browser, options);
    await friend.bring(computer.url, await computer.words());
    return friend;
  }));

  // Ana pastes it, sees what would change, and leaves the new match out.
  await open(anas, ana);
  await anas.isClean('where the list is');
  await anas.page.getByLabel('Your list of matches').fill(list);
  await sayZone(anas);
  await anas.sees(/Kick-off: from .* to /);
  await anas.sees('Teams: from Brazil – W1 to Brazil – Japan');
  await anas.sees(/1 match in the pool is not on the list and stays as it is: England – Italy/);
  await anas.isClean('what a newer list changes');
  assert.equal(await anas.page.getByRole('checkbox').count(), 3);
  await box(anas, 'Ghana – Mexico').uncheck();
  await anas.press('Save 2 changes');
  await anas.sees('It counts once enough organisers have confirmed it');
  await until('her signatures', async () => (await ana.read('/votes')).items.length === 2);
  assert.deepEqual((await ana.read('/matches')).items.map(({ kickoff }) => kickoff), before.map(({ kickoff }) => kickoff));

  // Bruno reads the same from a file; with his, hers count.
  await until('her signatures at Bruno’s', async () => (await bruno.read('/votes')).items.length === 2);
  await open(brunos, bruno);
  await brunos.page.locator('input[type=file]').setInputFiles(file);
  await sayZone(brunos);
  await brunos.isClean('what a newer list changes, on a wide screen');
  await brunos.press('Save 3 changes');
  await until('the changes', async () => {
    const [first, , third] = (await ana.read('/matches')).items;
    return Date.parse(first.kickoff) === Date.parse(before[0].kickoff) + 2 * HOUR && third.away.name === 'Japan';
  }, 60_000);

  // The new match waits for Ana, who reads the list again: nothing else is left of it.
  await until('his signature', async () => (await ana.read('/votes')).items.length === 1);
  await open(anas, ana);
  await anas.page.locator('input[type=file]').setInputFiles(file);
  await sayZone(anas);
  assert.equal(await anas.page.getByRole('checkbox').count(), 1);
  await anas.press('Save 1 change');
  await until('the new match', async () => (await ana.read('/matches')).items.length === 5, 60_000);
  await open(anas, ana);
  await anas.page.locator('input[type=file]').setInputFiles(file);
  await anas.page.getByLabel('Which city’s time is this?').fill('UTC');
  await anas.press('See the changes');
  await anas.sees('The list matches the pool: nothing to change.');

  // A list of something else is not taken for a newer one.
  await anas.press('Use another list');
  await anas.page.getByLabel('Your list of matches').fill('14 June 2030 19:00 UTC Ajax v Benfica');
  await anas.sees('It may be an old list, or one for another competition');
  await anas.press('Compare it anyway');
  await anas.press('See the changes');
  await anas.sees('Ajax – Benfica');
  for (const friend of [anas, brunos]) await friend.leave();
});
