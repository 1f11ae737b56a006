import type { Extra } from "../extra";
import { Choice } from "./Choice";
import { countsOn } from "./through";
import { Written } from "./Written";

/** Points for the team that goes through to the next round. */
export const THROUGH: Extra = { name: "through", Written, asksWhoAdvances: countsOn, Choice };
