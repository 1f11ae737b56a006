// Real nodes: the program itself, in homes of its own, on ports of its own.
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BOLAO = process.env.BOLAO ?? new URL('../../target/debug/bolao', import.meta.url).pathname;

/** Below the range from which systems take the ports of outgoing connections. */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(() => true, () => false);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export async function until(what, check, patience_ms = 45_000) {
  const end = Date.now() + patience_ms;
  for (;;) {
    const value = await check().catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${patience_ms / 1000} s for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** A computer with a home, on which the program is typed and a node runs. */
export class Computer {
  constructor(dir, name) {
    this.home = join(dir, name);
  }

  /** What the program prints. */
  async bolao(...args) {
    const { stdout } = await promisify(execFile)(BOLAO, ['--home', this.home, ...args]);
    return stdout;
  }

  async json(...args) {
    return JSON.parse(await this.bolao(...args, '--json'));
  }

  /** The words of its player. */
  async words() {
    const printed = await this.bolao('wallet', 'words', '--yes');
    return printed.match(/\b[a-z]{3,8}\b/g).join(' ');
  }

  /** Starts the program; the computer's `end` ends it. */
  spawn(...args) {
    this.url = `http://127.0.0.1:${this.port}`;
    this.node = spawn(BOLAO, ['--home', this.home, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.node.stdout.resume();
    return this.node;
  }

  /** Runs the node, at first on a free port, later on the same again. */
  async run(...args) {
    this.port ??= await freePort();
    this.spawn(...(args.length > 0 ? args : ['run', '-i', '127.0.0.1', '-p', String(this.port)]));
    await until('the node', async () => (await fetch(`${this.url}/api/v1/status`)).ok, 60_000);
  }

  async read(path) {
    const answer = await fetch(`${this.url}/api/v1${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  /** Ends the node; `SIGKILL` is a power cut. */
  async end(signal = 'SIGTERM') {
    if (!this.node) return;
    const { node } = this;
    this.node = undefined;
    if (node.exitCode !== null) return;
    node.kill(signal);
    await once(node, 'exit');
  }
}

const time = (at) => at.toISOString();

/**
 * A pool of matches a day away, open in what `flags` do not say, whose kick-offs tests bring forward. `matches`: pairs of teams, each with
 * its round where that is another. `from_ms`: from when on it is counted, so that several pools have the same matches.
 */
export async function makePoolOf(name, from_ms, matches, ...flags) {
  const dir = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  const day = (number) => new Date(from_ms + (24 + number) * 3_600_000);
  const rows = matches.map(([home, away, round = 'Matchday 1'], number) => {
    const at = time(day(number));
    return `${at.slice(0, 10)},${at.slice(11, 16)},${home},${away},${round}`;
  });
  const file = join(dir, 'fixtures.csv');
  await writeFile(file, ['Date,Time,Home,Away,Round', ...rows, ''].join('\n'));
  const ana = new Computer(dir, 'ana');
  for (const flag of ['--membership', '--tips']) if (!flags.includes(flag)) flags.push(flag, 'open');
  await ana.bolao('new', name, '--fixtures', file, '--zone', 'UTC', '--dates', 'month-day', '--as', 'Ana', ...flags);
  return {
    dir,
    ana,
    computer: (name) => new Computer(dir, name),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** The same of one that has no other beside it. */
export const makePool = (matches, ...flags) => makePoolOf('Our cup', Date.now(), matches, ...flags);

/** The same of two organisers, of whom both sign what a flag says: Bruno has joined from a computer of his own. */
export async function makePoolOfTwo(matches, ...flags) {
  const dir = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  const bruno = new Computer(dir, 'bruno');
  const account = (await bruno.bolao('wallet', 'create')).match(/bolao1[a-z0-9]+/)[0];
  const pool = await makePool(matches, '--organiser', account, ...flags);
  const { ana } = pool;
  await ana.run();
  await bruno.bolao('join', ana.url, '--name', 'Bruno');
  await bruno.run();
  await until('Bruno', () => ana.read('/players/Bruno'));
  const remove = async () => {
    await bruno.end();
    await ana.end();
    await pool.remove();
    await rm(dir, { recursive: true, force: true });
  };
  return { ana, bruno, dir, remove };
}

/** Moves a match to begin in so many seconds, signed by each of these organisers; gives the moment. */
export async function kickOff(computer, match, in_s, ...others) {
  const at = new Date(Math.ceil(Date.now() / 1000 + in_s) * 1000);
  for (const organiser of [computer, ...others]) await organiser.bolao('schedule', match, '--kickoff', time(at), '--yes', '--wait');
  return at;
}

export const sleepUntil = (at) => new Promise((resolve) => { setTimeout(resolve, Math.max(0, at - Date.now())); });
