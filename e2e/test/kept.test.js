// The book that a browser has checked stays on it: the next visit asks for what is new, and believes nobody more for that.
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';

import { Between } from '../support/between.js';
import { Friend, openBrowser } from '../support/browser.js';
import { makePool, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
/** Enough blocks to be kept. */
const BETS = 30;
const LITTLE = 20_000;

let browser, pool, ana, other, liar, clara;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']]);
  ana = pool.ana;
  await ana.run();
  await bet(BETS);
  liar = await Between.stand(ana);
  clara = await Friend.come(browser);
  await clara.join(`${liar.url}/join`, 'Clara');
});

after(async () => {
  await clara?.leave();
  await browser?.close();
  await liar?.end();
  await other?.end();
  await ana?.end();
  await pool?.remove();
});

beforeEach(() => liar.honest());

/** So many tips of Ana's, a block each. */
async function bet(tips) {
  for (let tip = 0; tip < tips; tip += 1) await ana.bolao('bet', GAME, `${tip % 4}-${tip % 3}`, '--wait');
}

/** Does something with the place where the page keeps what it has checked. */
const withKept = (work) => clara.page.evaluate((work) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('keyval-store');
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const books = opening.result.transaction('keyval', 'readwrite').objectStore('keyval');
    const reading = books.get('book');
    reading.onsuccess = () => {
      const kept = reading.result;
      if (work === 'change') {
        kept.bytes[kept.bytes.length >> 1] ^= 1;
        books.put(kept, 'book');
      }
      books.transaction.oncomplete = () => {
        opening.result.close();
        resolve(kept?.bytes.length);
      };
    };
  };
}), work);

/** Leaves the page for an answer of the same address. */
const leave = () => clara.page.goto(`${liar.url}/api/v1/time`);

/** Waits until something is kept, and leaves the page, which keeps the rest as it goes: nothing is written behind the test's back. */
async function isKept() {
  await until('what is kept', () => withKept('look'));
  await leave();
  await until('what is kept', () => withKept('look'));
}
const isGone = () => until('nothing to be kept', async () => (await withKept('look')) === undefined);

/** Opens the table; gives what was asked for of the chain, and how many bytes came. Leaves first: the page before may still ask. */
async function visits(ends = () => clara.sees(/^Checked$/)) {
  await leave();
  const [asked, sizes] = [[], []];
  const isChain = (request) => new URL(request.url()).pathname === '/api/v1/chain';
  const sent = (request) => { if (isChain(request)) asked.push(new URL(request.url()).search); };
  const came = (request) => { if (isChain(request)) sizes.push(request.sizes().then((it) => it.responseBodySize)); };
  clara.page.on('request', sent);
  clara.page.on('requestfinished', came);
  await clara.goto(`${liar.url}/table`);
  await ends();
  clara.page.off('request', sent);
  clara.page.off('requestfinished', came);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { asked, bytes };
}

const isWhole = ({ asked }) => assert.equal(asked[0], '?proven=0');
const isRest = ({ asked, bytes }) => {
  assert.ok(asked.length > 0 && asked.every((it) => it.includes('above=')), asked.join(' '));
  assert.ok(bytes < LITTLE, `${bytes} bytes`);
};

/** What the page says is wrong. */
async function alarm(title) {
  const alarm = clara.page.getByRole('alert').filter({ hasText: title }).first();
  await alarm.waitFor();
  return (await alarm.innerText()).replaceAll(/\s+/g, ' ');
}

test('a second visit asks only for what is new', { timeout: 120_000 }, async () => {
  await isKept();
  isRest(await visits());
  await bet(3);
  const { height } = (await ana.read('/status')).final;
  isRest(await visits());
  assert.ok(height > BETS);
});

test('what was changed on the device is thrown away, and all is read again', { timeout: 120_000 }, async () => {
  await isKept();
  await withKept('change');
  isWhole(await visits());
  await isKept();
  isRest(await visits());
});

test('a lie is noticed by what was kept, and nothing stays kept after it', { timeout: 120_000 }, async () => {
  await isKept();
  liar.lie('/api/v1/standings', ({ items }) => { items.find(({ player }) => player.name === 'Ana').points = 99; });
  isRest(await visits(async () => {
    assert.match(await alarm('The pool’s computer shows a wrong number'), /Points · Ana .* claims 99 .* calculated 0/);
  }));
  await isGone();
  liar.honest();
  isWhole(await visits());
});

test('a block with another bit above what was kept is noticed', { timeout: 120_000 }, async () => {
  await isKept();
  await bet(1);
  liar.change('/api/v1/chain', (chain, { url }) => {
    if (url.includes('above=') && chain.length > 400) chain[chain.length - 250] ^= 1;
    return chain;
  });
  isRest(await visits(() => alarm('The pool’s computer sent blocks that break the rules')));
  await isGone();
  liar.honest();
  isWhole(await visits());
});

test('checking everything again begins with the first block', { timeout: 60_000 }, async () => {
  await isKept();
  isRest(await visits());
  await clara.goto(`${liar.url}/book`);
  await clara.sees(/Everything it compared matches the pool/);
  const asked = clara.page.waitForRequest(/chain\?proven=0$/);
  await clara.press('Check everything again, from block 1');
  await asked;
  isRest(await visits());
});

test('another history than the one that was kept is told as without it', { timeout: 120_000 }, async () => {
  await visits();
  await ana.end();
  other = pool.computer('other');
  await cp(ana.home, other.home, { recursive: true });
  await ana.run();
  await bet(15);
  // Once more, so that what is asked for next is above them.
  await visits();
  await isKept();
  const { height } = (await ana.read('/status')).final;
  await until('all of it to be kept', async () => {
    const { asked } = await visits();
    const proven = Number(new URLSearchParams(asked[0]).get('proven'));
    return proven > height - 12;
  });
  await clara.goto('about:blank');
  await ana.end();
  await other.run();
  for (let tip = 0; tip < 20; tip += 1) await other.bolao('bet', GAME, `${tip % 5}-4`, '--wait');
  liar.to(other);
  const { asked } = await visits(async () => {
    assert.match(await alarm('The pool’s computer sent blocks that break the rules'), /shows another history/);
  });
  assert.match(asked[0], /above=/);
  assert.equal(asked[1], '?proven=0');
  await isGone();
  // The device knows the block without the rest.
  isWhole(await visits(() => alarm('The pool’s computer sent blocks that break the rules')));
  liar.to(ana);
  await other.end();
  await ana.run();
  isWhole(await visits());
});
