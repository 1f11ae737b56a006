//! What other organisers have signed of matches, for which the signature of the home's own account is wanted.

use bolao_api::body::OrganisersBody;
use bolao_node::Home;

use super::questions;
use crate::{
    output, signed,
    source::{Source, escape},
    view::{Question, Waiting},
    votes::names,
};

/// The most that are told one by one.
const TOLD: usize = 6;

/// The votes that wait for the home's own organiser, of one match or of all.
///
/// None where the home has no organiser, or a node that cannot say it now: what else it says is not kept back.
pub(super) async fn of_home(home: &Home, source: &Source, code: Option<&str>) -> Vec<Waiting> {
    found(home, source, code).await.unwrap_or_default()
}

async fn found(home: &Home, source: &Source, code: Option<&str>) -> anyhow::Result<Vec<Waiting>> {
    let Some(own) = home.profile()?.account else {
        return Ok(Vec::new());
    };
    let path = code.map_or_else(String::new, |code| format!("?match={}", escape(code)));
    let mut waiting: Vec<Waiting> = source.all(&format!("/api/v1/votes{path}")).await?;
    waiting.retain(|it| it.signable && !it.is_signed_by(own));
    if waiting.is_empty() {
        return Ok(waiting);
    }
    let organisers: OrganisersBody = source.read("/api/v1/organisers").await?;
    let mut organisers = organisers.organisers.iter();
    let organises = organisers.any(|it| it.account == own);
    Ok(if organises { waiting } else { Vec::new() })
}

/// Tells what waits behind a label, with the commands that sign it.
pub(super) async fn show(source: &Source, waiting: &[Waiting], label: &str) -> anyhow::Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let questions = questions::all(source).await.unwrap_or_default();
    let indent = " ".repeat(label.len());
    let mut first = output::bad(label);
    for one in waiting.iter().take(TOLD) {
        output::line!("{first}{}", what(one, &questions))?;
        output::line!("{indent}sign it: `{}`", command(one))?;
        first.clone_from(&indent);
    }
    let more = waiting.len().saturating_sub(TOLD);
    if more > 0 {
        output::line!(
            "{indent}and {more} more: `bolao import FILE` with the same list signs many at once"
        )?;
    }
    Ok(())
}

fn command(waiting: &Waiting) -> String {
    signed::command(&waiting.action, &waiting.about)
}

/// The vote that waits, and who signed it, in words.
fn what(waiting: &Waiting, questions: &[Question]) -> String {
    let of = Some(&waiting.about);
    format!(
        "{}; signed by {}, {} of {}",
        signed::words(&waiting.action, of, &[], questions),
        names(&waiting.signers),
        waiting.signers.len(),
        waiting.signatures_needed
    )
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
                "about": { "no": 1, "code": "PtCh" },
                "match": { "no": 1, "code": "PtCh" },
                "signers": [{ "account": bolao_ledger::AccountId([1; 32]), "name": "ana" }],
                "signatures_needed": 2,
                "signable": true,
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
            what(&result, &[]),
            "PtCh result: 2-1; signed by ana, 1 of 2"
        );
        let said = command(&result);
        assert!(said.starts_with("bolao result PtCh --confirm="), "{said}");
        let asked = json!({ "no": 1, "code": "champion", "kind": "question" });
        let said = command(&waiting(json!({
            "type": "result",
            "outcome": { "status": "cancelled", "reason": "nobody can tell" },
            "about": asked,
            "match": asked,
        })));
        let settles = "bolao question settle champion --confirm=";
        assert!(said.starts_with(settles), "{said}");
        for day in [
            json!({ "begins": "2030-06-13T22:00:00Z", "ends": "2030-06-14T22:00:00Z" }),
            json!(null),
        ] {
            let said = command(&waiting(json!({ "type": "day", "day": day })));
            assert!(said.starts_with("bolao schedule PtCh --confirm="), "{said}");
        }
    }
}
