//! Competitions that are known by a code.

use std::{env, iter::successors};

use bolao_fixtures::MAX_FILE_BYTES;
use jiff::{
    Span, Zoned,
    civil::{Date, date},
};
use thiserror::Error;
use url::Url;

use crate::{
    DownloadError,
    copies::{copy, has_copy},
    text,
};

/// A league of which openfootball publishes seasons.
#[derive(Debug, PartialEq, Eq)]
struct League {
    code: &'static str,
    name: &'static str,
    /// Words by which people look for it, besides its name.
    also: &'static str,
    zone: &'static str,
    /// Whether a season is a calendar year.
    by_year: bool,
    /// The list as text, in a repository of openfootball; `{}` is the season. Empty where there is none.
    text: &'static str,
    /// Its shortcut at OpenLigaDB.
    openligadb: Option<&'static str>,
}

const fn league(
    code: &'static str,
    name: &'static str,
    also: &'static str,
    zone: &'static str,
    text: &'static str,
) -> League {
    League {
        code,
        name,
        also,
        zone,
        by_year: false,
        text,
        openligadb: None,
    }
}

const fn by_year(league: League) -> League {
    League {
        by_year: true,
        ..league
    }
}

const fn at_openligadb(shortcut: &'static str, league: League) -> League {
    League {
        openligadb: Some(shortcut),
        ..league
    }
}

const LONDON: &str = "Europe/London";
const BERLIN: &str = "Europe/Berlin";
const MADRID: &str = "Europe/Madrid";
const PARIS: &str = "Europe/Paris";
const ROME: &str = "Europe/Rome";

#[rustfmt::skip]
static LEAGUES: [League; 35] = [
    league("en.1", "Premier League", "England English Inglaterra", LONDON, "england/master/{}/1-premierleague.txt"),
    league("es.1", "La Liga", "Spain Spanish España Spanien Espanha Primera División", MADRID, "espana/master/{}/1-liga.txt"),
    at_openligadb("bl1", league("de.1", "Bundesliga", "Germany German Deutschland Alemanha Alemania", BERLIN, "deutschland/master/{}/1-bundesliga.txt")),
    league("it.1", "Serie A", "Italy Italian Italia Italien Itália", ROME, "italy/master/{}/1-seriea.txt"),
    league("fr.1", "Ligue 1", "France French Frankreich França Francia", PARIS, "europe/master/france/{}_fr1.txt"),
    league("uefa.cl", "UEFA Champions League", "Europe Europa UEFA", "Europe/Zurich", "champions-league/master/{}/cl.txt"),
    league("pt.1", "Primeira Liga", "Portugal Portuguese Portugiesisch", "Europe/Lisbon", "europe/master/portugal/{}_pt1.txt"),
    league("nl.1", "Eredivisie", "Netherlands Dutch Holland Niederlande Países Baixos", "Europe/Amsterdam", "europe/master/netherlands/{}_nl1.txt"),
    by_year(league("br.1", "Brasileirão Série A", "Brazil Brasil Brazilian Brasilien", "America/Sao_Paulo", "")),
    league("en.2", "Championship", "England English Inglaterra", LONDON, "england/master/{}/2-championship.txt"),
    at_openligadb("bl2", league("de.2", "2. Bundesliga", "Germany German Deutschland Alemanha Alemania", BERLIN, "deutschland/master/{}/2-bundesliga2.txt")),
    league("es.2", "Segunda División", "Spain Spanish España Spanien Espanha", MADRID, "espana/master/{}/2-liga2.txt"),
    league("it.2", "Serie B", "Italy Italian Italia Italien Itália", ROME, "italy/master/{}/2-serieb.txt"),
    league("fr.2", "Ligue 2", "France French Frankreich França Francia", PARIS, "europe/master/france/{}_fr2.txt"),
    league("en.3", "League One", "England English Inglaterra", LONDON, "england/master/{}/3-league1.txt"),
    league("en.4", "League Two", "England English Inglaterra", LONDON, "england/master/{}/4-league2.txt"),
    at_openligadb("bl3", league("de.3", "3. Liga", "Germany German Deutschland Alemanha Alemania", BERLIN, "deutschland/master/{}/3-liga3.txt")),
    at_openligadb("dfb", league("de.cup", "DFB-Pokal", "Germany German Deutschland Alemanha Alemania cup", BERLIN, "deutschland/master/{}/cup.txt")),
    league("at.1", "Austrian Bundesliga", "Austria Österreich Áustria", "Europe/Vienna", "austria/master/{}/1-bundesliga.txt"),
    league("at.2", "2. Liga", "Austria Österreich Áustria", "Europe/Vienna", "austria/master/{}/2-liga2.txt"),
    league("be.1", "Pro League", "Belgium Belgian Belgien Bélgica", "Europe/Brussels", "europe/master/belgium/{}_be1.txt"),
    league("gr.1", "Super League", "Greece Greek Griechenland Grécia", "Europe/Athens", "europe/master/greece/{}_gr1.txt"),
    league("sco.1", "Scottish Premiership", "Scotland Schottland Escócia", LONDON, "europe/master/scotland/{}_sco1.txt"),
    league("tr.1", "Süper Lig", "Turkey Türkiye Turkish Türkei Turquia", "Europe/Istanbul", "europe/master/turkey/{}_tr1.txt"),
    league("mx.1", "Liga MX", "Mexico México Mexican Mexiko", "America/Mexico_City", ""),
    league("au.1", "A-League", "Australia Australien Austrália", "Australia/Sydney", ""),
    league("eg.1", "Egyptian Premiership", "Egypt Ägypten Egito", "Africa/Cairo", ""),
    league("ma.1", "Botola Pro", "Morocco Marokko Marrocos", "Africa/Casablanca", ""),
    league("dz.1", "Algerian Ligue 1", "Algeria Algerien Argélia", "Africa/Algiers", ""),
    by_year(league("br.2", "Brasileirão Série B", "Brazil Brasil Brazilian Brasilien", "America/Sao_Paulo", "")),
    by_year(league("ar.1", "Liga Profesional", "Argentina Argentinien", "America/Argentina/Buenos_Aires", "")),
    by_year(league("co.1", "Categoría Primera A", "Colombia Kolumbien Colômbia", "America/Bogota", "")),
    by_year(league("copa.l", "Copa Libertadores", "South America Südamerika América do Sul", "America/Asuncion", "")),
    by_year(league("jp.1", "J1 League", "Japan Japão", "Asia/Tokyo", "")),
    by_year(league("mls", "Major League Soccer", "United States USA Canada Estados Unidos", "America/New_York", "")),
];

/// Seasons whose first and last day is known without their list.
#[rustfmt::skip]
const SEASONS: [(&str, Date, Date); 7] = [
    ("de.1.2026-27", date(2026, 8, 28), date(2027, 5, 22)),
    ("en.1.2026-27", date(2026, 8, 22), date(2027, 5, 30)),
    ("es.1.2026-27", date(2026, 8, 16), date(2027, 5, 30)),
    ("fr.1.2026-27", date(2026, 8, 22), date(2027, 5, 29)),
    ("it.1.2026-27", date(2026, 8, 23), date(2027, 5, 30)),
    ("nl.1.2026-27", date(2026, 8, 7), date(2027, 5, 23)),
    ("pt.1.2026-27", date(2026, 8, 8), date(2027, 5, 16)),
];

/// A tournament: its kind, its year, its days and the zone of times that its list gives without one.
type Cup = (&'static str, i16, Date, Date, &'static str);

#[rustfmt::skip]
const CUPS: [Cup; 10] = [
    ("worldcup", 2014, date(2014, 6, 12), date(2014, 7, 13), "America/Sao_Paulo"),
    ("worldcup", 2018, date(2018, 6, 14), date(2018, 7, 15), "Europe/Moscow"),
    ("worldcup", 2022, date(2022, 11, 20), date(2022, 12, 18), "Asia/Qatar"),
    ("worldcup", 2026, date(2026, 6, 11), date(2026, 7, 19), "America/New_York"),
    ("worldcup", 2030, date(2030, 6, 8), date(2030, 7, 21), "Europe/Lisbon"),
    ("euro", 2016, date(2016, 6, 10), date(2016, 7, 10), PARIS),
    ("euro", 2020, date(2021, 6, 11), date(2021, 7, 11), "Europe/Zurich"),
    ("euro", 2024, date(2024, 6, 14), date(2024, 7, 14), BERLIN),
    ("euro", 2028, date(2028, 6, 9), date(2028, 7, 9), LONDON),
    ("clubworldcup", 2025, date(2025, 6, 14), date(2025, 7, 13), "America/New_York"),
];

/// The first and the last day of a competition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// False where only the months are right.
    pub exact: bool,
}

/// A season of a league, or a tournament.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Such as `en.1.2026-27` or `worldcup.2026`.
    pub code: String,
    /// Such as `Premier League 2026-27`.
    pub name: String,
    /// The IANA name of the zone of times that the list gives without one.
    pub zone: &'static str,
    /// When it is.
    pub days: Days,
    /// The code of what comes after it.
    pub next: Option<String>,
    /// Words by which people look for it.
    also: &'static str,
    paths: Vec<String>,
    openligadb: Option<String>,
}

/// Why there is no list of a competition.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KnownError {
    /// No competition has the code.
    #[error("no competition has the code `{code}`{}", proposed(meant.as_deref()))]
    Unknown {
        /// The code, at most forty characters of it.
        code: String,
        /// The one that is perhaps meant.
        meant: Option<String>,
    },
    /// It is over.
    #[error("{name} has been over since {}{}", last.strftime("%-d %B %Y"), next_one(next.as_deref()))]
    Over {
        /// The competition.
        name: String,
        /// Its last day.
        last: Date,
        /// The code of what comes next.
        next: Option<String>,
    },
    /// Nobody has published it.
    #[error("the fixtures of {name} are not published yet")]
    NotPublished {
        /// The competition.
        name: String,
    },
    /// It cannot be read now.
    #[error(
        "{source}; this program has no copy of {name}: connect this machine, or use your own list"
    )]
    Unread {
        /// The competition.
        name: String,
        /// The obstacle.
        source: Box<DownloadError>,
    },
}

fn proposed(meant: Option<&str>) -> String {
    meant.map_or_else(
        || ": `bolao competitions` lists them all".to_owned(),
        |code| format!(". Did you mean {code}?"),
    )
}

fn next_one(next: Option<&str>) -> String {
    next.map_or_else(String::new, |code| {
        format!(": the next is {code}, and `bolao competitions` lists what is played now")
    })
}

/// A list as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The list.
    pub text: String,
    /// Of a copy: its day, and why nothing newer was read.
    pub copy: Option<(Date, DownloadError)>,
}

impl League {
    /// The season that is played on a day, or comes next; by the year in which it begins.
    fn year(&self, today: Date) -> i16 {
        let begun = self.by_year || today.month() >= 6;
        today.year() - i16::from(!begun)
    }

    fn season(&self, year: i16) -> String {
        if self.by_year {
            year.to_string()
        } else {
            format!("{year}-{:02}", (year + 1) % 100)
        }
    }

    fn code(&self, year: i16) -> String {
        format!("{}.{}", self.code, self.season(year))
    }

    /// The year in which a season begins that is written so.
    fn read(&self, season: &str) -> Option<i16> {
        let year = season.get(..4)?.parse().ok()?;
        let is_one = (2010..=2100).contains(&year) && self.season(year) == season;
        is_one.then_some(year)
    }

    fn known(&self, year: i16) -> Known {
        let (code, season) = (self.code(year), self.season(year));
        let listed = SEASONS.iter().find(|(of, ..)| *of == code);
        let days = match listed {
            Some((_, first, last)) => (*first, *last),
            None if self.by_year => (date(year, 1, 1), date(year, 12, 31)),
            None => (date(year, 8, 1), date(year + 1, 5, 31)),
        };
        let text = (!self.text.is_empty()).then(|| self.text.replace("{}", &season));
        let json = format!("football.json/master/{season}/{}.json", self.code);
        Known {
            name: format!("{} {season}", self.name),
            zone: self.zone,
            days: Days {
                first: days.0,
                last: days.1,
                exact: listed.is_some(),
            },
            next: Some(self.code(year + 1)),
            also: self.also,
            paths: std::iter::once(json).chain(text).collect(),
            openligadb: self.openligadb.map(|it| format!("{it}/{year}")),
            code,
        }
    }
}

fn cup(&(kind, year, first, last, zone): &Cup) -> Known {
    let (name, repository, file) = match kind {
        "euro" => ("Euro", "euro.json", "euro"),
        "clubworldcup" => ("Club World Cup", "worldcup.json", "clubworldcup"),
        _ => ("World Cup", "worldcup.json", "worldcup"),
    };
    let mut later = CUPS
        .iter()
        .filter(|(other, at, ..)| *other == kind && *at > year);
    Known {
        code: format!("{kind}.{year}"),
        name: format!("{name} {year}"),
        zone,
        days: Days {
            first,
            last,
            exact: true,
        },
        next: later
            .next()
            .map(|(kind, year, ..)| format!("{kind}.{year}")),
        also: "FIFA UEFA tournament Weltmeisterschaft WM Europameisterschaft EM Copa do Mundo Mundial Eurocopa",
        paths: vec![format!("{repository}/master/{year}/{file}.json")],
        openligadb: None,
    }
}

/// The competition with a code, in any case.
///
/// # Errors
/// [`KnownError::Unknown`].
pub fn find(code: &str) -> Result<Known, KnownError> {
    let lower = code.trim().to_lowercase();
    let unknown = || KnownError::Unknown {
        code: code.chars().take(40).collect(),
        meant: meant(&lower),
    };
    let (of, season) = lower.rsplit_once('.').ok_or_else(unknown)?;
    let league = LEAGUES.iter().find(|it| it.code == of);
    let season = league.and_then(|league| Some(league.known(league.read(season)?)));
    let cup = || CUPS.iter().map(cup).find(|cup| cup.code == lower);
    season.or_else(cup).ok_or_else(unknown)
}

/// The season that is perhaps meant by a league's code with another one's season, or with none.
fn meant(code: &str) -> Option<String> {
    let begins = |league: &&League| {
        let season = code.strip_prefix(league.code);
        season.is_some_and(|season| season.is_empty() || season.starts_with('.'))
    };
    let league = LEAGUES.iter().find(begins)?;
    Some(league.code(league.year(Zoned::now().date())))
}

/// The competitions that are played on a day or come next, whose code, name or country has all these words.
#[must_use]
pub fn search(words: &str, today: Date) -> Vec<Known> {
    let leagues = LEAGUES.iter().map(|it| it.known(it.year(today)));
    let cups = CUPS.iter().map(cup).filter(|it| it.days.last >= today);
    let fold = |text: &str| deunicode::deunicode(text).to_lowercase();
    let words = fold(words);
    let fits = |known: &Known| {
        let text = fold(&format!("{} {} {}", known.code, known.name, known.also));
        words.split_whitespace().all(|word| text.contains(word))
    };
    leagues.chain(cups).filter(fits).collect()
}

/// The address of openfootball's files, or of a mirror of them.
fn base(variable: &str, usual: &str) -> String {
    let given = env::var(variable).ok().filter(|it| Url::parse(it).is_ok());
    let base = given.as_deref().unwrap_or(usual);
    base.trim_end_matches('/').to_owned()
}

impl Known {
    /// Refuses what is over.
    ///
    /// # Errors
    /// [`KnownError::Over`].
    pub fn check(&self, today: Date) -> Result<(), KnownError> {
        if self.is_over(today) {
            return Err(self.over(today));
        }
        Ok(())
    }

    fn is_over(&self, today: Date) -> bool {
        // A season of which only the months are known may end some days later.
        let spare = if self.days.exact { 1 } else { 30 };
        self.days.last.saturating_add(Span::new().days(spare)) < today
    }

    /// Says that it is over, and what comes next.
    #[must_use]
    pub fn over(&self, today: Date) -> KnownError {
        let after = |known: &Self| find(known.next.as_deref()?).ok();
        let mut later = successors(after(self), after);
        KnownError::Over {
            name: self.name.clone(),
            last: self.days.last,
            next: later.find(|it| !it.is_over(today)).map(|it| it.code),
        }
    }

    /// Words by which people look for it, besides its name.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        self.also
    }

    /// Whether there is a copy in the program.
    #[must_use]
    pub fn has_copy(&self) -> bool {
        has_copy(&self.code)
    }

    /// The addresses of its list on the web, of which the first counts that is there.
    #[must_use]
    pub fn urls(&self) -> Vec<Url> {
        let base = base(
            "BOLAO_OPENFOOTBALL",
            "https://raw.githubusercontent.com/openfootball",
        );
        let urls = self.paths.iter().map(|path| format!("{base}/{path}"));
        urls.filter_map(|url| Url::parse(&url).ok()).collect()
    }

    /// The address of its results at OpenLigaDB, where that has it.
    pub(crate) fn at_openligadb(&self) -> Option<Url> {
        let base = base("BOLAO_OPENLIGADB", "https://api.openligadb.de");
        let shortcut = self.openligadb.as_ref()?;
        Url::parse(&format!("{base}/getmatchdata/{shortcut}")).ok()
    }

    /// Its list from the web, else the copy in the program.
    ///
    /// # Errors
    /// There is neither.
    pub async fn read(&self) -> Result<Read, KnownError> {
        let mut failed = None;
        for url in self.urls() {
            match text(&url, MAX_FILE_BYTES).await {
                Ok(text) => return Ok(Read { text, copy: None }),
                Err(error) => {
                    let missing = error.is_missing();
                    failed = Some(error);
                    if !missing {
                        break;
                    }
                }
            }
        }
        let name = || self.name.clone();
        let Some(source) = failed else {
            return Err(KnownError::NotPublished { name: name() });
        };
        match copy(&self.code) {
            Some((text, made)) => Ok(Read {
                text,
                copy: Some((made, source)),
            }),
            None if source.is_missing() => Err(KnownError::NotPublished { name: name() }),
            None => Err(KnownError::Unread {
                name: name(),
                source: Box::new(source),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn a_code_is_a_season_or_a_tournament() {
        let known = find("EN.1.2026-27").unwrap();
        assert_eq!(known.name, "Premier League 2026-27");
        assert_eq!(known.next.as_deref(), Some("en.1.2027-28"));
        assert_eq!(
            known.urls()[0].as_str(),
            "https://raw.githubusercontent.com/openfootball/football.json/master/2026-27/en.1.json"
        );
        assert_eq!(find("br.1.2027").unwrap().name, "Brasileirão Série A 2027");
        assert_eq!(find("uefa.cl.2026-27").unwrap().zone, "Europe/Zurich");
        for bad in [
            "",
            "en.1",
            "en.1.2026",
            "en.1.2026-28",
            "br.1.2026-27",
            "euro.2025",
            "xx.1.2026-27",
            "worldcup.json",
        ] {
            assert!(find(bad).is_err(), "{bad}");
        }
        let said = |bad: &str| find(bad).unwrap_err().to_string();
        assert!(said("en.1").contains("mean en.1.20"), "{}", said("en.1"));
        assert!(said("br.1.2026-27").contains("mean br.1.20"));
        assert!(said("en.10").contains("bolao competitions"));
    }

    #[test]
    fn zones_are_zones_and_codes_are_found_again() {
        for known in search("", TODAY) {
            jiff::tz::TimeZone::get(known.zone).unwrap();
            assert_eq!(find(&known.code).unwrap(), known);
            assert!(known.check(TODAY).is_ok(), "{known:?}");
        }
    }

    #[test]
    fn they_are_looked_for_by_country_name_and_code() {
        let codes = |words: &str| -> Vec<String> {
            search(words, TODAY).into_iter().map(|it| it.code).collect()
        };
        assert_eq!(codes("premier england"), ["en.1.2026-27"]);
        assert_eq!(codes("espana primera"), ["es.1.2026-27"]);
        assert_eq!(codes("brasileirao serie a"), ["br.1.2026", "br.2.2026"]);
        assert_eq!(codes("euro.2028"), ["euro.2028"]);
        assert!(codes("cricket").is_empty());
    }

    #[test]
    fn one_that_is_over_says_what_comes_next() {
        let said = |code: &str| find(code).unwrap().check(TODAY).unwrap_err().to_string();
        assert_eq!(
            said("worldcup.2026"),
            "World Cup 2026 has been over since 19 July 2026: the next is worldcup.2030, and `bolao competitions` \
            lists what is played now"
        );
        assert!(said("en.1.2025-26").contains("the next is en.1.2026-27"));
        assert!(said("en.1.2019-20").contains("the next is en.1.2026-27"));
        assert!(said("worldcup.2014").contains("the next is worldcup.2030"));
        assert!(
            find("en.1.2026-27")
                .unwrap()
                .check(date(2027, 5, 30))
                .is_ok()
        );
    }
}
