//! Who votes, who of them is there, what they can do, and who has offered to.

use bolao_api::body::{
    AppointmentBody, AttendanceBody, ChangeBody, ComingBody, GuiltyBody, ValidatorsBody, VoterBody,
    moment,
};
use bolao_ledger::{AccountId, BlockProof};
use bolao_node::Home;
use comfy_table::Table;
use serde_json::Value;

use crate::{
    command::waits::{attendance, waits_here},
    output::{self, count},
    source::{self, Source},
    time,
    votes::names,
};

pub(super) async fn run(json: bool, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    if json {
        let mut answer = source.get("/api/v1/validators").await?;
        if let Value::Object(fields) = &mut answer {
            let heard = source.get("/api/v1/attendance").await?;
            fields.insert("attendance".to_owned(), heard);
        }
        return output::json(&answer);
    }
    let (body, change) = super::read(&source).await?;
    let heard = attendance(&source).await?;
    let own = home.profile()?.account;
    let runs = matches!(source, Source::Running(_));
    // Where blocks are mined, a vote has a number of its own.
    let on = match home.genesis()?.proof() {
        BlockProof::Certificate => "block",
        BlockProof::Work(_) => "vote",
    };
    output::show(&table(&body, &heard, own, runs, on))?;
    let problem = match own {
        Some(own) => super::problem_of(home, &body, own)?,
        None => None,
    };
    if let Some(problem) = &problem {
        output::line(output::wrapped(
            "",
            "",
            &output::bad(&format!("{problem}.")),
        ))?;
    }
    for line in about(&body, &heard, &change, runs, problem.is_some()) {
        output::line(output::wrapped("", "", &line))?;
    }
    Ok(())
}

fn table(
    body: &ValidatorsBody,
    heard: &AttendanceBody,
    own: Option<AccountId>,
    runs: bool,
    on: &str,
) -> Table {
    let total: u128 = body.validators.iter().map(weight).sum();
    let mut table = output::table(["Validator", "Weight", "Share", "Last vote", ""]);
    for one in &body.validators {
        let who = &one.validator.validator;
        let you = if own == Some(who.account) {
            " (you)"
        } else {
            ""
        };
        let of = heard.validators.iter().find(|it| it.account == who.account);
        let last = of.and_then(|it| it.last_vote.as_ref());
        let last = last.map_or_else(String::new, |last| {
            format!(
                "{on} {}, {}",
                last.height,
                time::relative(moment(last.time))
            )
        });
        table.add_row([
            format!("{}{you}", who.shown()),
            one.validator.weight.to_string(),
            share(weight(one), total),
            last,
            state(one, heard, runs),
        ]);
    }
    table
}

fn weight(one: &VoterBody) -> u128 {
    one.validator.weight.into()
}

/// In percent, rounded down.
fn share(weight: u128, total: u128) -> String {
    match (weight * 100).checked_div(total) {
        Some(0) | None => "under 1 %".to_owned(),
        Some(percent) => format!("{percent} %"),
    }
}

fn state(one: &VoterBody, heard: &AttendanceBody, runs: bool) -> String {
    let mut said = Vec::new();
    let account = one.validator.validator.account;
    let of = heard.validators.iter().find(|it| it.account == account);
    let two = heard.two_histories.as_ref();
    if two.is_some_and(|two| two.signers.iter().any(|it| it.account == account)) {
        said.push(output::bad("signed two final histories"));
    }
    if of.is_some_and(|it| it.away) {
        said.push(output::bad("offline"));
    } else if runs && of.is_none_or(|it| it.last_vote.is_none()) {
        said.push("not heard since your node started".to_owned());
    }
    if of.is_some_and(|it| it.twice) || !one.cheated.is_empty() {
        said.push(output::bad("voted twice"));
    }
    said.join(", ")
}

/// The sentences besides the table.
fn about(
    body: &ValidatorsBody,
    heard: &AttendanceBody,
    change: &ChangeBody,
    runs: bool,
    own_waits: bool,
) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(waits) = &heard.waits {
        said.push(output::bad(&format!(
            "Block {} {}.",
            waits.height,
            waits_here(waits, own_waits)
        )));
    }
    if let Some(two) = &heard.two_histories {
        said.push(output::bad(&two.finding.text));
    }
    said.extend(heard.sentences.iter().cloned());
    said.push(match change {
        ChangeBody::Appointed {
            signatures_needed: 1,
        } => "An organiser appoints and removes them: `bolao validators appoint NAME`.".to_owned(),
        ChangeBody::Appointed { signatures_needed } => format!(
            "Organisers appoint and remove them, {signatures_needed} must sign it: `bolao validators appoint NAME`."
        ),
        ChangeBody::Stake { .. } => {
            "The weight is the number of chips that a player stakes: `bolao stake CHIPS`.".to_owned()
        }
    });
    if !body.offers.is_empty() {
        let offers: Vec<String> = body.offers.iter().map(|it| it.player.shown()).collect();
        let command = match change {
            ChangeBody::Appointed { .. } => {
                let all = if offers.len() == 1 { "" } else { "each " };
                format!(
                    "; an organiser's `bolao validators appoint {}` gives {all}a vote",
                    quoted(&offers)
                )
            }
            ChangeBody::Stake { .. } => String::new(),
        };
        said.push(format!("Offered to vote: {}{command}.", offers.join(", ")));
    }
    said.extend(body.coming.iter().map(comes));
    said.extend(body.waiting.iter().map(signed));
    said.extend(body.guilty.iter().map(proven));
    if !runs {
        said.push("Your node is not running, so it cannot tell who is online.".to_owned());
    }
    said
}

/// Names as the command line takes them.
pub(super) fn quoted(names: &[String]) -> String {
    output::joined(names.iter().map(|name| output::quoted(name)), " ")
}

/// A change that takes effect later: when, and what it is.
pub(super) fn comes(one: &ComingBody) -> String {
    format!(
        "Signed, and takes effect {} ({}): {}.",
        time::relative(one.at),
        time::local(one.at),
        crate::signed::appointed(&one.validator.validator, one.validator.weight)
    )
}

/// An appointment that too few have signed.
fn signed(one: &AppointmentBody) -> String {
    format!(
        "Signed by {} of {} organisers: {} ({}).",
        one.signers.len(),
        one.signatures_needed,
        crate::signed::appointed(&one.validator.validator, one.validator.weight),
        names(&one.signers)
    )
}

fn proven(one: &GuiltyBody) -> String {
    let cut = match one.cut {
        0 => String::new(),
        cut => format!(", which cost {}", count(cut, "chip", "chips")),
    };
    output::bad(&format!(
        "Proven: {} voted twice with number {}{cut} (transaction {}).",
        one.player.shown(),
        one.vote,
        one.transaction
    ))
}
