// What organisers ask besides the matches: asked in four taps, answered in two and Send, settled in three; and a lie about it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { Between } from '../support/between.js';
import { Friend, openBrowser } from '../support/browser.js';
import { makePool, sleepUntil, until } from '../support/node.js';

const TEXT = 'Who becomes champion?';
const SMALL = { width: 320, height: 640 };

let browser, pool, ana, liar, anas, clara;

before(async () => {
  browser = await openBrowser();
  const probe = await makePool([['Portugal', 'Spain']]);
  const rules = join(probe.dir, 'rules.toml');
  // So that a question can be asked and closed in a test.
  await writeFile(rules, 'reopen_notice = "2s"\n');
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--rules', rules, '--tips', 'sealed');
  await probe.remove();
  ana = pool.ana;
  await ana.run();
  liar = await Between.stand(ana);
  await until('Ana', () => ana.read('/players/Ana').catch(() => undefined));
  anas = await Friend.come(browser);
  await anas.bring(ana.url, await ana.words());
  clara = await Friend.come(browser);
  await clara.join(`${liar.url}/join`, 'Clara');
});

after(async () => {
  for (const friend of [anas, clara]) await friend?.leave();
  await browser?.close();
  await liar?.end();
  await ana?.end();
  await pool?.remove();
});

beforeEach(() => liar.honest());

/** One of several, as a finger meets it. */
const choice = (name) => anas.page.locator('label').filter({ hasText: new RegExp(`^${name}$`) });

const asked = () => ana.read('/questions/champion').catch(() => undefined);

test('a question is asked in four taps', { timeout: 120_000 }, async () => {
  await anas.goto(`${ana.url}/organise`);
  const taps = [
    choice('Questions'),
    anas.button('Champion'),
    choice('15'),
    anas.button('Ask'),
  ];
  for (const [at, tap] of taps.entries()) {
    await tap.click();
    if (at === 2) await anas.isClean('a new question');
  }
  await until('the question', asked);
  const { asks, points } = await asked();
  assert.deepEqual([asks.options, points], [['France', 'Germany', 'Portugal', 'Spain'], 15]);
});

test('it is answered in two taps and Send, and a lie about it is not signed', { timeout: 120_000 }, async () => {
  liar.lie('/api/v1/questions', ({ items }) => { items[0]?.asks.options.reverse(); });
  await clara.goto(`${liar.url}/`);
  const line = clara.button(`${TEXT}: no answer yet; add`);
  await line.click();
  await clara.isClean('the answers');
  await clara.page.getByRole('button', { name: 'Spain', exact: true }).click();
  await clara.press('Send 1 tip');
  await clara.page.getByRole('alert').first().waitFor();
  assert.equal((await asked()).answered, 0, 'an answer to another question was signed');

  liar.honest();
  await clara.goto(`${liar.url}/`);
  await clara.button(new RegExp(`^${TEXT.replace('?', String.raw`\?`)}: (no answer yet|your draft)`)).click();
  await clara.page.getByRole('button', { name: 'Spain', exact: true }).click();
  await clara.press('Send 1 tip');
  await until('the answer', async () => (await asked()).answered === 1);
  await clara.button(`${TEXT}: your answer Spain; change`).waitFor();
  const small = await Friend.come(browser, { size: SMALL, locale: 'pt-BR' });
  await small.goto(`${ana.url}/`);
  await small.sees(TEXT);
  await small.isClean('a question on a small phone');
  await small.leave();
});

test('it closes, everybody’s answers show, and it is settled in three taps', { timeout: 120_000 }, async () => {
  const closes = new Date(Math.ceil(Date.now() / 1000 + 6) * 1000);
  await ana.bolao('question', 'change', 'champion', '--closes', closes.toISOString(), '--yes', '--wait');
  await sleepUntil(closes);
  await until('the end', async () => (await asked()).status === 'closed');
  await clara.button(`${TEXT}: everyone’s answers`).click();
  await clara.sees('Clara');
  await clara.isClean('everybody’s answers');
  await until('open answers', async () => (await asked()).unopened === 0);
  await anas.goto(`${ana.url}/organise`);
  await choice('Questions').click();
  const taps = [anas.button('Enter result').first(), anas.page.getByText('Spain', { exact: true }).last(), anas.button('Enter result').last()];
  for (const [at, tap] of taps.entries()) {
    await tap.click();
    if (at === 1) await anas.sees('Points for those who said Spain: 1 player');
    if (at === 1) await anas.isClean('a question that is settled');
  }
  await until('the record', async () => (await asked()).record);
  assert.deepEqual((await asked()).record.outcome, { status: 'answered', right: [3] });
  const row = async () => (await ana.read('/standings')).items.find(({ player }) => player.name === 'Clara');
  await until('the points', async () => (await row()).points === 15);
  await clara.goto(`${liar.url}/`);
  await clara.sees('+15');
});
