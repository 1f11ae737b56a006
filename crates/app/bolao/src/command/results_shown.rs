//! What `bolao result MATCH` shows: every record of a match, its signers, what was objected to it and what waits.

use bolao_api::body::OrganisersBody;
use bolao_ledger::{Outcome, Status, Vote};
use bolao_node::Home;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    games, output, record,
    source::{self, as_views, escape},
    time::{self, ToInstant as _},
    view::{Match, Objection, Record, Version, Waiting},
    votes::{self, names},
};

pub(crate) async fn run(home: &Home, code: &str, json: bool) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let genesis = home.genesis()?;
    let body: OrganisersBody = source.read("/api/v1/organisers").await?;
    let organisers = body.organisers.len();
    let played = Outcome::without_score(Status::Played, None);
    let needed = genesis.quorum(&Vote::Result(played), organisers);
    let matches = games::all(&source).await?;
    let game = games::find(&matches, code)?;
    let path = format!(
        "/api/v1/matches/{}",
        escape(game.entry.fixture.code.as_str())
    );
    let versions = source.list(&format!("{path}/results"), usize::MAX).await?;
    let objections = source
        .list(&format!("{path}/objections"), usize::MAX)
        .await?;
    let waiting = votes::records(&source, game).await?;
    if json {
        let waiting: Vec<_> = waiting.iter().map(waiting_json).collect();
        return output::json(&json!({
            "match": source.get(&path).await?, "versions": versions, "objections": objections,
            "waiting": waiting, "signatures_needed": needed,
        }));
    }
    let kickoff = time::kickoff(game.entry.fixture.kickoff);
    output::line!(
        "{}  ({}, {}, {kickoff})",
        output::bold(&game.teams()),
        game.entry.fixture.code,
        game.entry.fixture.stage
    )?;
    match &game.record {
        None => output::line("No record yet.")?,
        Some(record) => {
            output::line(record::counting(
                &genesis.rules,
                &record.signed.outcome,
                game,
            ))?;
            output::line(finality(game, record))?;
            if let Some(back) = taken_back(game) {
                output::line!("If that is a mistake, {back}.")?;
            }
        }
    }
    show_versions(game, as_views(versions)?)?;
    show_objections(as_views(objections)?)?;
    show_waiting(game, &waiting, needed)
}

fn waiting_json(waiting: &Waiting) -> Value {
    let signers: Vec<_> = waiting
        .signers
        .iter()
        .map(|signer| json!({"account": signer.account, "name": signer.name}))
        .collect();
    let id = waiting.content_id().to_string();
    json!({"id": id, "outcome": waiting.outcome(), "signers": signers})
}

/// A record that waits, in one line.
pub(crate) fn waits(game: &Match, waiting: &Waiting) -> String {
    let record = waiting
        .outcome()
        .map(|outcome| record::words(outcome, game))
        .unwrap_or_default();
    format!("{record} (signed by {})", names(&waiting.signers))
}

/// From when on a record stands for good.
pub(crate) fn finality(game: &Match, record: &Record) -> String {
    if game.reopened() {
        return "It was postponed and has been rescheduled since: the record no longer counts."
            .to_owned();
    }
    stands(record)
}

/// The same of a record that counts.
pub(super) fn stands(record: &Record) -> String {
    match record.signed.final_at {
        _ if !record.provisional => "It is final.".to_owned(),
        None => "It is postponed: the record is not a result, and the match can be rescheduled."
            .to_owned(),
        Some(at) if at.instant() <= Timestamp::now() => {
            "It becomes final with the next block.".to_owned()
        }
        Some(at) => format!(
            "It is provisional, and final {}, {}; until then players can object and organisers can correct it.",
            time::local(at),
            time::relative(at)
        ),
    }
}

/// The way back for a match that was called off too early, before it was to begin.
pub(super) fn taken_back(game: &Match) -> Option<String> {
    let record = game.record.as_ref()?;
    let is_off = record.signed.outcome.status == Status::Cancelled && record.provisional;
    let is_to_come = game.kickoff()? > Timestamp::now();
    let code = &game.entry.fixture.code;
    (is_off && is_to_come && !game.reopened()).then(|| {
        format!(
            "`bolao result {code} --status postponed` and then `bolao schedule {code} --kickoff TIME` undo it"
        )
    })
}

fn show_versions(game: &Match, versions: Vec<Version>) -> anyhow::Result<()> {
    if versions.is_empty() {
        return Ok(());
    }
    let mut table = output::table(["Version", "Record", "Signed by", "Block", "When", ""]);
    for version in versions {
        table.add_row([
            version.version.saturating_add(1).to_string(),
            record::words(&version.signed.outcome, game),
            names(&version.signed.players(&version.signed.signers)),
            version.signed.height.to_string(),
            time::local(version.signed.time),
            if version.current && !game.reopened() {
                "stands"
            } else {
                ""
            }
            .to_owned(),
        ]);
    }
    output::show(&table)
}

pub(super) fn show_objections(objections: Vec<Objection>) -> anyhow::Result<()> {
    if objections.is_empty() {
        return Ok(());
    }
    output::line("Objections:")?;
    for objection in objections {
        output::line!(
            "  {} to version {}, {}: {}",
            objection.player.shown(),
            objection.version.saturating_add(1),
            time::local(objection.objection.time),
            objection.objection.text
        )?;
    }
    Ok(())
}

fn show_waiting(game: &Match, waiting: &[Waiting], quorum: u8) -> anyhow::Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    output::line!("Waiting for signatures, of which {quorum} are needed:")?;
    for record in waiting {
        output::line!("  {}", waits(game, record))?;
        output::line!(
            "    another organiser signs it with: bolao result {} --confirm={}",
            game.entry.fixture.code,
            record.content_id()
        )?;
    }
    Ok(())
}
