// Two players head to head, by the node's own numbers, and the pictures of it all that friends are sent.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const MATCHES = [['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan']];
const [FIRST, SECOND, THIRD] = MATCHES.map(([home, away]) => `MD1-${home}-${away}`);
const SIZE = [1080, 1350];

let browser, pool, ana, bruno;
const errors = [];

before(async () => {
  browser = await openBrowser();
  pool = await makePool(MATCHES, '--membership', 'invite');
  ana = pool.ana;
  await ana.run();
  bruno = await Friend.come(browser);
  bruno.page.on('console', (message) => {
    // What browsers say of a header that they heed over TLS only.
    if (message.type() === 'error' && !message.text().startsWith('The Cross-Origin-Opener-Policy header')) errors.push(message.text());
  });
  // By an address in a home network, where browsers share nothing.
  const { link } = await ana.json('invite', '--url', onLan(ana.url));
  await bruno.join(link, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.write('France', 1, 'Germany', 1);
  await bruno.write('Brazil', 3, 'Japan', 0);
  await bruno.press('Send 3 tips');
  await bruno.confirmed();
  for (const [match, score] of [[FIRST, '1-0'], [SECOND, '0-2'], [THIRD, '3-0']]) await ana.bolao('bet', match, score, '--wait');
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

const open = (path) => bruno.goto(onLan(ana.url) + path);
const shareButton = () => bruno.page.getByRole('main').getByRole('button', { name: 'Share', exact: true });

/** What a picture is made of: its size, and how many in a hundred of its pixels are of the stage, and of something on it. */
async function look(bytes) {
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], SIZE);
  const page = await bruno.context.newPage();
  const found = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const counts = { green: 0, light: 0, clear: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue, alpha] = data.subarray(at, at + 4);
      if (alpha < 255) counts.clear += 1;
      else if (green > red + 10 && green > blue && green < 120) counts.green += 1;
      else if (red > 200 && green > 200) counts.light += 1;
    }
    return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, (100 * count * 4) / data.length]));
  }, `data:image/png;base64,${bytes.toString('base64')}`);
  await page.close();
  return found;
}

async function isPicture(bytes, what) {
  const { green, light, clear } = await look(bytes);
  assert.ok(green > 40 && light > 1 && clear === 0, `${what}: ${green} % green, ${light} % light, ${clear} % clear`);
}

async function saved(what) {
  await shareButton().waitFor();
  const [download] = await Promise.all([bruno.page.waitForEvent('download'), shareButton().click()]);
  assert.match(download.suggestedFilename(), /^bolao-[\w-]+\.png$/);
  await bruno.sees('Picture saved, text copied.');
  await isPicture(await readFile(await download.path()), what);
}

test('nothing of a match is shared before its kick-off', { timeout: 60_000 }, async () => {
  await open(`/match/${FIRST}`);
  await bruno.sees('Portugal');
  await bruno.page.waitForTimeout(1000);
  assert.equal(await shareButton().count(), 0);
  await open('/table');
  await bruno.sees('Ana');
  assert.equal(await shareButton().count(), 0, 'a table without results is shared');
});

test('two players head to head, by the numbers of the node', { timeout: 120_000 }, async () => {
  for (const [match, result] of [[FIRST, '2-1'], [SECOND, '0-1']]) {
    await sleepUntil(await kickOff(ana, match, 2));
    await until('the result', () => ana.bolao('result', match, result, '--yes', '--wait'));
  }
  await sleepUntil(await kickOff(ana, THIRD, 2));
  await open('/player/Ana');
  const [mine, theirs] = await Promise.all(['Bruno', 'Ana'].map(async (name) => (await ana.read(`/players/${name}`)).standing));
  const apart = mine.points - theirs.points;
  await bruno.sees(apart === 0 ? 'Level on points' : new RegExp(`${apart > 0 ? 'You lead' : 'Ana leads'} by ${Math.abs(apart)}`));
  const right = ({ exact, differences, tendencies }) => exact + differences + tendencies;
  const rate = ({ points, tips }) => (points / tips).toFixed(1);
  for (const [says, value] of [['Exact scores', ({ exact }) => exact], ['Right winners', right], ['Points per tip', rate]]) {
    const row = bruno.page.getByRole('row').filter({ has: bruno.page.getByRole('rowheader', { name: says }) });
    assert.deepEqual(await row.getByRole('cell').allInnerTexts(), [mine, theirs].map((standing) => String(value(standing))), says);
  }
  // On the third match both said the same.
  const rows = bruno.page.getByRole('main').locator('a[href^="/match/"]:not(details a)');
  await rows.nth(1).waitFor();
  assert.deepEqual(await rows.evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [SECOND, FIRST].map((it) => `/match/${it}`));
  assert.match((await rows.nth(1).innerText()).replaceAll(/\s+/g, ''), /^2:1\+4.*2:1.*\+\d1:0$/);
  await bruno.isClean('head to head');
  await bruno.page.getByText('All tips of Ana').click();
  await bruno.sees('Brazil – Japan');
  await bruno.isClean('all tips of another');
});

test('a colour is chosen on this device, and stays', { timeout: 60_000 }, async () => {
  await open('/player/Ana');
  await bruno.press('Change colour');
  await bruno.press('Purple');
  await bruno.isClean('colours');
  await bruno.press('Close');
  await open('/player/Ana');
  await bruno.sees('Change colour');
  const disc = bruno.page.locator('main span[aria-hidden]', { hasText: /^An$/ }).first();
  assert.equal(await disc.evaluate((it) => getComputedStyle(it).backgroundColor), 'rgb(109, 63, 196)');
});

test('pictures are saved where the browser shares nothing', { timeout: 120_000 }, async () => {
  for (const path of ['/player/Ana', '/table', '/table?round=Matchday%201', `/match/${FIRST}`, `/match/${THIRD}`]) {
    await open(path);
    await saved(path);
  }
  await bruno.isClean('a saved picture');
  await open('/player/Bruno');
  const [download] = await Promise.all([bruno.page.waitForEvent('download'), bruno.press('Share your tips of Matchday 1')]);
  await isPicture(await readFile(await download.path()), 'tips of a round');
});

test('a phone shares a picture with its text', { timeout: 60_000 }, async () => {
  const clara = await Friend.come(browser, {
    script: () => {
      Object.assign(navigator, {
        canShare: () => true,
        share: async ({ files: [file], text }) => {
          globalThis.shared = { type: file.type, name: file.name, text, bytes: [...new Uint8Array(await file.arrayBuffer())] };
        },
      });
    },
  });
  await clara.goto(`${ana.url}/table`);
  await clara.page.getByRole('main').getByRole('button', { name: 'Share', exact: true }).click();
  const { type, name, text, bytes } = await until('the picture', () => clara.page.evaluate(() => globalThis.shared));
  assert.deepEqual([type, name], ['image/png', 'bolao-table.png']);
  const { items } = await ana.read('/standings');
  assert.equal(text, `Our cup · After 2 matches: ${items.map(({ place, player, points }) => `${place}. ${player.name} ${points}`).join(', ')}`);
  await isPicture(Buffer.from(bytes), 'a shared table');
  await clara.leave();
});

test('nothing failed on the way', () => assert.deepEqual(errors, []));
