// A node that lies: the page computes everything itself from the chain, and says where the node's answers are others.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Between } from '../support/between.js';
import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';

let browser, pool, ana, liar, bruno, clara;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']]);
  ana = pool.ana;
  await ana.run();
  liar = await Between.stand(ana);
  [bruno, clara] = await Promise.all([['Bruno', 2, 1], ['Clara', 1, 1]].map(async ([name, home, away]) => {
    const friend = await Friend.come(browser);
    await friend.join(`${liar.url}/join`, name);
    await friend.write('Portugal', home, 'Spain', away);
    await friend.press('Send 1 tip');
    await friend.confirmed();
    return friend;
  }));
  await sleepUntil(await kickOff(ana, GAME, 2));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
});

after(async () => {
  for (const friend of [bruno, clara]) await friend?.leave();
  await browser?.close();
  await liar?.end();
  await ana?.end();
  await pool?.remove();
});

beforeEach(() => liar.honest());

const isWrong = 'The pool’s computer shows a wrong number';
const isBroken = 'The pool’s computer sent blocks that break the rules';

/** What the page says is wrong, in a line. */
async function alarm(friend, title) {
  const alarm = friend.page.getByRole('alert').filter({ hasText: title }).first();
  await alarm.waitFor();
  return (await alarm.innerText()).replaceAll(/\s+/g, ' ');
}

/** Waits until all that a place shows was compared. */
async function isChecked(friend, place) {
  await friend.goto(`${liar.url}${place}`);
  await friend.sees(/^Checked$/);
  assert.equal(await friend.page.getByRole('alert').count(), 0, `an alarm at ${place}, and no lie`);
}

const ofBruno = (items) => items.find(({ player }) => player.name === 'Bruno');
const without = (name) => (body) => {
  body.items = body.items.filter(({ player }) => player.name !== name);
};

/** Each changes one answer: which, how, the place of the page that shows it, and what that says. */
const LIES = {
  'another player’s points': [
    '/standings', ({ items }) => { ofBruno(items).points = 2; }, '/table', /Points · Bruno .* claims 2 .* calculated 4/,
  ],
  'a player who is left out of the table': ['/standings', without('Ana'), '/table', /leaves out Ana/],
  'the score of a result': [
    '/matches', ({ items: [{ record }] }) => { record.score = { home: 1, away: 1 }; }, '/live', /claims 1–1 .* calculated 2–1/,
  ],
  'the score at the place of the match': [
    `/matches/${GAME}`, ({ record }) => { record.score = { home: 1, away: 1 }; }, `/match/${GAME}`, /claims 1–1 .* calculated 2–1/,
  ],
  'points in a table since a match': [
    '/standings', ({ items }, url) => { if (url.includes('from=')) ofBruno(items).points = 2; }, `/table?since=${GAME}`,
    /Points · Bruno .* claims 2 .* calculated 4/,
  ],
  'a result in the history of a match': [
    `/matches/${GAME}/results`, ({ items }) => { items[0].score = { home: 1, away: 1 }; }, `/match/${GAME}`,
    /claims 1–1 .* calculated 2–1/,
  ],
  'a tip that is left out': [`/matches/${GAME}/tips`, without('Bruno'), `/match/${GAME}`, /leaves out Bruno's tip on MD1-/],
  'another tip than was sent': [
    `/matches/${GAME}/tips`, ({ items }) => { ofBruno(items).score = { home: 0, away: 1 }; }, `/match/${GAME}`,
    /Score · Bruno .* claims 0–1 .* calculated 2–1/,
  ],
  'a tip in the grid of a round': [
    '/rounds/Matchday%201/matrix', ({ items }) => { ofBruno(items).cells[0].score = { home: 0, away: 1 }; },
    '/table?grid=Matchday%201', /Bruno .* claims 0–1 .* calculated 2–1/,
  ],
  'a tip in the grid of all': [
    '/bets', ({ items }) => { ofBruno(items).score = { home: 0, away: 1 }; }, '/table?grid=*', /Bruno .* claims 0–1 .* calculated 2–1/,
  ],
  'points at the place of the player': [
    '/players/Bruno', ({ standing }) => { standing.points = 2; }, '/player/Bruno', /Points · Bruno .* claims 2 .* calculated 4/,
  ],
  'chips at the place of the player': [
    '/players/Bruno', (page) => { page.chips = 7; }, '/player/Bruno', /Chips · Bruno .* claims 7 .* calculated 1000/,
  ],
};

test('what an honest node says is checked, at every place', { timeout: 120_000 }, async () => {
  for (const place of new Set(Object.values(LIES).map(([, , at]) => at))) await isChecked(clara, place);
  await clara.page.getByText(/^Checked$/).click();
  await clara.sees(/Everything it compared matches the pool/);
});

for (const [what, [path, lie, place, says]] of Object.entries(LIES)) {
  test(`a lie is noticed: ${what}`, { timeout: 120_000 }, async () => {
    liar.lie(`/api/v1${path}`, lie);
    await clara.goto(`${liar.url}${place}`);
    assert.match(await alarm(clara, isWrong), says);
  });
}

test('one’s own tip that is left out is noticed, and the alarm ends with the lie', { timeout: 120_000 }, async () => {
  const { account } = await ana.read('/players/Clara');
  liar.lie(`/api/v1/players/${account}/bets`, without('Clara'));
  await clara.goto(`${liar.url}/table`);
  assert.match(await alarm(clara, isWrong), /leaves out Clara's tip on MD1-/);
  await clara.isClean('an alarm');
  liar.honest();
  await clara.press('A number is wrong: more');
  await clara.press('Check again');
  await clara.sees(/Everything it compared matches the pool/);
  await clara.sees('Wrong during this visit');
  await clara.sees(/\d\d:\d\d: .* leaves out Clara's tip on MD1-/);
  const { height, hash } = (await ana.read('/status')).final;
  await clara.sees(`Block ${height} ends in ${hash.slice(-8, -4)} ${hash.slice(-4)}`);
});

/** Sends a tip while the node names another place for it, and says what the page does. */
async function sendsAt(change) {
  await isChecked(clara, '/table');
  await clara.page.getByRole('link', { name: 'Tips', exact: true }).click();
  const { account } = await ana.read('/players/Clara');
  liar.lie(`/api/v1/accounts/${account}/nonce`, (body) => { body.next_nonce += change; });
  await clara.write('France', 3, 'Germany', 3);
  await clara.press('Send 1 tip');
  await clara.sees('The pool’s computer counts your signatures differently from the blocks');
  await clara.isClean('a place that is not the next');
  liar.honest();
  const { items } = await ana.read(`/transactions?state=pending&account=${account}`);
  assert.deepEqual(items, []);
}

test('nothing is signed for a place that the book holds already, or far ahead', { timeout: 120_000 }, async () => {
  await sendsAt(-1);
  await sendsAt(3);
  await clara.press('Send 1 tip');
  await until('the tip', async () => (await ana.read('/players/Clara/bets')).items.length === 2);
});

test('a block with another bit is noticed as it comes', { timeout: 120_000 }, async () => {
  await isChecked(clara, '/table');
  let changed = 0;
  liar.change('/api/v1/chain', async (chain) => {
    const { items } = await ana.read('/players/Bruno/bets');
    const tip = items.find(({ match }) => match.code === 'MD1-France-Germany');
    const slip = tip && await ana.read(`/transactions/${tip.transaction}/slip`);
    const at = slip ? chain.indexOf(Buffer.from(slip.transaction, 'base64url')) : -1;
    if (at >= 0) {
      chain[at + 50] ^= 1;
      changed += 1;
    }
    return chain;
  });
  await bruno.write('France', 1, 'Germany', 0);
  await bruno.press('Send 1 tip');
  assert.match(await alarm(clara, isBroken), /Merkle/);
  assert.ok(changed > 0);
  await clara.sees('Blocks are wrong');
  liar.honest();
  await isChecked(clara, '/table');
});

const mark = (friend) => friend.page.locator('button[data-look]').first();

/** Waits until the mark says this, and is not green. */
async function isDoubted(friend, says) {
  await mark(friend).filter({ hasText: says }).waitFor();
  assert.equal(await mark(friend).getAttribute('data-look'), 'plain');
}

const shownAs = (score) => (answer) => {
  const body = JSON.parse(answer);
  body.record.score = score;
  return JSON.stringify(body);
};

test('a lie after an event that starts no check is noticed', { timeout: 60_000 }, async () => {
  await isChecked(clara, '/table');
  liar.lie('/api/v1/standings', ({ items }) => { ofBruno(items).points = 99; });
  liar.tell('standings', {});
  assert.match(await alarm(clara, isWrong), /Points · Bruno .* claims 99 .* calculated 4/);
});

test('a lie whose second answer never comes is not green', { timeout: 60_000 }, async () => {
  await isChecked(clara, '/live');
  let asked = 0;
  liar.change(`/api/v1/matches/${GAME}`, (answer) => {
    asked += 1;
    return asked > 1 ? new Promise(() => undefined) : shownAs({ home: 0, away: 5 })(answer);
  });
  await clara.goto(`${liar.url}/match/${GAME}`);
  await isDoubted(clara, /Not sure yet|Could not check/);
  await clara.isClean('a doubt');
});

test('a book that does not come ends the green within seconds, and is told where no mark stands', { timeout: 60_000 }, async () => {
  await isChecked(clara, '/table');
  liar.change('/api/v1/chain', () => new Promise(() => undefined));
  liar.tell('tip', { hash: 'x' });
  await isDoubted(clara, 'Checking …');
  await clara.page.getByRole('link', { name: 'Tips', exact: true }).click();
  await isDoubted(clara, 'Checking …');
  liar.change('/api/v1/chain', () => undefined);
  await clara.goto(`${liar.url}/`);
  await isDoubted(clara, 'Could not check');
  await clara.isClean('a check that failed');
});

test('one answer that does not come hides no lie, and is not green', { timeout: 60_000 }, async () => {
  const { account } = await ana.read('/players/Clara');
  liar.change(`/api/v1/players/${account}/bets`, () => undefined);
  await clara.goto(`${liar.url}/match/${GAME}`);
  await isDoubted(clara, 'Could not check');
  liar.change(`/api/v1/matches/${GAME}`, shownAs({ home: 0, away: 5 }));
  await clara.goto(`${liar.url}/match/${GAME}`);
  assert.match(await alarm(clara, isWrong), /claims 0–5 .* calculated 2–1/);
});

test('a round that is not there spoils nothing', { timeout: 60_000 }, async () => {
  await clara.goto(`${liar.url}/table?grid=Nonsense`);
  await clara.page.locator('button[data-look="good"]').waitFor();
});

test('an older book than this device has seen is told on every page', { timeout: 60_000 }, async () => {
  const { height, hash } = (await ana.read('/status')).final;
  const chain = async (query) => Buffer.from(await (await fetch(`${ana.url}/api/v1/chain?${query}`)).arrayBuffer());
  const [whole, nothing] = [await chain('proven=0'), await chain(`proven=${height}&above=${hash}`)];
  await kickOff(ana, 'MD1-France-Germany', 86_400);
  await until('the page of it', async () => (await ana.read('/status')).final.height > height);
  await isChecked(clara, '/table');
  liar.change('/api/v1/chain', (_, { url }) => (url.includes('above=') ? nothing : whole));
  for (const place of ['/', '/table', '/book']) {
    await clara.goto(`${liar.url}${place}`);
    await clara.sees(/shows an older version of the pool than this device has seen/);
    await isDoubted(clara, 'Blocks are missing');
  }
  await clara.isClean('an older book');
});

test('a clock that is days off is told', { timeout: 60_000 }, async () => {
  liar.ahead(3 * 86_400_000);
  await clara.goto(`${liar.url}/`);
  await clara.sees(/clock is 3\sdays ahead of this device/);
  liar.ahead(-3 * 86_400_000);
  await clara.goto(`${liar.url}/table`);
  await clara.sees(/clock is 3\sdays behind this device/);
});

test('a receipt of another tip is told aloud', { timeout: 60_000 }, async () => {
  const tipOf = async (name) => (await ana.read(`/players/${name}/bets`)).items.find(({ match }) => match.code === GAME).transaction;
  const [asked, other] = [await tipOf('Bruno'), await tipOf('Clara')];
  const slip = JSON.stringify(await ana.read(`/transactions/${other}/slip`));
  liar.change(`/api/v1/transactions/${asked}/slip`, () => slip);
  liar.lie('/api/v1/players/Clara', (body) => { body.name = 'Ana'; });
  await clara.goto(`${liar.url}/player/Bruno`);
  await clara.page.getByText('All tips of Bruno').click();
  await clara.press('Receipt of Portugal – Spain');
  await clara.sees('The pool’s computer sent the wrong one');
  await clara.sees('Signed by Clara');
});

test('whoever joins is shown the rules of the pool that the link names, not those that the computer tells', { timeout: 120_000 }, async () => {
  liar.lie('/api/v1/pool/rules', (body) => {
    body.name = 'Another cup';
    body.rules.scoring = { kind: 'best', exact: 100, difference: 1, tendency: 1 };
    body.sentences = ['The exact score gives 100 points.'];
    body.said = [{ template: 'The exact score gives {points, plural, =0 {nothing} one {# point} other {# points}}.', values: { points: 100 } }];
  });
  liar.lie('/api/v1/pool', (body) => {
    Object.assign(body, { name: 'Another cup', tips: body.tips === 'open' ? 'sealed' : 'open', starting_chips: 9, membership: 'open' });
  });
  const dora = await Friend.come(browser);
  const shown = async (computer) => {
    const { link } = await ana.json('invite', '--url', computer.url);
    await dora.goto(link);
    await dora.press('All rules');
    await dora.sees(/starts with/);
    return (await dora.page.locator('main h1, main ul, dialog').allInnerTexts()).join('\n');
  };
  const lied = await shown(liar);
  liar.honest();
  const honest = await shown(ana);
  assert.equal(lied, honest);
  assert.match(honest, /Our cup/);
  assert.match(honest, /The exact score gives [2-9] points/);
  await dora.leave();
});
