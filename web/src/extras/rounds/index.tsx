import type { Extra } from "../extra";
import { Choice } from "./Choice";
import { column } from "./column";
import { Strip } from "./Strip";

/** Rounds that players win, where those separate equal points. */
export const ROUNDS: Extra = { name: "wins", column, OverTable: Strip, Choice };
