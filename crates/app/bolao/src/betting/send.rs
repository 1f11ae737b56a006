//! What is said of bets that were sent, or would be.

use anyhow::bail;
use bolao_acting::Leave;
use bolao_ledger::{Genesis, MatchNo};
use bolao_rulebook::own_sealed;
use serde_json::{Value, json};

use super::{
    plan::{Plan, Planned},
    player_bets::CurrentBet,
    reveal::predict,
    show::placed,
};
use crate::{
    actor::Actor,
    command::wait::{WaitArgs, holds, on_its_way},
    moves,
    output::{self, count},
    source::Client,
    time,
    view::{self, Match, Transaction},
};

/// How to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sending {
    /// Says what would be sent, and sends nothing.
    pub(crate) dry_run: bool,
    pub(crate) wait: WaitArgs,
    pub(crate) json: bool,
    pub(crate) leave: Leave,
}

/// Says what would be sent.
pub(super) fn rehearsed(
    genesis: &Genesis,
    plan: &Plan<'_>,
    how: Sending,
    is_shown: bool,
) -> anyhow::Result<()> {
    if how.json {
        return output::json(&as_json(genesis, plan, &[]));
    }
    list(plan, is_shown)?;
    output::line!(
        "Nothing was sent. {} would leave you {}.",
        count(plan.bets.len(), "bet", "bets"),
        count(plan.left, "chip", "chips"),
    )
}

fn list(plan: &Plan<'_>, is_shown: bool) -> anyhow::Result<()> {
    for bet in plan.bets.iter().filter(|_| !is_shown) {
        output::line(placed(bet))?;
    }
    Ok(())
}

/// Says what was sent, and waits for the blocks if that is wanted.
pub(super) async fn sent(
    actor: &Actor<'_>,
    plan: &Plan<'_>,
    ids: Vec<String>,
    how: Sending,
    is_shown: bool,
) -> anyhow::Result<()> {
    let (genesis, client) = (&actor.genesis, actor.client()?);
    if !how.json {
        list(plan, is_shown)?;
        if is_shown {
            let sent = count(plan.bets.len(), "bet was", "bets were");
            output::line!("{sent} sent.")?;
        }
        show_left(genesis, &plan.bets, plan.left)?;
    }
    let sent = follow(client, ids, how.wait, "bet", plan.bets.len()).await?;
    if how.json {
        return output::json(&as_json(genesis, plan, &sent));
    }
    Ok(())
}

/// What was sent, each by its id, with the block that holds it.
type Sent = (String, Option<Transaction>);

/// Says that what was sent is on its way, or waits for the blocks if that is wanted, and says which hold it.
pub(crate) async fn follow(
    client: &Client,
    ids: Vec<String>,
    wait: WaitArgs,
    what: &str,
    many: usize,
) -> anyhow::Result<Vec<Sent>> {
    let mut sent: Vec<Sent> = ids.into_iter().map(|id| (id, None)).collect();
    if wait.is_given() {
        output::say("Waiting for a block.")?;
        for (id, placed) in &mut sent {
            *placed = wait.placed(client, id).await?;
            placed.as_ref().map_or(Ok(()), check_counts)?;
        }
    } else if !output::wants_json() {
        let (are_many, s) = if many == 1 { (false, "") } else { (true, "s") };
        output::line(on_its_way(client, &format!("The {what}{s}"), are_many).await)?;
    }
    for held in sent
        .iter()
        .filter_map(|(_, placed)| placed.as_ref().and_then(holds))
    {
        output::say(held)?;
    }
    Ok(sent)
}

fn show_left(genesis: &Genesis, bets: &[Planned<'_>], left: u64) -> anyhow::Result<()> {
    if genesis.starting_chips.0 > 0 {
        let left = count(left, "chip", "chips");
        output::line!("You have {left} left.")?;
    }
    let on: Vec<MatchNo> = bets.iter().map(|it| it.bet.match_no).collect();
    say_sealed(genesis, &on)
}

/// Says until when nobody else sees bets on these matches or questions, and who opens them, where bets are sealed.
pub(crate) fn say_sealed(genesis: &Genesis, on: &[MatchNo]) -> anyhow::Result<()> {
    match own_sealed(&genesis.rules, on) {
        Some(said) => output::say(moves::short_sentence(&said)),
        None => Ok(()),
    }
}

/// Fails if a bet is void.
fn check_counts(transaction: &Transaction) -> anyhow::Result<()> {
    let void = view::void(transaction);
    let void: Vec<&str> = void.iter().map(|game| game.code.as_str()).collect();
    if !void.is_empty() {
        bail!(
            "the bet on {} does not count: the block came after betting had ended, or your chips were not enough",
            void.join(", ")
        );
    }
    Ok(())
}

fn as_json(genesis: &Genesis, plan: &Plan<'_>, sent: &[Sent]) -> Value {
    let replaced = |before: &CurrentBet| {
        let mut told = json!({ "stake": before.stake, "waits": before.waits });
        predict(&mut told, before.predicted);
        told
    };
    let of = |game: &Match| json!({ "no": game.entry.fixture.no, "code": game.entry.fixture.code });
    let bets: Vec<Value> = plan
        .bets
        .iter()
        .map(
            |Planned {
                 game, bet, before, ..
             }| {
                let mut told = json!({
                    "match": of(game),
                    "stake": bet.stake,
                    "replaces": before.map(replaced),
                    "deadline": game.entry.deadline.and_then(time::timestamp),
                });
                predict(&mut told, Some(bet.prediction).into());
                told
            },
        )
        .collect();
    let left_out: Vec<Value> = plan.late.iter().map(|game| of(game)).collect();
    let sent: Vec<Value> = sent.iter().map(placed_json).collect();
    json!({
        "tips": bets,
        "sealed": genesis.rules.has_sealed_bets(),
        "left_out": left_out,
        "chips_left": plan.left,
        "transactions": sent,
    })
}

/// One of those that were sent, for programs.
pub(crate) fn placed_json((id, placed): &Sent) -> Value {
    let block = placed.as_ref().and_then(|placed| placed.block.as_ref());
    json!({ "id": id, "height": block.map(|block| block.at.height) })
}
