import type { Competition } from "./first";

/** So many are proposed before somebody types. */
const FEW = 8;

/** Without accents and capitals. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The best known of what is played on a day; of what comes next, where that is little. */
export function proposed(all: readonly Competition[], today: string): Competition[] {
  const played = all.filter(({ begins, ends }) => begins <= today && today <= ends);
  const next = all.filter((one) => !played.includes(one));
  return [...played, ...next].slice(0, FEW);
}

/** Those that have every word that was typed in their name, their code or the words for them. */
export function found(all: readonly Competition[], typed: string): Competition[] {
  const wanted = plain(typed).split(/\s+/);
  return all.filter(({ name, code, words }) => {
    const text = plain(`${name} ${code} ${words}`);
    return wanted.every((word) => text.includes(word));
  });
}
