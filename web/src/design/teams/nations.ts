// Which nation a team is, by the name in the fixtures, so that it has a flag and a name in the reader's language.

/** Football's nations that are no states, in English, Portuguese and German. */
const HOME_NATIONS: Record<string, readonly [en: string, pt: string, de: string]> = {
  "GB-ENG": ["England", "Inglaterra", "England"],
  "GB-SCT": ["Scotland", "Escócia", "Schottland"],
  "GB-WLS": ["Wales", "País de Gales", "Wales"],
  "GB-NIR": ["Northern Ireland", "Irlanda do Norte", "Nordirland"],
};

/** What fixtures call nations, besides what browsers call them. */
const ALSO = new Map(
  Object.entries({
    "bosnia herzegovina": "BA",
    "cape verde islands": "CV",
    "china pr": "CN",
    congo: "CG",
    "congo dr": "CD",
    "czech republic": "CZ",
    "dr congo": "CD",
    "cote d ivoire": "CI",
    "ivory coast": "CI",
    "hong kong": "HK",
    "ir iran": "IR",
    "korea dpr": "KP",
    "korea republic": "KR",
    "kyrgyz republic": "KG",
    macedonia: "MK",
    palestine: "PS",
    "republic of ireland": "IE",
    tschechien: "CZ",
    turkey: "TR",
    "united states of america": "US",
    usa: "US",
  }),
);

const CODES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FO FR GA GD GE GF GH GI GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NZ OM PA PE PF PG PH PK PL PR PS PT PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS XK YE ZA ZM ZW".split(
    " ",
  );

const plain = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/&/g, " ")
    .replace(/\band\b/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const named = new Map<string, Intl.DisplayNames>();

function namesIn(locale: string): Intl.DisplayNames {
  const known = named.get(locale) ?? new Intl.DisplayNames([locale], { type: "region", fallback: "none" });
  named.set(locale, known);
  return known;
}

/** In this order, since most fixtures are in English and the names of 200 nations take a phone a while. */
const LOCALES = ["en", "pt", "de"] as const;

const nations = new Map<string, Map<string, string>>();

function nationsIn(locale: (typeof LOCALES)[number]): Map<string, string> {
  const known = nations.get(locale);
  if (known !== undefined) return known;
  const made = new Map<string, string>();
  for (const code of [...CODES, ...Object.keys(HOME_NATIONS)]) {
    const name = nationName(code, locale);
    if (name !== undefined) made.set(plain(name), code);
  }
  nations.set(locale, made);
  return made;
}

const found = new Map<string, string | undefined>();

/** The code of the nation that a team is; `undefined` for a club. */
export function nationOf(name: string): string | undefined {
  if (!found.has(name)) {
    const it = plain(name);
    let code = ALSO.get(it);
    for (const locale of LOCALES) code ??= nationsIn(locale).get(it);
    found.set(name, code);
  }
  return found.get(name);
}

/** A nation's name in a language. */
export function nationName(code: string, locale: string): string | undefined {
  const own = HOME_NATIONS[code];
  if (own !== undefined) return own[locale.startsWith("pt") ? 1 : locale.startsWith("de") ? 2 : 0];
  return namesIn(locale).of(code);
}
