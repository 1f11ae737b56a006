import { i18n } from "@lingui/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { speak, wordsOfRules, type Language } from "../words/languages";
import { inWords } from "./said";

const POINTS = "{points, plural, =0 {nothing} one {# point} other {# points}}";
const EXACT = "{exact, plural, =0 {nothing} one {# point} other {# points}}";
const WON = "for the exact score, {difference} for the right goal difference, {tendency} for the right winner.";

const FIRST = `If the team named first wins: ${EXACT} ${WON}`;
const DRAW = `If it is a draw: ${EXACT} for the exact score, {tendency} for any other draw.`;
const SECOND = `If the team named second wins: ${EXACT} ${WON}`;
const QUOTA =
  "The right winner or a draw gives {least} to {most, plural, one {# point} other {# points}}: the fewer have it, the more " +
  "it gives. Divide the wrong tips by the right ones, multiply by a tenth of {most}, and add {least}. Only then round, a " +
  "half up; it is never more than {most}. A tip that nobody can read counts as wrong.";
const CHANGES = "As more tips are revealed, these points can still change until the result is final.";
const ADDED = "These points are added, only the best of them:";
const CLOSE = `The right winner or a draw, with a score that is close, gives ${POINTS}.`;
const IS_CLOSE =
  "A score is close if it is one goal off for one team and right for the other, or has one goal too many for both, or one " +
  "too few for both.";
const OTHER = `The right winner or a draw, with any other score, gives ${POINTS}.`;
const STAGES = "In the {count, plural, one {stage} other {stages}} {stages}, these points count instead: {lines}";
const UP_TO = "up to {points, plural, one {# point} other {# points}}";

const LINES = [
  { template: FIRST, values: { exact: 2, difference: 1, tendency: 0 } },
  { template: DRAW, values: { exact: 1, tendency: 0 } },
  { template: SECOND, values: { exact: 0, difference: 1, tendency: 0 } },
];

const RULES = [
  { template: QUOTA, values: { least: 3, most: 10 } },
  { template: CHANGES },
  { template: ADDED },
  ...LINES,
  { template: CLOSE, values: { points: 6 } },
  { template: IS_CLOSE },
  { template: OTHER, values: { points: 0 } },
  {
    template: STAGES,
    values: {
      ...{ count: 2, stages: { names: ["Semi-finals", "Final"] } },
      lines: { said: [{ template: CLOSE, values: { points: 1 } }, { template: IS_CLOSE }] },
    },
  },
  { template: UP_TO, values: { points: 15 } },
  { template: UP_TO, values: { points: 1 } },
];

const SAYS: Record<Language, string[]> = {
  en: [
    "The right winner or a draw gives 3 to 10 points: the fewer have it, the more it gives. Divide the wrong tips by the " +
      "right ones, multiply by a tenth of 10, and add 3. Only then round, a half up; it is never more than 10. A tip that " +
      "nobody can read counts as wrong.",
    CHANGES,
    ADDED,
    "If the team named first wins: 2 points for the exact score, 1 for the right goal difference, 0 for the right winner.",
    "If it is a draw: 1 point for the exact score, 0 for any other draw.",
    "If the team named second wins: nothing for the exact score, 1 for the right goal difference, 0 for the right winner.",
    "The right winner or a draw, with a score that is close, gives 6 points.",
    IS_CLOSE,
    "The right winner or a draw, with any other score, gives nothing.",
    "In the stages “Semi-finals” and “Final”, these points count instead: The right winner or a draw, with a score that is " +
      `close, gives 1 point. ${IS_CLOSE}`,
    "up to 15 points",
    "up to 1 point",
  ],
  de: [
    "Der richtige Sieger oder ein Unentschieden gibt 3 bis 10 Punkte: Je weniger richtig liegen, desto mehr gibt es. " +
      "Gerechnet wird so: falsche Tipps geteilt durch richtige, mal ein Zehntel von 10, plus 3. Erst am Ende wird gerundet, " +
      "ein halber Punkt nach oben; mehr als 10 gibt es nie. Ein Tipp, den niemand lesen kann, zählt als falsch.",
    "Werden weitere Tipps aufgedeckt, können sich diese Punkte noch ändern, bis das Ergebnis endgültig ist.",
    "Dazu kommen diese Punkte, nur die besten davon:",
    "Gewinnt das zuerst genannte Team: 2 Punkte für das exakte Ergebnis, 1 für die richtige Differenz, 0 für den richtigen " +
      "Sieger.",
    "Bei einem Unentschieden: 1 Punkt für das exakte Ergebnis, 0 für jedes andere Unentschieden.",
    "Gewinnt das zweitgenannte Team: nichts für das exakte Ergebnis, 1 für die richtige Differenz, 0 für den richtigen " +
      "Sieger.",
    "Der richtige Sieger oder ein Unentschieden gibt 6 Punkte, wenn das Ergebnis knapp daneben ist.",
    "Knapp daneben ist ein Ergebnis, das bei einem Team um ein Tor abweicht und beim anderen stimmt, oder bei beiden ein Tor " +
      "zu viel oder bei beiden eins zu wenig hat.",
    "Der richtige Sieger oder ein Unentschieden gibt bei jedem anderen Ergebnis nichts.",
    "In den Phasen „Semi-finals“ und „Final“ gelten andere Punkte: Der richtige Sieger oder ein Unentschieden gibt 1 Punkt, " +
      "wenn das Ergebnis knapp daneben ist. Knapp daneben ist ein Ergebnis, das bei einem Team um ein Tor abweicht und beim " +
      "anderen stimmt, oder bei beiden ein Tor zu viel oder bei beiden eins zu wenig hat.",
    "bis zu 15 Punkte",
    "bis zu 1 Punkt",
  ],
  pt: [
    "O vencedor certo ou um empate dá de 3 a 10 pontos: quanto menos gente acerta, mais vale. A conta: palpites errados " +
      "divididos pelos certos, vezes um décimo de 10, mais 3. Só no fim se arredonda, meio ponto para cima; nunca passa de " +
      "10. Um palpite que ninguém consegue ler conta como errado.",
    "À medida que mais palpites são revelados, esses pontos ainda podem mudar, até o resultado ser definitivo.",
    "Além disso, somam-se estes pontos, só o maior deles:",
    "Se o primeiro time vencer: 2 pontos pelo placar exato, 1 pelo saldo certo, 0 pelo vencedor certo.",
    "Se der empate: 1 ponto pelo placar exato, 0 por qualquer outro empate.",
    "Se o segundo time vencer: nada pelo placar exato, 1 pelo saldo certo, 0 pelo vencedor certo.",
    "O vencedor certo ou um empate, com um placar próximo, dá 6 pontos.",
    "Um placar é próximo quando erra por um gol em um dos times e acerta no outro, ou tem um gol a mais nos dois, ou um gol a " +
      "menos nos dois.",
    "O vencedor certo ou um empate, com qualquer outro placar, dá nada.",
    "Nas fases “Semi-finals” e “Final”, valem outros pontos: O vencedor certo ou um empate, com um placar próximo, dá 1 " +
      "ponto. Um placar é próximo quando erra por um gol em um dos times e acerta no outro, ou tem um gol a mais nos dois, ou " +
      "um gol a menos nos dois.",
    "até 15 pontos",
    "até 1 ponto",
  ],
};

afterAll(() => speak("en"));

describe.each(["en", "de", "pt"] as const)("in %s", (language) => {
  beforeAll(async () => {
    await wordsOfRules();
    await speak(language);
  });

  it("points by who wins, by how many are right and by stage are said", () => {
    expect(RULES.map((rule) => inWords(rule))).toEqual(SAYS[language]);
    expect(i18n.locale).toBe(language);
  });
});
