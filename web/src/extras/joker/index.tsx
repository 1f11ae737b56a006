import type { Extra } from "../extra";
import { Choice } from "./Choice";
import { Tip } from "./Tip";
import { TooLate } from "./TooLate";

/** Matches on which a tip counts more. */
export const JOKER: Extra = { name: "jokers", Tip, Past: TooLate, Choice };
