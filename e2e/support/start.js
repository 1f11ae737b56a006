// The first run, as somebody types it.
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { freePort } from './node.js';

/** Types `bolao start`; gives the address that it prints. */
export async function startPage(computer) {
  computer.port = await freePort();
  const process = computer.spawn('start', '--no-browser', '--here', '-p', String(computer.port));
  for await (const line of createInterface({ input: process.stdout })) {
    const address = line.match(/http:\S+\/start#\S+/)?.[0];
    if (address) {
      process.stdout.resume();
      return address;
    }
  }
  await once(process, 'exit');
  throw new Error('no address was printed');
}
