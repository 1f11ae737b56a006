import { RulesError } from "../rules";

/** Whether the rules say of a text that it has not even the form of a receipt. All that is wrong with one has one code. */
export const isNoSlip = (error: unknown): boolean =>
  error instanceof RulesError && error.message.startsWith("got a text that is no slip");
