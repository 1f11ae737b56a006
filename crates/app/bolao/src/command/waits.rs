//! What the next block waits for, in words.

use bolao_api::body::{AttendanceBody, WaitsBody};

use crate::{
    output::{self, count},
    source::Source,
    time,
    view::Status,
    votes::names,
};

/// What the node has heard of the validators.
pub(super) async fn attendance(source: &Source) -> anyhow::Result<AttendanceBody> {
    source.read("/api/v1/attendance").await
}

/// Says that bets may be among what waits for a block, where something does.
pub(crate) async fn hint_of_waiting(source: &Source) -> anyhow::Result<()> {
    let status: Status = source.read("/api/v1/status").await?;
    if status.pending > 0 {
        let transactions = count(status.pending, "transaction waits", "transactions wait");
        output::hint!(
            "{transactions} for a block: bets in them do not count until a block includes them (`bolao status` says \
            more)"
        );
    }
    Ok(())
}

/// The cause for which a block waits, where this home may be it.
pub(crate) fn waits_here(waits: &WaitsBody, own_waits: bool) -> String {
    let is_known = !waits.away.is_empty() || waits.copied || !waits.twice.is_empty();
    if own_waits && !is_known {
        return format!(
            "has waited {}, and this home does not vote on it",
            time::since(waits.since)
        );
    }
    waits_for(waits)
}

/// The cause for which a block waits, such as `waits for Bento and Clara since …`.
pub(crate) fn waits_for(waits: &WaitsBody) -> String {
    let since = time::since(waits.since);
    if waits.copied {
        return format!(
            "has waited {since}, and your node does not vote on it: another machine uses this home's key, or this home is an old \
             copy. Stop one of the two, and restart the other"
        );
    }
    if !waits.twice.is_empty() {
        return signed_twice(waits, &since);
    }
    match waits.away.len() {
        _ if waits.disagree => disagreement(waits, &since),
        0 => format!(
            "has waited {since} for votes: your node has not heard from any validator since it started, so it cannot \
            tell who is offline"
        ),
        away => format!(
            "is waiting for {}: {away} of {} {} offline. It has waited {since}, and so do the transactions for it",
            names(&waits.away),
            count(waits.validators, "validator", "validators"),
            if away == 1 { "is" } else { "are" },
        ),
    }
}

/// The sentence about validators who are there and do not decide.
fn disagreement(waits: &WaitsBody, since: &str) -> String {
    let mut causes = Vec::new();
    if !waits.missing.is_empty() {
        causes.push(format!("nothing arrives from {}", names(&waits.missing)));
    }
    if !waits.against.is_empty() {
        let (who, votes) = (
            names(&waits.against),
            if waits.against.len() == 1 {
                "votes"
            } else {
                "vote"
            },
        );
        causes.push(format!(
            "{who} {votes} against it. Is somebody's clock wrong?"
        ));
    }
    if causes.is_empty() {
        causes.push("not all votes arrive".to_owned());
    }
    let cause = causes.join(", and ");
    format!("has waited {since} although enough validators are online: {cause}")
}

/// The sentence about those who signed two votes, and what that means for what waits.
fn signed_twice(waits: &WaitsBody, since: &str) -> String {
    let one = waits.twice.len() == 1;
    let (key, runs, cheats) = if one {
        ("key", "it runs on two machines", "cheats")
    } else {
        ("keys", "they run on two machines each", "cheat")
    };
    let who = names(&waits.twice);
    let away = match waits.away.len() {
        0 => String::new(),
        1 => format!(" {} is offline.", names(&waits.away)),
        _ => format!(" {} are offline.", names(&waits.away)),
    };
    format!(
        "has waited {since}: the {key} of {who} signed two different votes on it, so {runs}, or {who} \
        {cheats}.{away} It continues once enough others vote, or once one of the two machines is stopped and the \
        other restarted"
    )
}
