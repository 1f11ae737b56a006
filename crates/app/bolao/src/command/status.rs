//! `bolao status`: how the home and its node are.

pub(super) mod links;

use std::path::Path;

use bolao_api::{
    MiningMode, SyncState,
    body::{SourcesBody, Viewers, moment},
};
use bolao_ledger::{BlockProof, Height};
use bolao_node::Home;
use bolao_rulebook::{Finding, Level, finding};
use bolao_work::HashRate;
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    actor::not_joined,
    choice,
    command::{clocks, organisers, validators, waits::waits_here, wanted},
    moves, opens,
    output::{self, count},
    source::{self, Source, as_view, as_views},
    time,
    view::{Notice, Peer, PoolRules, Status},
};

/// So many notices are looked through for the player's own and for organisers' acts, and besides all of so many seconds, however many.
const OWN_NOTICES: usize = 50;
const NEWS_S: i64 = 7 * 86_400;

/// Shows the state of your node and its chain
#[derive(Args, Clone, Debug)]
pub(crate) struct StatusArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// Fails unless the node runs and answers, for monitoring
    #[arg(long)]
    running: bool,
}

pub(crate) async fn run(args: StatusArgs, dir: &Path) -> anyhow::Result<()> {
    let homes = choice::each(dir)?;
    if args.json {
        let mut all = Vec::new();
        for home in &homes {
            all.push(as_json(home, &source(&args, home).await?).await?);
        }
        return match <[Value; 1]>::try_from(all) {
            Ok([only]) => output::json(&only),
            Err(all) => output::json(&all),
        };
    }
    for (number, home) in homes.iter().enumerate() {
        if number > 0 {
            output::line("")?;
        }
        show(home, &source(&args, home).await?).await?;
    }
    Ok(())
}

async fn source(args: &StatusArgs, home: &Home) -> anyhow::Result<Source> {
    if args.running {
        return Ok(Source::Running(source::node(home).await?));
    }
    source::open(home).await
}

async fn as_json(home: &Home, source: &Source) -> anyhow::Result<Value> {
    let mut status = source.get("/api/v1/status").await?;
    let wanted = wanted::of_home(home, source, None).await;
    if let Value::Object(fields) = &mut status {
        let running = matches!(source, Source::Running(_));
        fields.insert("running".to_owned(), running.into());
        fields.insert("signatures_wanted".to_owned(), json!(wanted));
    }
    Ok(status)
}

async fn show(home: &Home, source: &Source) -> anyhow::Result<()> {
    let status: Status = as_view(source.get("/api/v1/status").await?)?;
    let running = matches!(source, Source::Running(_));
    let wanted = wanted::of_home(home, source, None).await;
    let rules: PoolRules = source.read("/api/v1/pool/rules").await?;
    output::line!("Pool    {}", output::bold(&status.pool_name))?;
    output::line!("        {}", status.pool)?;
    let organisers = organisers::read(source).await?.organisers.len();
    output::line!("Rules   {}", in_a_line(&rules, organisers))?;
    output::line!("Home    {}", home.dir().display())?;
    if running {
        let genesis = home.genesis()?;
        node(&status, genesis.proof() == BlockProof::Certificate)?;
        tell("Address", status.address_gone.clone())?;
        tell("Copy", copy(&status))?;
        let found = links::found(&status);
        tell("Links", found.into_iter().chain(links::unread(&status)))?;
        tell("Clock", clocks(&status, source).await?)?;
    } else {
        output::line("Node    not running")?;
    }
    if let Some(account) = home.profile()?.account
        && let Some(why) = not_joined(home, source, account).await?
    {
        output::line!("You     {}", output::bad(&why))?;
    }
    wanted::show(source, &wanted, "Sign    ").await?;
    chain(&status, home)?;
    tell(
        "Dated",
        status.dated_ahead.as_ref().map(clocks::dated_ahead),
    )?;
    tell("Votes", votes(&status, source, home).await?)?;
    let totals = &status.totals;
    output::line!(
        "Holds   {}, {}, {}; {} waiting",
        count(totals.accounts, "player", "players"),
        count(totals.bets, "bet", "bets"),
        count(totals.transactions, "transaction", "transactions"),
        status.pending
    )?;
    results(source).await?;
    tell("Disk", disk(home))?;
    tell("Lost", lost(home, status.tip.block.height)?)?;
    tell("Backup", only_here(home, source, &status).await?)?;
    notices(source, &status, home).await
}

/// Where the chain ends, and what of it is final.
fn chain(status: &Status, home: &Home) -> anyhow::Result<()> {
    let tip = status.tip.block;
    let time = time::local(moment(tip.time));
    output::line!("Chain   block {} of {time}", tip.height)?;
    output::line!("        {}", tip.hash)?;
    if let Some(last) = &status.r#final {
        let time = last.time.map(|time| format!(" of {}", time::local(time)));
        let time = time.unwrap_or_default();
        output::line!("Final   block {}{time}", last.block.height)?;
        if last.contested {
            let what =
                "contested: validators supported different blocks before they decided on this one";
            output::line!("        {}", output::bad(what))?;
        }
        output::line!("        {}", last.block.hash)?;
    }
    if home.genesis()?.consensus.voting().is_none() {
        output::line("Final   nothing: a minute of mining is enough to rewrite a quiet pool")?;
    }
    Ok(())
}

/// When each list that tells results was heard last, and how many results can be signed.
async fn results(source: &Source) -> anyhow::Result<()> {
    let Source::Running(node) = source else {
        return Ok(());
    };
    let body: SourcesBody = node.read("/api/v1/sources").await?;
    for list in body.sources.iter().filter(|_| body.on) {
        let heard = list.at.map_or_else(
            || "not read yet".to_owned(),
            |at| format!("heard {}", time::relative(moment(at))),
        );
        output::line!(
            "Results {} {heard}; {} can be signed (bolao sources)",
            list.name,
            body.ready
        )?;
        let problem = list.problem.clone();
        let problem = problem.map(|it| Finding::told("sources", Level::Bad, it));
        tell("", problem)?;
    }
    Ok(())
}

/// Prints troubles with something.
fn tell(of: &str, troubles: impl IntoIterator<Item = Finding>) -> anyhow::Result<()> {
    for trouble in troubles {
        let trouble = output::bad(&moves::text(&trouble));
        output::line(output::wrapped(&format!("{of:<8}"), "        ", &trouble))?;
    }
    Ok(())
}

/// That the node will find no room soon.
pub(super) fn disk(home: &Home) -> Option<Finding> {
    let room = home.little_room()? >> 20;
    Some(finding!("disk-full", room: room))
}

/// The blocks that the home's chain had before it was damaged, and does not have again.
pub(super) fn lost(home: &Home, tip: Height) -> anyhow::Result<Option<Finding>> {
    let Some(had) = home.had()?.filter(|had| *had > tip) else {
        let wait = home.lacks_blocks(tip)?;
        return Ok(wait.map(|wait| finding!("blocks-may-be-lost", why: wait.why())));
    };
    let count = had.0.saturating_sub(tip.0);
    Ok(Some(
        finding!("blocks-lost", count: count, first: tip.next(), last: had),
    ))
}

/// That nothing else brings the pool back, where it is so.
pub(super) async fn only_here(
    home: &Home,
    source: &Source,
    status: &Status,
) -> anyhow::Result<Option<Finding>> {
    validators::ends_with_disk(home, source, status.peers).await
}

/// That another machine runs with the home's keys.
pub(super) fn copy(status: &Status) -> Option<Finding> {
    let heard = time::relative(status.runs_elsewhere?);
    Some(finding!("runs-elsewhere", heard: heard))
}

/// The clocks that are wrong.
pub(super) async fn clocks(status: &Status, source: &Source) -> anyhow::Result<Vec<Finding>> {
    if let Some(doubt) = &status.sync.clock_doubt {
        return Ok(vec![clocks::in_doubt(doubt)]);
    }
    let Some(ahead_s) = status.sync.clock_ahead_s else {
        let peers = source.list("/api/v1/peers", usize::MAX).await?;
        let peers = as_views::<Peer>(peers)?;
        return Ok(clocks::told(&peers, status.sync.clock_agrees));
    };
    let code = if status.peers == 1 {
        "clock-off-only"
    } else {
        "clock-off-most"
    };
    Ok(vec![finding!(code, ahead: clocks::ahead(ahead_s))])
}

/// What the next block waits for, that somebody was found out, and what is wrong with the home's key.
pub(super) async fn votes(
    status: &Status,
    source: &Source,
    home: &Home,
) -> anyhow::Result<Vec<Finding>> {
    // Whoever still seeks his chain cannot say what it waits for.
    let seeks = matches!(
        status.sync.state,
        SyncState::NamedMissing | SyncState::NamedElsewhere
    );
    let waits = status.waits.as_ref().filter(|_| !seeks);
    let (own_key, coming) = if home.genesis()?.consensus.voting().is_some() {
        validators::told(home, source).await?
    } else {
        (None, Vec::new())
    };
    let guilty = (status.guilty > 0).then(|| finding!("voted-twice"));
    let told = [
        waits.map(|waits| {
            let why = waits_here(waits, own_key.is_some());
            finding!("block-waits", height: waits.height, why: why)
        }),
        key_elsewhere(status),
        guilty,
        own_key.map(|it| Finding::told("votes", Level::Bad, it)),
    ];
    Ok(told.into_iter().flatten().chain(coming).collect())
}

/// That another machine votes with the home's key, unless that is why the next block waits.
fn key_elsewhere(status: &Status) -> Option<Finding> {
    let height = status.signed_elsewhere?;
    let is_told = status.waits.as_ref().is_some_and(|waits| waits.copied);
    (!is_told).then(|| finding!("key-elsewhere", height: height))
}

/// The last notice, those about the player's own bets and name, and every move of a match.
async fn notices(source: &Source, status: &Status, home: &Home) -> anyhow::Result<()> {
    let Some(last) = &status.last_notice else {
        return Ok(());
    };
    output::line!(
        "{}  {} (`bolao log` shows them), the last of {}: {}",
        output::bad("Notice"),
        count(status.notices, "notice", "notices"),
        time::local(last.time),
        moves::text(&last.finding)
    )?;
    let account = home.profile()?.account;
    let since = Timestamp::now() - SignedDuration::from_secs(NEWS_S);
    let all = source.list("/api/v1/notices", usize::MAX).await?;
    for (place, notice) in all.into_iter().enumerate() {
        let notice: Notice = as_view(notice)?;
        if place >= OWN_NOTICES && notice.time < since {
            break;
        }
        let own = notice.player.as_ref().map(|player| player.account);
        let concerns = own.is_some() && own == account || notice.finding.subject == "organisers";
        if concerns && notice.number != last.number && !notice.taken_back {
            let when = time::local(notice.time);
            output::line!("        {when}: {}", moves::text(&notice.finding))?;
        }
    }
    Ok(())
}

/// The rules that matter most, in a line.
pub(super) fn in_a_line(pool: &PoolRules, organisers: usize) -> String {
    let span = |seconds: u32| time::span(seconds.into());
    bolao_rulebook::in_a_line(&pool.rules, pool.preset.as_deref(), organisers, &span)
}

/// The node's progress in catching up.
pub(super) fn progress(status: &Status) -> Finding {
    let sync = &status.sync;
    match sync.state {
        SyncState::Alone => finding!("sync-alone"),
        SyncState::Synced => finding!("sync-good"),
        SyncState::HeldBack => finding!("sync-held-back"),
        SyncState::NamedMissing => finding!("sync-named-missing", target: sync.target),
        SyncState::NamedElsewhere => finding!("sync-named-elsewhere", target: sync.target),
        _ => finding!("sync-catching-up", blocks: sync.blocks, target: sync.target),
    }
}

fn node(status: &Status, made_by_validators: bool) -> anyhow::Result<()> {
    output::line!(
        "Node    {} (bolao {}, for {})",
        output::good(&status.url),
        status.version,
        time::span(status.uptime_s)
    )?;
    output::line!(
        "        {}, {}; {}",
        count(status.peers, "peer", "peers"),
        count(status.known_nodes, "known node", "known nodes"),
        progress(status).text,
    )?;
    output::line!("Page    {}", opens::line(&status.link))?;
    if status.viewers == Viewers::Players {
        output::line("        only players can look at it (--viewers)")?;
    }
    if made_by_validators {
        return output::line("Mines   nothing: validators make the blocks");
    }
    let mining = &status.mining;
    let when = match mining.mode {
        MiningMode::Manual => "when asked",
        MiningMode::Pending => "when transactions are waiting",
        MiningMode::Always => "always",
    };
    let now = if mining.active { ", now" } else { "" };
    output::line!(
        "Mines   {when}{now}; {}, {}",
        count(
            u64::try_from(mining.threads).unwrap_or(0),
            "thread",
            "threads"
        ),
        HashRate::of(mining.hashes_per_second)
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_client::Offline;
    use bolao_ledger::Genesis;
    use bolao_store::Store;

    use super::*;

    #[tokio::test]
    async fn a_key_that_signs_elsewhere_is_told() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let status = Offline::new(&store).get("/api/v1/status").await.unwrap();
        let mut status: Status = serde_json::from_value(status).unwrap();
        assert_eq!(key_elsewhere(&status), None);
        status.signed_elsewhere = Some(7);
        assert!(
            key_elsewhere(&status)
                .unwrap()
                .text
                .contains("signed block 7")
        );
        let waits = json!({ "height": 8, "since": "2026-06-11T20:00:00Z", "away": [], "validators": 1, "copied": true });
        status.waits = serde_json::from_value(waits).unwrap();
        assert_eq!(key_elsewhere(&status), None);
    }
}
