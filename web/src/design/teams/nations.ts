// Which nation a team is, by the name in the fixtures, so that it has a flag and a name in the reader's language.

/** What football calls nations that are no states, or that browsers call otherwise: in English, Portuguese and German. */
const FOOTBALL: Record<string, readonly [en: string, pt: string, de: string]> = {
  "GB-ENG": ["England", "Inglaterra", "England"],
  "GB-SCT": ["Scotland", "Escócia", "Schottland"],
  "GB-WLS": ["Wales", "País de Gales", "Wales"],
  "GB-NIR": ["Northern Ireland", "Irlanda do Norte", "Nordirland"],
  AG: ["Antigua and Barbuda", "Antígua e Barbuda", "Antigua und Barbuda"],
  BA: ["Bosnia and Herzegovina", "Bósnia e Herzegovina", "Bosnien-Herzegowina"],
  BN: ["Brunei", "Brunei", "Brunei"],
  CD: ["DR Congo", "RD Congo", "DR Kongo"],
  CG: ["Congo", "Congo", "Kongo"],
  CI: ["Ivory Coast", "Costa do Marfim", "Elfenbeinküste"],
  CV: ["Cape Verde", "Cabo Verde", "Kap Verde"],
  CZ: ["Czechia", "Tchéquia", "Tschechien"],
  HK: ["Hong Kong", "Hong Kong", "Hongkong"],
  IE: ["Republic of Ireland", "Irlanda", "Irland"],
  KN: ["St. Kitts and Nevis", "São Cristóvão e Névis", "St. Kitts und Nevis"],
  MD: ["Moldova", "Moldávia", "Moldau"],
  MM: ["Myanmar", "Mianmar", "Myanmar"],
  MO: ["Macau", "Macau", "Macau"],
  NL: ["Netherlands", "Holanda", "Niederlande"],
  PS: ["Palestine", "Palestina", "Palästina"],
  ST: ["São Tomé and Príncipe", "São Tomé e Príncipe", "São Tomé und Príncipe"],
  TC: ["Turks and Caicos Islands", "Ilhas Turcas e Caicos", "Turks- und Caicosinseln"],
  TR: ["Türkiye", "Turquia", "Türkei"],
  TT: ["Trinidad and Tobago", "Trinidad e Tobago", "Trinidad und Tobago"],
  US: ["USA", "Estados Unidos", "USA"],
  VC: ["St. Vincent and the Grenadines", "São Vicente e Granadinas", "St. Vincent und die Grenadinen"],
  VI: ["US Virgin Islands", "Ilhas Virgens Americanas", "Amerikanische Jungferninseln"],
};

/** What fixtures call nations, besides what football and browsers call them. */
const ALSO = new Map(
  Object.entries({
    bosnia: "BA",
    "bosnia herzegovina": "BA",
    "bosnia herz": "BA",
    bosnien: "BA",
    "cabo verde": "CV",
    "cape verde islands": "CV",
    "china pr": "CN",
    "chinese taipei": "TW",
    "congo dr": "CD",
    "congo kinshasa": "CD",
    "congo brazzaville": "CG",
    "republic of congo": "CG",
    "czech republic": "CZ",
    "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD",
    "cote d ivoire": "CI",
    "ee uu": "US",
    eua: "US",
    holland: "NL",
    "hong kong china": "HK",
    "ir iran": "IR",
    "korea dpr": "KP",
    "korea republic": "KR",
    "kyrgyz republic": "KG",
    macedonia: "MK",
    "republic of korea": "KR",
    "republica tcheca": "CZ",
    "sao tome principe": "ST",
    swaziland: "SZ",
    turkey: "TR",
    uae: "AE",
    "united states of america": "US",
    us: "US",
  }),
);

const CODES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FO FR GA GD GE GF GH GI GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NZ OM PA PE PF PG PH PK PL PR PS PT PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS XK YE ZA ZM ZW".split(
    " ",
  );

/** A name as it is looked up: small letters and digits. */
export const plain = (name: string): string =>
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
  for (const code of new Set([...CODES, ...Object.keys(FOOTBALL)])) {
    // The homes of football's own are no regions of a browser's.
    const names = [nationName(code, locale), code.includes("-") ? undefined : namesIn(locale).of(code)];
    for (const name of names) if (name !== undefined) made.set(plain(name), code);
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

/** A nation's name in a language, as football has it. */
export function nationName(code: string, locale: string): string | undefined {
  const own = FOOTBALL[code];
  if (own !== undefined) return own[locale.startsWith("pt") ? 1 : locale.startsWith("de") ? 2 : 0];
  return namesIn(locale).of(code);
}
