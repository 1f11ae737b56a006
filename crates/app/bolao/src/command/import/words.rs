//! A plan as the command line tells it.

use bolao_api::body::PlannedBody;
use bolao_fixtures::pool::{Doubt, Refusal, Verdict};
use bolao_ledger::{Action, Outcome, Reason, Vote, actions};

use crate::{games, output::count, record, signed, source::Source, time, view::Match};

/// The pool's matches as they are, beside which a plan is told.
pub(super) struct Words {
    matches: Vec<Match>,
}

impl Words {
    pub(super) async fn of(source: &Source) -> anyhow::Result<Self> {
        let matches = games::all(source).await?;
        Ok(Self { matches })
    }

    fn known(&self, planned: &PlannedBody) -> Option<&Match> {
        let mut matches = self.matches.iter();
        matches.find(|game| game.entry.fixture.no.0 == planned.r#match.no)
    }

    /// The teams of a match, as they are to be.
    pub(super) fn teams(&self, planned: &PlannedBody) -> String {
        let set = planned.signs.iter().find_map(|it| match &**it {
            Action::Schedule(actions::Schedule { fixture }) => {
                Some([&fixture.home.name, &fixture.away.name].map(ToString::to_string))
            }
            _ => None,
        });
        match set.or_else(|| planned.teams.clone()) {
            Some([home, away]) => format!("{home} – {away}"),
            None => self.known(planned).map_or_else(String::new, Match::teams),
        }
    }

    /// What changes of a match.
    pub(super) fn what(&self, planned: &PlannedBody) -> Vec<String> {
        let known = self.known(planned);
        let mut what = Vec::new();
        for signs in &planned.signs {
            match (signs.vote(), known) {
                (Some(Vote::Schedule(fixture)), Some(game)) => {
                    for (from, to) in [
                        (&game.entry.fixture.home, &fixture.home),
                        (&game.entry.fixture.away, &fixture.away),
                    ] {
                        if from != to {
                            what.push(format!("{} → {}", from.name, signed::with_code(to)));
                        }
                    }
                    if game.entry.fixture.kickoff != fixture.kickoff {
                        let [from, to] =
                            [game.entry.fixture.kickoff, fixture.kickoff].map(time::kickoff);
                        what.push(format!("kick-off {from} → {to}"));
                    }
                }
                (Some(Vote::Schedule(fixture)), None) => {
                    let teams = [&fixture.home, &fixture.away].into_iter();
                    let short: Vec<_> = teams
                        .filter(|it| it.code.is_some())
                        .map(signed::with_code)
                        .collect();
                    let with = match short[..] {
                        [] => String::new(),
                        _ => format!(", with {}", short.join(" and ")),
                    };
                    what.push(format!("new, {}{with}", time::kickoff(fixture.kickoff)));
                }
                (Some(Vote::Day(Some(day))), _) => {
                    let from = known.and_then(|game| game.entry.day.as_ref());
                    let from = from.map_or_else(|| "not known".to_owned(), time::match_day);
                    what.push(format!("day {from} → {}", time::match_day(&day)));
                }
                (
                    Some(
                        Vote::Day(None)
                        | Vote::Result(_)
                        | Vote::Appoint(_)
                        | Vote::Organiser { .. }
                        | Vote::Address(_)
                        | Vote::Question(_),
                    )
                    | None,
                    _,
                ) => {}
            }
        }
        what
    }

    /// A result, and that a record stands which says something else.
    pub(super) fn result(&self, planned: &PlannedBody) -> String {
        let scores = outcome(planned).map_or_else(String::new, |outcome| {
            let known = self.known(planned);
            known.map_or_else(
                || record::scores(outcome),
                |game| record::words(outcome, game),
            )
        });
        let (code, teams) = (&planned.r#match.code, self.teams(planned));
        format!("{code}: {teams}, {scores}{}", self.corrects(planned))
    }

    /// The command that records a result, and what speaks against it.
    pub(super) fn proposed(&self, planned: &PlannedBody) -> String {
        let code = &planned.r#match.code;
        let command = outcome(planned).map_or_else(|| code.clone(), |it| record::command(code, it));
        let note = match &planned.verdict {
            Verdict::Sign => self.corrects(planned),
            Verdict::Signed => "; you signed it, others have not yet".to_owned(),
            Verdict::Doubt { .. } => format!("; {}", why(planned)),
            Verdict::Refused(_) => match self.stands(planned) {
                Some(stands) => format!("; {}: {stands}; the file disagrees", why(planned)),
                None => format!("; {}", why(planned)),
            },
        };
        format!("{command}   ({}{note})", self.teams(planned))
    }

    /// The scores of the record that stands and says something else.
    fn stands(&self, planned: &PlannedBody) -> Option<String> {
        let record = self.known(planned)?.stands()?;
        let differs = outcome(planned).is_none_or(|it| !it.agrees_with(&record.signed.outcome));
        differs.then(|| record::scores(&record.signed.outcome))
    }

    fn corrects(&self, planned: &PlannedBody) -> String {
        self.stands(planned).map_or_else(String::new, |stands| {
            format!("; it would correct the current record: {stands}")
        })
    }
}

fn outcome(planned: &PlannedBody) -> Option<&Outcome> {
    planned.signs.iter().find_map(|it| match &**it {
        Action::Result(actions::Result { outcome, .. }) => Some(outcome),
        _ => None,
    })
}

/// Whether it is a score that cannot be a record as it is.
pub(super) const fn has_no_record(planned: &PlannedBody) -> bool {
    matches!(
        planned.verdict,
        Verdict::Doubt {
            doubt: Doubt::NoRecord { .. } | Doubt::WhoGoesOn
        }
    )
}

/// Whether bets on the match would not count any more.
pub(super) const fn is_late(planned: &PlannedBody) -> bool {
    matches!(
        planned.verdict,
        Verdict::Doubt {
            doubt: Doubt::Late { .. }
        }
    )
}

/// Why it is not signed.
pub(super) fn why(planned: &PlannedBody) -> String {
    match &planned.verdict {
        Verdict::Sign | Verdict::Signed => String::new(),
        Verdict::Doubt { doubt } => doubtful(doubt, &planned.r#match.code),
        Verdict::Refused(refusal) => refused(refusal),
    }
}

/// The refusal as it stands behind the match's code.
fn refused(refusal: &Refusal) -> String {
    if refusal.code == Reason::KickoffInThePast.code() {
        return "would begin in the past or has already kicked off, so its kick-off can no longer be moved"
            .to_owned();
    }
    let detail = &refusal.detail;
    let about = detail.strip_prefix('`');
    match about.and_then(|about| about.split_once("` ")) {
        Some((_code, why)) => why.to_owned(),
        None => detail.clone(),
    }
}

/// That bets would not count any more, for want of notice.
fn late(bets: u32) -> String {
    let lost = match bets {
        0 => String::new(),
        _ => format!(
            ", and the stakes of {} would go back",
            count(bets, "bet", "bets")
        ),
    };
    format!(
        "comes too late: bets on it count as it stands, and would not count any more{lost}; if you mean it, add --late"
    )
}

/// Why somebody has to look first, and what to do then.
fn doubtful(doubt: &Doubt, code: &str) -> String {
    match doubt {
        Doubt::OtherTeams {
            pool: [home, away],
            file: [new_home, new_away],
        } => format!(
            "is {home} – {away} in the pool and {new_home} – {new_away} in the file: if the file is right, set it with `bolao schedule {code} --team1 … --team2 …`"
        ),
        Doubt::NoTime { date } => format!(
            "is of {date} by the file, which gives no time, so betting would have no end: put its time into the file or set it with `bolao schedule {code} --kickoff TIME`, or, where the rules know days, its day with `--day DATE`"
        ),
        Doubt::OtherDay { date, kickoff } => format!(
            "is on {date} by the file, which gives no time, and {} in the pool: set it with `bolao schedule {code} --kickoff TIME`",
            time::kickoff(Some(*kickoff))
        ),
        Doubt::Perhaps { code: perhaps } => format!(
            "may be the pool's {perhaps}, whose teams were not known: fill that with `bolao schedule {perhaps} --team1 … --team2 …`, or add this one with `bolao schedule {code} …`"
        ),
        Doubt::Alike { name, meant } => format!(
            "names {name}, who may be {meant}, mistyped: if so, mend the file; if they are two teams, set it with `bolao schedule {code} …`"
        ),
        Doubt::Twin {
            code: twin,
            turned: true,
        } => format!(
            "is the pool's {twin} with its teams turned round: bets on {twin} mean what they say there; if the pool is wrong, cancel {twin} and add this one with `bolao schedule {code} … --again`"
        ),
        Doubt::Twin {
            code: twin,
            turned: false,
        } => format!(
            "has the teams of the pool's {twin}, at most 36 hours away: if it is another match, add it with `bolao schedule {code} … --again`"
        ),
        Doubt::Late { bets } => late(*bets),
        Doubt::Full { room } => format!("the pool is full: it holds {room} matches"),
        Doubt::WhoGoesOn => {
            "points are given for who goes on to the next round, which the file does not say: record it with `--advances TEAM`".to_owned()
        }
        Doubt::NoRecord { reason } => reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_api::body::MatchRef;
    use bolao_ledger::ItemKind;
    use serde_json::json;

    use super::*;
    use crate::view::fixtures::match_json;

    fn planned(more: serde_json::Value) -> PlannedBody {
        let r#match = MatchRef {
            no: 1,
            code: "M1".to_owned(),
            kind: ItemKind::Match,
        };
        let mut planned = json!({ "match": r#match, "signs": [], "verdict": "sign" });
        for (name, value) in more.as_object().unwrap() {
            planned[name] = value.clone();
        }
        serde_json::from_value(planned).unwrap()
    }

    #[test]
    fn what_has_to_be_looked_at_says_what_to_do() {
        let date = "2030-03-01";
        for (doubt, wanted) in [
            (
                json!({ "why": "other_teams", "pool": ["Aa", "Bb"], "file": ["Ee", "Bb"] }),
                "is Aa – Bb in the pool and Ee – Bb in the file",
            ),
            (
                json!({ "why": "no_time", "date": date }),
                "betting would have no end",
            ),
            (
                json!({ "why": "other_day", "date": date, "kickoff": "2030-03-17T17:46:40Z" }),
                "set it with `bolao schedule M1 --kickoff TIME`",
            ),
            (
                json!({ "why": "perhaps", "code": "M7" }),
                "may be the pool's M7",
            ),
            (
                json!({ "why": "alike", "name": "Portugla", "meant": "Portugal" }),
                "names Portugla, who may be Portugal, mistyped",
            ),
            (
                json!({ "why": "late", "bets": 2 }),
                "would not count any more, and the stakes of 2 bets would go back; if you mean it, add --late",
            ),
            (
                json!({ "why": "full", "room": 64 }),
                "the pool is full: it holds 64 matches",
            ),
            (
                json!({ "why": "no_record", "reason": "half more than all" }),
                "half more",
            ),
        ] {
            let said = why(&planned(json!({ "verdict": "doubt", "doubt": doubt })));
            assert!(said.contains(wanted), "{said}");
        }
    }

    /// A team is signed with its short code.
    #[test]
    fn short_codes_of_new_teams_are_shown() {
        let team = |name: &str, code: Option<&str>| json!({ "name": name, "code": code });
        let schedule = |no: u16| {
            json!({ "signs": [{ "type": "schedule", "fixture": {
                "no": no, "code": "M1", "home": team("Aa", Some("AAA")), "away": team("W2", None),
                "kickoff": "2030-03-17T17:46:40Z", "stage": "Final",
            } }] })
        };
        let nobody = Words {
            matches: Vec::new(),
        };
        let new = nobody.what(&planned(schedule(1)));
        assert!(new[0].ends_with(", with Aa (AAA)"), "{new:?}");
        let game = serde_json::from_value(match_json(1, "M1", "W1", "W2")).unwrap();
        let words = Words {
            matches: vec![game],
        };
        let filled = words.what(&planned(schedule(1)));
        assert_eq!(filled[0], "W1 → Aa (AAA)");
    }

    #[test]
    fn a_refusal_stands_behind_the_matchs_code() {
        let refusal = |code: &str, detail: &str| {
            planned(json!({ "verdict": "refused", "code": code, "detail": detail }))
        };
        assert_eq!(why(&refusal("result-final", "`M1` is final")), "is final");
        let past = refusal("kickoff-in-the-past", "`M1` would …");
        assert!(why(&past).ends_with("can no longer be moved"));
    }
}
