import { locale } from "../../words/languages";
import { nationOf } from "./nations";
import { teamName } from "./Team";

/** Nations that have an article in a sentence, as an object: "believe in the USA", "glaubt an die Schweiz". */
const ARTICLES: Record<string, Record<string, string>> = {
  en: { the: "AE BS CF DO GM IE KM KY MV NL PH SB SC US" },
  de: { die: "CD CH CI FO MN NL PH SK TR UA US", den: "CG IQ IR LB NE SD TD YE" },
};

/** What a team is called behind a preposition, in the reader's language. */
export function teamInSentence(team: { name: string }): string {
  const nation = nationOf(team.name);
  const articles = Object.entries(ARTICLES[locale().split("-", 1)[0] ?? ""] ?? {});
  const [article] = articles.find(([, nations]) => nation !== undefined && nations.split(" ").includes(nation)) ?? [];
  return article === undefined ? teamName(team) : `${article} ${teamName(team)}`;
}
