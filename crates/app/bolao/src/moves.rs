//! How organisers moved matches, in words.

use bolao_api::Named;
use bolao_ledger::{AccountId, ItemKind, MatchNo, Move, UnixSeconds, json::Words};
use bolao_rulebook::{Finding, Nameless, Said, SaidValue, english_with};

use crate::{
    output::{self, count, joined},
    source::{Source, as_view, escape},
    time,
    view::{Bet, Earned, Match, PlayerRef, Transaction},
};

/// A match's last move, such as `moved from Fri 12 Jun 2026 20:45 WEST to 23:00 by Ana`.
pub(crate) fn said(moved: &Named<Move>) -> String {
    let signers = moved.players(&moved.signers);
    let mut signers: Vec<String> = signers.iter().map(PlayerRef::shown).collect();
    signers.sort();
    let change = match (moved.from, moved.to) {
        (Some(from), Some(to)) => {
            format!("moved from {} to {}", time::local(from), time::local(to))
        }
        (Some(from), None) => format!("postponed from {}", time::local(from)),
        (None, to) => format!("rescheduled for {}", time::kickoff(to)),
    };
    format!("{change}, by {}", signers.join(", "))
}

/// A finding in a sentence, with times of this machine's zone.
pub(crate) fn text(finding: &Finding) -> String {
    finding.with(&Local(&Nameless))
}

/// A sentence with times of this machine's zone.
pub(crate) fn sentence(said: &Said) -> String {
    english_with(said, &Local(&Nameless))
}

/// The sentence of a transaction, with times of this machine's zone. It is made of the action here: of the node's own come only names.
pub(crate) fn says(transaction: &Transaction) -> String {
    let said = transaction.action.says(&transaction.player.account);
    english_with(&said, &Local(&transaction.says))
}

/// A sentence whose lengths of time are as short as elsewhere on the command line, such as `12 h`.
pub(crate) fn short_sentence(said: &Said) -> String {
    sentence(&shortened(said))
}

/// Points, with a star while they rest on a record that may change, and what makes them count otherwise.
pub(crate) fn points(earned: &Earned) -> String {
    let star = if earned.provisional { "*" } else { "" };
    let points = earned.points.map(|points| format!("{points}{star}"));
    let modifiers = earned.modifiers.iter().map(short_sentence);
    let parts: Vec<String> = points.into_iter().chain(modifiers).collect();
    parts.join(" ")
}

fn shortened(said: &Said) -> Said {
    let mut said = said.clone();
    for value in said.values.values_mut() {
        match value {
            SaidValue::Seconds { seconds } => {
                *value = SaidValue::Text(time::span((*seconds).into()));
            }
            SaidValue::Said(part) => *part = shortened(part),
            SaidValue::Several { said } => *said = said.iter().map(shortened).collect(),
            SaidValue::Number(_)
            | SaidValue::Text(_)
            | SaidValue::Moment { .. }
            | SaidValue::Teams { .. }
            | SaidValue::Player { .. }
            | SaidValue::Items { .. }
            | SaidValue::Predictions { .. }
            | SaidValue::Scheduled { .. }
            | SaidValue::Record { .. }
            | SaidValue::Names { .. } => {}
        }
    }
    said
}

/// What an act of an organiser has changed, with times of this machine's zone.
pub(crate) fn sentences(said: &[Said]) -> String {
    joined(said.iter().map(sentence), " ")
}

/// The words that others have, with times of this machine's zone.
struct Local<'w>(&'w dyn Words);

impl Words for Local<'_> {
    fn name(&self, account: &AccountId) -> Option<String> {
        self.0.name(account)
    }

    fn code(&self, no: MatchNo) -> String {
        self.0.code(no)
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        self.0.kind(no)
    }

    fn time(&self, at: UnixSeconds) -> String {
        time::timestamp(at).map_or_else(String::new, time::local)
    }
}

/// The number of bets placed after a kick-off that once stood, and that organisers moved later.
pub(crate) async fn bets_after_kickoff(source: &Source) -> anyhow::Result<u64> {
    let mut marked = 0;
    for game in source.list("/api/v1/matches", usize::MAX).await? {
        let game: Match = as_view(game)?;
        let moved_later = |moved: &Named<Move>| moved.earliest.is_some();
        if game.entry.bets > 0 && game.moved.as_ref().is_some_and(moved_later) {
            let path = format!("/api/v1/matches/{}/tips", escape(&game.entry.fixture.code));
            for bet in source.list(&path, usize::MAX).await? {
                marked += u64::from(as_view::<Bet>(bet)?.after_kickoff);
            }
        }
    }
    Ok(marked)
}

/// Prints the line of `bolao audit` about such bets.
pub(crate) fn line(marked: u64) -> anyhow::Result<()> {
    if marked == 0 {
        return Ok(());
    }
    output::line!(
        "Moved    {} placed after a kick-off that organisers moved later. The rules allow that; `bolao bets` marks {}",
        output::bad(&count(marked, "bet was", "bets were")),
        if marked == 1 { "it" } else { "them" },
    )
}
