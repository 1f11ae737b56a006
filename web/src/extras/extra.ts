// Optional rules of a pool, as this page shows them: a folder for each, and a line of the list in `index.tsx`.

import type { ComponentType, ReactNode } from "react";

import type { Draft } from "../identity/drafts/draft";
import type { OwnTip } from "../identity/drafts/ownTips";
import type { Shapes } from "../node/client";

/** A match that takes no more tips. */
export interface PastProps {
  pool: string;
  match: Shapes["MatchBody"];
}

/** A match on which one may tip. */
export interface TipProps extends PastProps {
  tip: OwnTip | undefined;
  draft: Draft | undefined;
  /** Whether there is room for words. */
  roomy: boolean;
}

/** A tip while it is written. */
export interface WrittenProps extends PastProps {
  /** What is written, or else the tip that stands. */
  written: Draft | undefined;
  write: (next: Draft) => void;
}

/** The whole pool's table. */
export interface TableProps {
  table: Shapes["StandingsBody"];
  /** The account of this device's player. */
  own: string | undefined;
}

/** A column of that table, beside the points. */
export interface Column {
  /** Whether the table has it, by what the node has answered. */
  isIn: (table: Shapes["StandingsBody"]) => boolean;
  /** What it is called: over it, or `inLine`, where a phone names the columns. */
  Name: ComponentType<{ inLine?: boolean }>;
  /** What it has of a player. */
  Cell: ComponentType<{ line: Shapes["StandingBody"] }>;
  /** Whether it says what crowns say elsewhere. */
  isForCrowns?: boolean;
}

/** The round that became final last, on Live. */
export interface LiveProps {
  stage: string;
  /** Of the round only. */
  table: Shapes["StandingsBody"];
  /** Every match of the pool. */
  matches: readonly Shapes["MatchBody"][];
}

/** A card about that round. */
export interface OnLive {
  /** Whether there is one, by the round's table: it then stands for the line that says who won the round. */
  isIn: (table: Shapes["StandingsBody"]) => boolean;
  /** The words of the rules are there when it is first drawn. */
  Card: ComponentType<LiveProps>;
}

/** A player in the list that organisers have. */
export interface PersonProps {
  pool: string;
  player: Shapes["PlayerBody"];
}

/** What that list has of its players. */
export interface OnPeople {
  /** Over the list. */
  Over: ComponentType<{ pool: string; players: readonly Shapes["PlayerBody"][] }>;
  /** Under a player's name. */
  UnderName: ComponentType<PersonProps>;
  /** Beside it: what can be done, and what comes of that below, as wide as the row. */
  Beside: ComponentType<PersonProps>;
}

/** The optional rules in a file of rules, by their names. */
export type Features = Record<string, unknown>;

export interface ChoiceProps {
  /** The rounds of its matches. */
  rounds: readonly string[];
  features: Features;
  change: (features: Features) => void;
  /** What separates equal points, the first first; the usual where the pool chooses nothing. */
  tieBreaks: readonly string[] | undefined;
  separateBy: (tieBreaks: readonly string[] | undefined) => void;
  /** What stands around a choice; `follows`: what comes of it. */
  Question: ComponentType<{ children: ReactNode; follows: ReactNode }>;
}

/** Where one of them shows. Beside matches it does so only in a pool that has chosen it. */
export interface Extra {
  /** Its name in a file of rules. */
  name: string;
  /** Beside a match on which one may tip. */
  Tip?: ComponentType<TipProps>;
  /** Under a tip that is written. */
  Written?: ComponentType<WrittenProps>;
  /** Under a match that takes no more tips. */
  Past?: ComponentType<PastProps>;
  /** Whether the result of a match is to say who advances, by what the pool has chosen of this. */
  asksWhoAdvances?: (rule: unknown, match: Shapes["MatchBody"]) => boolean;
  /** A column of the whole pool's table. */
  column?: Column;
  /** Over that table. */
  OverTable?: ComponentType<TableProps>;
  /** Under that table, and before there is one, under who has tipped. */
  UnderTable?: ComponentType<TableProps>;
  /** On Live, over what happened. */
  onLive?: OnLive;
  /** Among the players, where organisers see them. */
  onPeople?: OnPeople;
  /** Among the options of a new pool. */
  Choice?: ComponentType<ChoiceProps>;
  /** Whether something is missing or wrong in what a new pool has chosen of it. */
  isIncomplete?: (rule: unknown) => boolean;
}
