// The entry fee: what everybody pays outside the pool, and how that is shared.

import type { I18n } from "@lingui/core";

declare module "../../rules/types" {
  interface PlayerActs {
    paid: { player: string; paid: boolean };
  }
}

/** What a pool has chosen, as its file of rules has it. */
export interface FeeRule {
  /** What each player pays: a number with at most two decimals. */
  amount: string;
  /** The currency, as people write it. */
  currency: string;
  /** The percentages of the first places. */
  split: readonly number[];
}

/** An amount as people write it, with its currency behind it. */
export function money(i18n: I18n, amount: string, currency: string): string {
  const minimumFractionDigits = amount.includes(".") ? 2 : 0;
  const number = i18n.number(Number(amount), { minimumFractionDigits, maximumFractionDigits: 2 });
  return `${number}\u00a0${currency}`;
}

const WRITTEN = /^\d{1,9}([.,]\d{1,2})?$/;
const LEAST = 0.01;
const MOST = 1_000_000;

/** Whether a text is an amount that a pool can have. */
export function isAmount(text: string): boolean {
  const amount = Number(text.replace(",", "."));
  return WRITTEN.test(text) && amount >= LEAST && amount <= MOST;
}

/** Whether something is missing or wrong in what a new pool has chosen. */
export function isIncomplete(rule: unknown): boolean {
  const { amount, currency } = rule as FeeRule;
  return !isAmount(amount) || currency === "";
}
