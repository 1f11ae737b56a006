import { lightOf } from "./contrast";
import { nationOf } from "./nations";
import { crests } from "./pieces";

/** As light as this, of 1, is what can be told from the dark green of a stage and from a dark card. */
const LIT = 0.12;
/** What a screen makes light of in red, green and blue. */
const LIGHT = [0.2126, 0.7152, 0.0722] as const;
const GAMMA = 2.2;

type Pair = readonly [first: string, second: string];
interface Named {
  name: string;
}

const partsOf = (colour: string): number[] => [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** A colour, `dd0000`, in its own hue and no darker than can be seen everywhere. */
function lit(colour: string): string {
  const light = partsOf(colour).map((part) => (Math.max(part, 1) / 255) ** GAMMA);
  const sum = light.reduce((all, part, at) => all + part * (LIGHT[at] ?? 0), 0);
  if (sum >= LIT) return `#${colour}`;
  const parts = light.map((part) => Math.round(255 * Math.min(1, (part * LIT) / sum) ** (1 / GAMMA)));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Two colours of each nation's shirts or flag, the first one first; others have theirs as clubs have. */
const NATIONS: Record<string, Pair> = Object.fromEntries(
  `AR 75aadb f6b40e;AT c8102e ffffff;AU ffcd00 00843d;BA 0a3a8d fecb00;BE c8102e f6d13b;BR f7d417 009c3b;CA d80621 ffffff;CH da291c ffffff;CI ff8200 009a44
CL d52b1e 0039a6;CM 007a5e ce1126;CO fcd116 003893;CR ce1126 002b7f;CV 003893 cf2027;CW 002b7f f9e814;CZ 2b6cc4 d7141a;DE dd0000 ffce00;DK c60c30 ffffff
DZ 006233 ffffff;EC ffdd00 034ea2;EG ce1126 1d1d1b;ES c60b1e ffc400;FR 1f3f94 ed2939;GB-ENG d0d3d4 cf142b;GB-SCT 0b3d91 ffffff;GB-WLS c8102e 00b140
GB-NIR 00843d ffffff;GH fcd116 006b3f;GR 0d5eaf ffffff;HR d7182a ffffff;HT 00209f d21034;HU 436f4d ce2939;IE 169b62 ff883e;IQ 007a3d ce1126;IR da0000 239f40
IS 02529c dc1e35;IT 1f5bb5 009246;JM fed100 009b3a;JO ce1126 007a3d;JP 1b2f6b bc002d;KR cd2e3a 0047a0;MA c1272d 006233;MX 006847 ce1126;NG 008751 ffffff
NL f36c21 21468b;NO ba0c2f 00205b;NZ 00247d c8102e;PA da121a 072357;PE d91023 ffffff;PL dc143c ffffff;PT d3122a 046a38;PY d52b1e 0038a8;QA 8a1538 ffffff
RO fcd116 002b7f;RS c6363c 0c4076;SA 006c35 ffffff;SE fecc02 006aa7;SI 005da4 ed1c24;SK 0b4ea2 ee1c25;SN 00853f fdef42;TN e70013 ffffff;TR e30a17 ffffff
UA ffd700 0057b8;US 3c3b6e b22234;UY 5cbfeb 1d1d1b;UZ 0099b5 1eb53a;ZA e0a800 007749;CD 007fff f7d618`
    .split(/[;\n]/)
    .map((line) => line.split(" "))
    .map(([code = "", first = "", second = ""]) => [code, [lit(first), lit(second)]]),
);

/** So light, of 1, that it cannot be told from paper. */
const PALE = 0.8;
const NOT_YET = ["transparent", "transparent"] as const;

const ofNation = ({ name }: Named): Pair | undefined => NATIONS[nationOf(name) ?? ""];

/** A club's colours, one that can be seen on paper first. */
function ofClub([first, second]: Pair): Pair {
  const pair: Pair = [lit(first.slice(1)), lit(second.slice(1))];
  return lightOf(pair[0]) > PALE ? [pair[1], pair[0]] : pair;
}

/** The colours in which two teams meet: the second one's other colour where both would look alike. */
export function useColours(home: Named, away: Named): readonly [home: string, away: string] {
  const nations = [ofNation(home), ofNation(away)] as const;
  const clubOf = crests.use(nations.includes(undefined))?.clubOf;
  const pairOf = (team: Named): Pair => (clubOf ? ofClub(clubOf(team).colours) : NOT_YET);
  const [first] = nations[0] ?? pairOf(home);
  const [second, other] = nations[1] ?? pairOf(away);
  return [first, alike(first, second) ? other : second];
}

const ALIKE = 90;

/** Whether two colours can be taken for each other. */
function alike(one: string, other: string): boolean {
  if (!one.startsWith("#") || !other.startsWith("#")) return one === other;
  const [a, b] = [partsOf(one.slice(1)), partsOf(other.slice(1))];
  return Math.hypot(...a.map((part, at) => part - (b[at] ?? 0))) < ALIKE;
}
