// The rules come as templates that the program writes, so that a rule is said in one place; here they are said in the reader's
// language.

import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";

import { teamName } from "../design/teams";
import { locale } from "../words/languages";
import { namesOf } from "../words/Names";
import { exactSpan, moment } from "../words/time";

/** How far sentences within sentences go: the program's own go four deep, a node that lies might go further. */
const DEEPEST = 8;

const isObject = (it: unknown): it is Record<string, unknown> => typeof it === "object" && it !== null;
const isText = (it: unknown): it is string => typeof it === "string";
const isNumber = (it: unknown): it is number => Number.isFinite(it);

/** A player by name; `called`: what one is called whose name is in no block yet. */
function playerInWords(player: unknown, called: unknown): string | undefined {
  if (!isObject(player) || !isText(player.account)) return undefined;
  return namesOf([{ account: player.account, name: [player.name, called].find(isText) ?? null }]);
}

function valueInWords(value: unknown, depth: number): string | number | undefined {
  if (isText(value) || isNumber(value)) return value;
  if (!isObject(value)) return undefined;
  const { seconds, names, at, teams, said, player, called } = value;
  if (isNumber(seconds)) return exactSpan(seconds);
  if (isNumber(at)) return moment(at, Date.now() / 1000);
  if (Array.isArray(teams) && teams.every(isText)) return teams.map((name) => teamName({ name })).join(" – ");
  if (player !== undefined) return playerInWords(player, called);
  if (Array.isArray(said)) {
    const sentences = said.map((one) => inWords(one, depth + 1));
    return sentences.every(isText) ? sentences.join(" ") : undefined;
  }
  if (Array.isArray(names) && names.every(isText)) {
    return new Intl.ListFormat(locale()).format(names.map((name) => t`“${name}”`));
  }
  return inWords(value, depth + 1);
}

/** A sentence in the reader's language; nothing if this page has no words for it, as for what a newer program says. */
export function inWords(said: unknown, depth = 0): string | undefined {
  if (depth > DEEPEST || !isObject(said) || !isText(said.template)) return undefined;
  if (!Object.hasOwn(i18n.messages, said.template)) return undefined;
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(said.values ?? {})) {
    const told = valueInWords(value, depth);
    if (told === undefined) return undefined;
    values[name] = told;
  }
  return i18n._(said.template, values);
}
