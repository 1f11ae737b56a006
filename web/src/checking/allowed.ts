// Whether this device checks by itself: not over a metered connection, nor where it is weak, until its owner asks for it.

import { kept } from "../device/kept";
import { store } from "../device/store";

interface Connection {
  saveData?: boolean;
  type?: string;
}

/** What a browser says of its device, as far as it does. */
interface Device {
  connection?: Connection | undefined;
  deviceMemory?: number | undefined;
  hardwareConcurrency?: number | undefined;
}

/** Why a device does not check until it is asked. */
export type Reason = "metered" | "weak" | "chosen";

const WEAK_MEMORY_GB = 1;
const WEAK_CORES = 2;

/** Why this device should not check by itself; `undefined` where it should. */
export function reasonAgainst(device: Device, wish: string | null): Reason | undefined {
  if (wish === "always") return undefined;
  if (wish === "asked") return "chosen";
  if (device.connection?.saveData === true || device.connection?.type === "cellular") return "metered";
  const { deviceMemory, hardwareConcurrency } = device;
  if (deviceMemory !== undefined && deviceMemory <= WEAK_MEMORY_GB) return "weak";
  if (hardwareConcurrency !== undefined && hardwareConcurrency < WEAK_CORES) return "weak";
  return undefined;
}

const wish = kept("bolao.check");

/** When to check: `undefined` leaves it to what the device is. */
export const wished = store(wish.read());

export function wishToCheck(next: "always" | "asked"): void {
  wish.write(next);
  wished.set(next);
}

/** Why this device does not check by itself. */
export const against = (): Reason | undefined => reasonAgainst(navigator, wished.get());
