// Why something was not signed, or not taken.

import { isBusyStatus, type Problem } from "./client";

/** The node names a place in the order of this account's acts that is not the next by the book. */
export const OTHER_ORDER = "other-order";

/** The node names the place of something that was sent from this device, and may still come into the book. */
export const PLACE_TAKEN = "place-taken";

/** What is to be signed rests on something that this device has not found in the book. */
export const NOT_IN_BOOK = "not-in-book";

/** Codes of refusals that time heals. */
const PASSING = new Set([
  // Something else of this account took the nonce meanwhile: this device's other tab, or its other device.
  "bad-nonce",
  "nonce-pending",
  OTHER_ORDER,
  PLACE_TAKEN,
  NOT_IN_BOOK,
  "mempool-full",
  "opening-too-early",
  "too-many-joins",
  "too-many-pending",
  "too-often",
  "unknown-account",
]);

/** Whether the same may be taken in a moment, or was taken already. */
export const isPassing = ({ code, status }: Pick<Problem, "code" | "status">): boolean =>
  PASSING.has(code) || isBusyStatus(status) || status >= 500;

/** The pool's rules say no, or part of it would not count, or this device does not sign. Nothing was sent. */
export class Refused extends Error {
  readonly code: string;
  /** Whether the same may be taken in a moment, or was taken already. */
  readonly passing: boolean;
  /** Whether the node had too much to do. */
  readonly busy: boolean;
  constructor(code: string, message: string, status = 0) {
    super(message);
    this.code = code;
    this.busy = isBusyStatus(status);
    this.passing = isPassing({ code, status });
  }
}

export const refused = ({ code, detail, status }: Problem): Refused => new Refused(code, detail, status);
