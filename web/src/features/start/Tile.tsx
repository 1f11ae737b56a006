import type { CSSProperties } from "react";

import styles from "./Competitions.module.css";

/** Two colours of a competition, by the beginning of its code. */
const COLOURS: Record<string, readonly [string, string]> = {
  worldcup: ["#0b7a4b", "#c8102e"],
  euro: ["#143cdb", "#0a1f6b"],
  clubworldcup: ["#8a6400", "#2b2000"],
  uefa: ["#1a2f7a", "#3b64d8"],
  copa: ["#0b2a6f", "#a8841a"],
  en: ["#4b1466", "#8f2bbd"],
  es: ["#a31621", "#b86a00"],
  de: ["#b00020", "#2a2a2a"],
  it: ["#00529f", "#0a7a4a"],
  fr: ["#0b2a6f", "#c62839"],
  pt: ["#0a6b3a", "#b5121b"],
  nl: ["#b84a00", "#1e3a8a"],
  br: ["#0b7a3b", "#a87c00"],
  at: ["#b5121b", "#7a0c14"],
  be: ["#2a2a2a", "#a8841a"],
  gr: ["#0d5eaf", "#083d73"],
  sco: ["#0b3f8a", "#06224d"],
  tr: ["#b5121b", "#5c0a0f"],
  mx: ["#0b7a4b", "#a31621"],
  ar: ["#2f7fb8", "#1d4f78"],
  mls: ["#0b2a6f", "#a31621"],
};

const OTHERS = ["#46566b", "#2c3a4d"] as const;

/** Who plays it is no part of its name, nor is when. */
const LEFT_OUT = /^(UEFA|FIFA|\d{4}(-\d{2})?)$/;

/** Two letters for a competition: "PL", "S1", "BU". */
function lettersOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "" && !LEFT_OUT.test(word));
  const [first = "", second] = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, ""));
  const letters = second === undefined ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1);
  return letters.toLocaleUpperCase();
}

/** A competition at a glance: two letters on its two colours. */
export function Tile({ code, name }: { code: string; name: string }) {
  const [one, other] = COLOURS[code.split(".")[0] ?? ""] ?? OTHERS;
  return (
    <span className={styles.tile} aria-hidden="true" style={{ "--one": one, "--other": other } as CSSProperties}>
      {lettersOf(name)}
    </span>
  );
}
