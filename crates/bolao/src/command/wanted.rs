//! What other organisers have signed of matches, for which the signature of the home's own account is wanted.

use bolao_api::body::{DayBody, OrganisersBody};
use bolao_ledger::{Action, Fixture, MatchNo};
use bolao_node::Home;
use jiff::{Timestamp, tz::TimeZone};

use super::submit::rehearse;
use crate::{
    output, record,
    source::{Source, escape},
    time,
    view::{Signed, Waiting},
    votes::names,
};

/// The most that are told one by one.
const TOLD: usize = 6;
/// The most of which the node is asked whether they can still be signed; few ever wait at once.
const ASKED: usize = 32;

/// What waits for the home's own organiser, of one match or of all. Nothing where the home has none, or a node that cannot say
/// it now: what else it says is not kept back.
pub(super) async fn of_home(home: &Home, source: &Source, code: Option<&str>) -> Vec<Waiting> {
    found(home, source, code).await.unwrap_or_default()
}

async fn found(home: &Home, source: &Source, code: Option<&str>) -> anyhow::Result<Vec<Waiting>> {
    let Some(own) = home.profile()?.account else {
        return Ok(Vec::new());
    };
    let path = code.map_or_else(String::new, |code| format!("?match={}", escape(code)));
    let mut waiting: Vec<Waiting> = source.all(&format!("/api/v1/votes{path}")).await?;
    waiting.retain(|it| !it.is_signed_by(own));
    if waiting.is_empty() {
        return Ok(waiting);
    }
    let organisers: OrganisersBody = source.read("/api/v1/organisers").await?;
    if !organisers.organisers.iter().any(|it| it.account == own) {
        return Ok(Vec::new());
    }
    let asked = waiting.into_iter().filter_map(|it| {
        let action = signing(&it)?;
        Some((it, action))
    });
    let (waiting, actions): (Vec<_>, Vec<_>) = asked.take(ASKED).unzip();
    let verdicts = rehearse(home, source, own, actions, true).await?;
    let open = waiting.into_iter().zip(verdicts);
    Ok(open
        .filter(|(_, verdict)| verdict.accepted)
        .map(|(it, _)| it)
        .collect())
}

/// What would be signed; none of what is no match's.
fn signing(waiting: &Waiting) -> Option<Action> {
    let match_no = MatchNo(waiting.r#match.no);
    Some(match &waiting.signed {
        Signed::Schedule { fixture } => Action::Schedule {
            fixture: Fixture::try_from(fixture).ok()?,
        },
        Signed::Result { outcome } => Action::Result {
            match_no,
            outcome: outcome.clone(),
        },
        Signed::Day { day } => Action::Day {
            match_no,
            day: day.as_ref().and_then(DayBody::day),
        },
        Signed::Appoint(_) | Signed::Organiser { .. } => return None,
    })
}

/// Tells what waits behind a label, with the commands that sign it.
pub(super) fn show(waiting: &[Waiting], label: &str) -> anyhow::Result<()> {
    let blanks = " ".repeat(label.len());
    let mut first = output::bad(label);
    for one in waiting.iter().take(TOLD) {
        output::line!("{first}{}", what(one)?)?;
        output::line!("{blanks}sign it: {}", command(one)?)?;
        first.clone_from(&blanks);
    }
    let more = waiting.len().saturating_sub(TOLD);
    if more > 0 {
        output::line!(
            "{blanks}and {more} more: `bolao import FILE` with the list that they used signs many at once"
        )?;
    }
    Ok(())
}

/// What waits, and who signed it.
fn what(waiting: &Waiting) -> anyhow::Result<String> {
    let code = &waiting.r#match.code;
    let what = match &waiting.signed {
        Signed::Schedule { fixture } => format!(
            "{} is to be {} – {}, {}",
            fixture.code,
            fixture.home.name,
            fixture.away.name,
            time::kickoff(fixture.kickoff)
        ),
        Signed::Result { outcome } => {
            format!("the result of {code} is to be {}", record::scores(outcome))
        }
        Signed::Day { day } => {
            let day = day
                .as_ref()
                .map_or_else(|| "unknown".to_owned(), time::match_day);
            format!("the day of {code} is to be {day}")
        }
        Signed::Appoint(_) | Signed::Organiser { .. } => {
            anyhow::bail!("the node's answer has a signature of no match")
        }
    };
    Ok(format!(
        "{what}; signed by {}, {} of {}",
        names(&waiting.signers),
        waiting.signers.len(),
        waiting.signatures_needed
    ))
}

fn command(waiting: &Waiting) -> anyhow::Result<String> {
    let code = &waiting.r#match.code;
    let id = waiting.content_id()?;
    Ok(match &waiting.signed {
        Signed::Schedule { fixture } => {
            format!("`bolao schedule {} --confirm={id}`", fixture.code)
        }
        Signed::Day { day: Some(day) } => {
            let (date, is_here) = date_of(day, &TimeZone::system());
            let zone = if is_here { "" } else { " --zone ZONE" };
            format!("`bolao schedule {code} --day {date}{zone}`")
        }
        _ => format!("`bolao result {code} --confirm={id}`"),
    })
}

/// A day's date, and whether it is a day of this zone.
fn date_of(day: &DayBody, zone: &TimeZone) -> (jiff::civil::Date, bool) {
    let begins = day.begins.to_zoned(zone.clone());
    if begins.start_of_day().is_ok_and(|start| start == begins) {
        return (begins.date(), true);
    }
    let middle = day.begins.as_second().midpoint(day.ends.as_second());
    let middle = Timestamp::from_second(middle).unwrap_or(day.begins);
    (middle.to_zoned(zone.clone()).date(), false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_waits_says_the_command_that_signs_it() {
        let waiting = |signed: serde_json::Value| {
            let mut waiting = json!({
                "id": "0".repeat(32),
                "match": { "no": 1, "code": "PtCh" },
                "signers": [{ "account": bolao_ledger::AccountId([1; 32]), "name": "ana" }],
                "signatures_needed": 2,
            });
            let fields = waiting.as_object_mut().unwrap();
            fields.extend(signed.as_object().unwrap().clone());
            serde_json::from_value::<Waiting>(waiting).unwrap()
        };
        let result = waiting(json!({
            "type": "result",
            "outcome": { "status": "played", "after_90": { "home": 2, "away": 1 } },
        }));
        assert_eq!(
            what(&result).unwrap(),
            "the result of PtCh is to be 2-1; signed by ana, 1 of 2"
        );
        let said = command(&result).unwrap();
        assert!(said.starts_with("`bolao result PtCh --confirm="), "{said}");
        let day = json!({ "begins": "2030-06-13T22:00:00Z", "ends": "2030-06-14T22:00:00Z" });
        let day: DayBody = serde_json::from_value(day).unwrap();
        let dates = ["Europe/Berlin", "UTC"].map(|zone| {
            let (date, is_here) = date_of(&day, &TimeZone::get(zone).unwrap());
            (date.to_string(), is_here)
        });
        assert_eq!(
            dates,
            [
                ("2030-06-14".to_owned(), true),
                ("2030-06-14".to_owned(), false)
            ]
        );
    }
}
