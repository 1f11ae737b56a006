// What other programs are written with: clients that generators make of the API's description, in Python and in TypeScript, read
// every GET of a node.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const ROOT = new URL('../..', import.meta.url).pathname;
const GENERATOR = join(ROOT, '.tools/python-client');
const GAME = 'MD1-Portugal-Spain';
const QUESTION = 'champion';
const run = promisify(execFile);

let pool, ana, description, gets, asked;

before(async () => {
  const matches = [['Portugal', 'Spain'], ['France', 'Germany']];
  pool = await makePool(matches, '--dispute-window', '1h', '--consensus', 'hybrid', '--target', 'fixed:8', '--membership', 'invite');
  ({ ana } = pool);
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
  await ana.bolao('bet', GAME, '2-1', 'MD1-France-Germany', '0-0', '--wait');
  await sleepUntil(await kickOff(ana, GAME, 2));
  await ana.bolao('result', GAME, '2-1', '--yes', '--wait');
  await ana.bolao('object', GAME, 'It was 2-2.', '--yes');
  const closes = new Date(Date.now() + 13 * 3_600_000).toISOString();
  await ana.bolao('question', 'add', QUESTION, '--text', 'Who wins?', '--teams', '--points', '5', '--closes', closes, '--yes', '--wait');
  const { items: [{ account }] } = await ana.read('/players');
  const { items: [{ transaction: id }] } = await ana.read('/bets');
  const { ticket } = await ana.json('invite');
  asked = { account, block: '1', code: GAME, id, question: QUESTION, player: 'Ana', stage: 'Matchday 1', ticket };
  description = await ana.read('/openapi.json');
  gets = Object.entries(description.paths).filter(([, item]) => item.get);
  await writeFile(join(pool.dir, 'openapi.json'), JSON.stringify(description));
  await writeFile(join(pool.dir, 'asked.json'), JSON.stringify(asked));
});

after(async () => {
  await ana?.end();
  await pool?.remove();
});

test('a client in Python', { timeout: 180_000, skip: !existsSync(GENERATOR) && 'scripts/setup.sh test installs the generator' }, async () => {
  const env = { ...process.env, PYTHONPATH: GENERATOR };
  const { stdout } = await run('python3', [join(ROOT, 'e2e/clients/every_get.py'), pool.dir, ana.url], { env });
  assert.equal(Number(stdout.trim().split('\n').at(-1)), gets.length);
});

/** The parameters that an operation wants, by where they stand. */
function wanted(path, { parameters = [] }) {
  const params = {};
  const value = (name) => asked[name === 'code' && path.includes('/questions/') ? 'question' : name];
  for (const { name, in: place } of parameters.filter((it) => it.required)) (params[place] ??= {})[name] = value(name);
  return params;
}

/** Whether the texts of a value have the forms that are described. */
function fits(value, schema) {
  if (schema.$ref) return fits(value, description.components.schemas[schema.$ref.split('/').at(-1)]);
  if (schema.oneOf) return schema.oneOf.some((one) => fits(value, one));
  if (typeof value === 'string') return !schema.pattern || new RegExp(schema.pattern, 'u').test(value);
  if (Array.isArray(value)) return value.every((item) => fits(item, schema.items ?? {}));
  if (value === null || typeof value !== 'object') return true;
  const required = (schema.required ?? []).every((name) => name in value);
  return required && Object.entries(value).every(([name, field]) => fits(field, schema.properties?.[name] ?? {}));
}

/** The answer to a path, in the types of TypeScript: a line that compiles only if it fits. */
async function answer([path, { get }], number) {
  const { path: inPath, query } = wanted(path, get);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(inPath[name]));
  const [[kind]] = Object.entries(get.responses[200].content);
  const type = `paths[${JSON.stringify(path)}]["get"]["responses"][200]["content"][${JSON.stringify(kind)}]`;
  const got = await fetch(`${ana.url}${filled}?${new URLSearchParams(query)}`);
  assert.equal(got.status, 200, path);
  assert.equal(got.headers.get('content-type').split(';')[0], kind, path);
  if (kind === 'application/json') {
    const text = await got.text();
    assert(fits(JSON.parse(text), get.responses[200].content[kind].schema), `${path}: ${text}`);
    return `const _${number}: ${type} = ${text};`;
  }
  if (kind !== 'text/event-stream') {
    await got.body.cancel();
    return '';
  }
  let text = '';
  for await (const piece of got.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('\n\n')) break;
  }
  return `const _${number}: ${type} = ${text.match(/^data: ?(.*)$/m)[1]};`;
}

test('a client in TypeScript', { timeout: 180_000 }, async () => {
  // The page's own generator.
  const tools = join(ROOT, 'web/node_modules');
  await run(join(tools, '.bin/openapi-typescript'), [join(pool.dir, 'openapi.json'), '-o', join(pool.dir, 'schema.d.ts')]);
  await symlink(tools, join(pool.dir, 'node_modules'));
  const answers = [];
  // One after another: some take long, and a node gives few of those at once.
  for (const [number, get] of gets.entries()) answers.push(await answer(get, number));
  const calls = gets.map(([path, { get }]) => `void client.GET(${JSON.stringify(path)}, { params: ${JSON.stringify(wanted(path, get))} });`);
  const program = [
    'import createClient from "openapi-fetch";',
    'import type { paths } from "./schema";',
    `const client = createClient<paths>({ baseUrl: ${JSON.stringify(ana.url)} });`,
    ...calls,
    ...answers,
  ];
  await writeFile(join(pool.dir, 'client.ts'), program.join('\n'));
  const flags = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const compiled = run(join(tools, '.bin/tsc'), [...flags, join(pool.dir, 'client.ts')]);
  await compiled.catch(({ stdout }) => assert.fail(stdout.slice(0, 4_000)));
});
