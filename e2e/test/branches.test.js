// Two computers that were apart: the book shows the branch that it left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { freePort, makePool, until } from '../support/node.js';

let browser, pool, ana, bruno;

/** Runs a node that finds a block only when it is told to. */
async function run(computer) {
  computer.port ??= await freePort();
  await computer.run('run', '-i', '127.0.0.1', '--mine', 'manual', '-p', String(computer.port));
}

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain']], '--consensus', 'pow', '--target', 'fixed:8');
  ({ ana } = pool);
  bruno = pool.computer('bruno');
});

after(async () => {
  await browser?.close();
  await bruno?.end();
  await ana?.end();
  await pool?.remove();
});

test('the book draws the branch that it left', { timeout: 180_000 }, async () => {
  const height = async (computer) => (await computer.read('/status')).tip.height;
  await run(ana);
  await ana.bolao('mine', '--count', '2');
  const clara = await Friend.come(browser);
  await clara.goto(`${ana.url}/book`);
  await clara.sees('The pool’s computer knows of no other branch.');
  await clara.isClean('a book without branches');

  // Bruno has the two pages. Then each writes on alone: Bruno two pages, Ana three.
  await bruno.bolao('join', ana.url, '--name', 'Bruno');
  await run(bruno);
  await until('the two pages', async () => (await height(bruno)) >= 2);
  await ana.end();
  await bruno.bolao('mine', '--count', '2');
  const left = (await bruno.read('/status')).tip;
  await bruno.end();
  await run(ana);
  await ana.bolao('mine', '--count', '3');
  await run(bruno);
  await until('one book', async () => (await bruno.read('/status')).tip.hash === (await ana.read('/status')).tip.hash, 60_000);
  const { branches } = await bruno.read('/branches');
  assert.deepEqual(branches.map(({ length, from, blocks }) => [length, from.main_chain, blocks[0].hash]), [[2, true, left.hash]]);

  await clara.goto(`${bruno.url}/book`);
  await clara.page.getByRole('img', { name: /The chain up to block \d+, and branches beside it: 1/ }).waitFor();
  await clara.sees('Blocks are not confirmed in this pool: the branch with the most work counts.');
  await clara.isClean('a book with a branch');
  await clara.page.getByText('Each branch').click();
  await clara.page.getByRole('link', { name: /^2 blocks on block \d+$/ }).click();
  await clara.sees('This block is not in the pool that this device has checked.');
  await clara.leave();
});
