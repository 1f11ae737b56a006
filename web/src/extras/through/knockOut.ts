// The rounds in which somebody goes through, by their names, as the program finds them for a pool that chooses the rule and names none
// (`crates/rules/fixtures/src/stage.rs`): without one of these it refuses the pool.

/** Names of rounds in letters and digits. */
const NAMED = new Set(
  `final finals finale thefinal endspiel grandfinal granfinal
  thirdplace matchforthirdplace 3rdplace thirdplacematch thirdplaceplayoff thirdplacefinal 3rdplacematch 3rdplaceplayoff bronzefinal
  spielumplatz3 spielumplatzdrei kleinesfinale terceirolugar disputade3lugar disputadoterceirolugar disputadeterceirolugar tercerpuesto
  tercerlugar partidoporeltercerpuesto petitefinale matchpourlatroisiemeplace matchpourla3eplace finaleperilterzoposto finale3posto
  terzoposto troostfinale matchforthe3rdplace gameforthird gameforthirdplace
  semifinal semifinals semis sf halbfinale halbfinals semifinais meiafinal meiasfinais semifinales demifinale demifinales semifinale
  semifinali halvefinale halvefinales
  quarterfinal quarterfinals quarters qf viertelfinale quartasdefinal quartosdefinal cuartosdefinal quartsdefinale quartdefinale
  quartidifinale kwartfinale kwartfinales
  roundof16 roundofsixteen last16 r16 ro16 achtelfinale oitavasdefinal oitavosdefinal octavosdefinal huitiemesdefinale
  huitiemedefinale ottavidifinale achtstefinale achtstefinales 18finale 18final
  roundof32 roundofthirtytwo last32 r32 ro32 sechzehntelfinale 16avosdefinal dezesseisavosdefinal dieciseisavosdefinal
  seiziemesdefinale sedicesimidifinale zestiendefinale zestiendefinales 116finale`.split(/\s+/),
);

/** Words of rounds that have no such name. */
const WORDS = new Set("playoff playoffs relegation barrage repechage knockout knockouts eliminatorias".split(" "));

/** What makes it the first of two matches, after which nobody goes through. */
const FIRST_LEG = ["1st leg", "first leg", "hinspiel", "ida", "andata", "aller"];

/** Small letters without accents. */
const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether somebody goes through after the matches of a round, by its name: what stands behind its last comma. */
export function isKnockOut(round: string): boolean {
  if (FIRST_LEG.some((it) => round.toLowerCase().includes(it))) return false;
  const last = plain(round.split(",").at(-1) ?? "");
  const words = last.replaceAll("play-off", "playoff").split(/[^a-z0-9]+/);
  return NAMED.has(last.replace(/[^a-z0-9]/g, "")) || words.some((word) => WORDS.has(word));
}
