//! What a file changes of the matches.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use bolao_fixtures::{Competition, Status, UnixSeconds, Which, diff, pairs};
use bolao_ledger::{Fixture, MatchCode};
use jiff::Timestamp;

use super::{
    Pool, Verdict,
    verdict::{sets_right, verdict},
};
use crate::{
    imported, time, view,
    votes::{Numbers, seconds},
};

/// The length of a day, in seconds.
const DAY_S: u64 = 86_400;
/// What a moved kick-off is told with.
const KICKOFF: &str = "kick-off";

/// What a file changes.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The file as it is compared: with kick-offs as a pool has them.
    pub(crate) file: Competition,
    /// For each match of the file the index of the pool's; none for those whose teams are others.
    pub(crate) partners: Vec<Option<usize>>,
    /// In the order of the file.
    pub(crate) changes: Vec<Change>,
    /// Codes of matches that the file does not list.
    pub(crate) gone: Vec<String>,
}

/// What changes of a match.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) code: String,
    /// Its teams, as they are to be.
    pub(crate) teams: String,
    /// In words.
    pub(crate) what: Vec<String>,
    /// The match as it is to be; none where somebody has to look first.
    pub(crate) fixture: Option<Fixture>,
    pub(crate) verdict: Verdict,
}

/// Compares a file with the pool. One that seems to be of another competition is refused, but for `anyway`.
pub(crate) fn plan(mut file: Competition, pool: &Pool<'_>, anyway: bool) -> anyhow::Result<Plan> {
    let known = pool.known();
    let partners = pairs(&known, &file);
    let mut notes = BTreeMap::new();
    let mut left_out = BTreeSet::new();
    for (index, (game, partner)) in file.matches.iter_mut().zip(&partners).enumerate() {
        match partner.and_then(|at| pool.matches.get(at)) {
            Some(ours) => {
                if let Some(note) = align(game, ours, pool) {
                    notes.insert(ours.fixture.code.clone(), note);
                }
            }
            // A pool is made without the cancelled matches of its file.
            None if game.status == Status::Cancelled => {
                left_out.insert(index);
            }
            None => {
                let fixture = imported::fixture(0, game, pool.now)?;
                game.kickoff = fixture
                    .kickoff
                    .and_then(|at| i64::try_from(at.0).ok())
                    .map(UnixSeconds);
            }
        }
    }
    let mut index = 0_usize;
    file.matches.retain(|_| {
        index += 1;
        !left_out.contains(&(index - 1))
    });

    let found = diff(&known, &file);
    let mut partners = pairs(&known, &file);
    let others: BTreeSet<&str> = found
        .iter()
        .filter_map(|change| match change {
            bolao_fixtures::Change::TeamsDiffer { code, .. } => Some(code.as_str()),
            _ => None,
        })
        .collect();
    for partner in &mut partners {
        let ours = partner.and_then(|at| pool.matches.get(at));
        if ours.is_some_and(|game| others.contains(game.fixture.code.as_str())) {
            *partner = None;
        }
    }
    let same = partners.iter().flatten().count();
    if !pool.matches.is_empty() && !anyway && (same == 0 || others.len() > same) {
        bail!(
            "{} of the file's {} have the pool's teams: it seems to be of another competition, or much older than the pool; to take it all the same, add --anyway",
            if same == 0 {
                "none".to_owned()
            } else {
                format!("only {same}")
            },
            crate::output::count(file.matches.len(), "match", "matches")
        );
    }
    let mut builder = Builder::new(pool);
    for change in found {
        builder.take(change)?;
    }
    for (code, note) in notes {
        builder.note(&code, note);
    }
    let (changes, gone) = builder.finish();
    Ok(Plan {
        file,
        partners,
        changes,
        gone,
    })
}

/// Gives a match of the file the pool's kick-off where the file says nothing better; what has to be looked at is noted.
fn align(
    game: &mut bolao_fixtures::Fixture,
    ours: &view::Match,
    pool: &Pool<'_>,
) -> Option<String> {
    let kickoff = ours.fixture.kickoff.map(|at| UnixSeconds(at.as_second()));
    let date = game.date;
    if matches!(game.status, Status::Postponed | Status::Cancelled) {
        // The date of a match that was put off may be the old one.
        game.kickoff = kickoff;
        return None;
    }
    if game.kickoff.is_some() {
        return None;
    }
    game.kickoff = kickoff;
    let day = date?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let begins = u64::try_from(day.as_second()).unwrap_or(0);
    match ours.fixture.kickoff {
        None if begins.saturating_add(DAY_S) <= pool.now.0 => Some(format!(
            "was on {} by the file, which gives no time, and the pool has no kick-off: betting goes on until you set one with `bolao schedule {} --kickoff TIME`",
            date?, ours.fixture.code
        )),
        // A day's date in its own zone lies at most a day from that in UTC.
        Some(at) if u64::try_from(at.as_second()).unwrap_or(0).abs_diff(begins) > 2 * DAY_S => {
            Some(format!(
                "is on {} by the file, which gives no time, and {} in the pool: set it with `bolao schedule {} --kickoff TIME`",
                date?,
                time::local(at),
                ours.fixture.code
            ))
        }
        _ => None,
    }
}

struct Builder<'a> {
    pool: &'a Pool<'a>,
    changes: Vec<Change>,
    gone: Vec<String>,
    numbers: Numbers<'a>,
    matches: usize,
}

impl<'a> Builder<'a> {
    fn new(pool: &'a Pool<'a>) -> Self {
        Self {
            pool,
            changes: Vec::new(),
            gone: Vec::new(),
            numbers: Numbers::new(pool.matches, pool.waiting),
            matches: pool.matches.len(),
        }
    }

    fn take(&mut self, change: bolao_fixtures::Change) -> anyhow::Result<()> {
        use bolao_fixtures::Change as Found;
        match change {
            Found::Moved { code, from, to } => {
                let at = |at: Option<UnixSeconds>| {
                    at.and_then(|at| Timestamp::from_second(at.0).ok())
                        .map_or_else(|| "not scheduled".to_owned(), time::local)
                };
                let what = format!("{KICKOFF} {} → {}", at(from), at(to));
                let kickoff = to
                    .map(|at| seconds(Timestamp::from_second(at.0)?))
                    .transpose()?;
                self.alter(&code, what, |fixture| fixture.kickoff = kickoff)
            }
            Found::Filled {
                code,
                which,
                from,
                to,
            } => {
                let team = imported::team(&to)?;
                self.alter(&code, format!("{from} → {to}"), |fixture| match which {
                    Which::Home => fixture.home = team,
                    Which::Away => fixture.away = team,
                })
            }
            Found::TeamsDiffer { code, from, to } => {
                let ([home, away], [new_home, new_away]) = (from, to);
                self.note(
                    &code,
                    format!(
                        "is {home} – {away} in the pool and {new_home} – {new_away} in the file: if the file is right, set it with `bolao schedule {code} --team1 … --team2 …`"
                    ),
                );
                Ok(())
            }
            Found::New {
                code,
                fixture,
                perhaps,
            } => self.add(&code, &fixture, &perhaps),
            Found::Gone { code } => {
                self.gone.push(code);
                Ok(())
            }
            // The pool keeps its own codes.
            _ => Ok(()),
        }
    }

    fn alter(
        &mut self,
        code: &str,
        what: String,
        change: impl FnOnce(&mut Fixture),
    ) -> anyhow::Result<()> {
        let there = self.changes.iter_mut().find(|change| change.code == code);
        let entry = if let Some(entry) = there {
            entry
        } else {
            let game = self.pool.find(code).context("a change of no match")?;
            self.changes.push(Change {
                code: code.to_owned(),
                teams: String::new(),
                what: Vec::new(),
                fixture: Some((&game.fixture).try_into()?),
                verdict: Verdict::Sign,
            });
            self.changes.last_mut().context("just pushed")?
        };
        entry.what.push(what);
        if let Some(fixture) = &mut entry.fixture {
            change(fixture);
        }
        Ok(())
    }

    /// Something that somebody has to look at.
    fn note(&mut self, code: &str, why: String) {
        let game = self.pool.find(code);
        self.changes.push(Change {
            code: code.to_owned(),
            teams: game.map_or_else(String::new, |game| {
                format!("{} – {}", game.fixture.home.name, game.fixture.away.name)
            }),
            what: Vec::new(),
            fixture: None,
            verdict: Verdict::Refused(why),
        });
    }

    fn add(
        &mut self,
        code: &str,
        game: &bolao_fixtures::Fixture,
        perhaps: &[String],
    ) -> anyhow::Result<()> {
        let no = self.numbers.give(code);
        let mut fixture = imported::fixture(no.unwrap_or(0), game, self.pool.now)?;
        fixture.code = MatchCode::new(code)?;
        let refused = if let [perhaps, ..] = perhaps {
            Some(format!(
                "may be the pool's {perhaps}, whose teams were not known: fill that with `bolao schedule {perhaps} --team1 … --team2 …`, or add this one with `bolao schedule {code} …`"
            ))
        } else if no.is_none() || self.matches >= self.pool.room {
            Some(format!(
                "the pool is full: it holds {} matches",
                self.pool.room
            ))
        } else {
            None
        };
        self.matches += usize::from(refused.is_none());
        let kickoff = fixture.kickoff.and_then(time::timestamp);
        let kickoff = kickoff.map_or_else(|| "not scheduled".to_owned(), time::local);
        self.changes.push(Change {
            code: code.to_owned(),
            teams: String::new(),
            what: vec![format!("new, {kickoff}")],
            fixture: Some(fixture),
            verdict: refused.map_or(Verdict::Sign, Verdict::Refused),
        });
        Ok(())
    }

    fn finish(mut self) -> (Vec<Change>, Vec<String>) {
        for change in &mut self.changes {
            let Some(fixture) = &change.fixture else {
                continue;
            };
            change.teams = format!("{} – {}", fixture.home.name, fixture.away.name);
            if change.verdict != Verdict::Sign {
                continue;
            }
            change.verdict = verdict(self.pool, fixture);
            // Where the kick-off cannot be moved any more, the teams may still be filled in.
            let kept = self.pool.find(&change.code).and_then(|game| {
                let kickoff = game.fixture.kickoff.map(seconds).transpose().ok()?;
                let fixture = Fixture {
                    kickoff,
                    ..fixture.clone()
                };
                let filled = fixture.home.name.as_str() != game.fixture.home.name
                    || fixture.away.name.as_str() != game.fixture.away.name;
                (filled && sets_right(self.pool, game, &fixture)).then_some(fixture)
            });
            if let (Verdict::Refused(_), Some(kept)) = (&change.verdict, kept) {
                change.what.retain(|what| !what.starts_with(KICKOFF));
                change.verdict = verdict(self.pool, &kept);
                change.fixture = Some(kept);
            }
        }
        (self.changes, self.gone)
    }
}
