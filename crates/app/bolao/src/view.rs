//! What commands show of the API's answers: its own types by short names, and of what has none the fields that are shown.

pub(crate) use bolao_api::body::{
    ActBody as Act, AnswersBody as Answers, BasisBody as Basis, BetBody as Bet, BlockBody as Block,
    CellBody as MatrixCell, Earned, HistoryBody as Change, LinkBody as Link,
    LinkKeysBody as LinkKeys, LogsBody as Logs, MatchBody as Match, MatchRef, MatchStatus,
    MatrixBody as Matrix, MatrixRow, MinedBody as Mined, NonceBody as NextNonce,
    NoticeBody as Notice, ObjectionBody as Objection, PeerBody as Peer, PlaceState,
    PlayerBody as Player, PlayerPage, PlayerRef, QuestionBody as Question, QuestionStatus,
    RecordBody as Record, RoundBody as Round, RulesBody as PoolRules, StandingsBody as Standings,
    StatusBody as Status, TallyBody as Tally, TransactionBody as Transaction,
    VersionBody as Version, WaitingBody as Waiting,
};
use bolao_ledger::Score;
pub(crate) use bolao_ledger::item::Question as Asked;

#[cfg(test)]
pub(crate) mod fixtures;

/// The numbers and codes that a transaction's bets are on, and whether they are void.
pub(crate) fn placed(transaction: &Transaction) -> Vec<(MatchRef, bool)> {
    let placed = transaction.action.placed().into_iter();
    placed
        .map(|bet| {
            let of = transaction.action.item(bet.match_no);
            let is_void = transaction.void.contains(&of);
            (of, is_void)
        })
        .collect()
}

/// The matches of which a transaction's bets are void.
pub(crate) fn void(transaction: &Transaction) -> Vec<MatchRef> {
    let void = placed(transaction).into_iter().filter(|(_, void)| *void);
    void.map(|(of, _)| of).collect()
}

/// The score of a bet, or that it is sealed.
pub(crate) fn bet(bet: &Bet) -> String {
    let tip = if is_own_sealed(bet) {
        format!("{} (sealed)", bet.predicted)
    } else {
        score(bet.predicted.score)
    };
    let missed = if bet.missed {
        " (not opened in time: does not count)"
    } else {
        ""
    };
    let late = if bet.after_kickoff {
        " (after a kick-off that was moved)"
    } else {
        ""
    };
    format!("{tip}{missed}{late}")
}

/// The meaning of `(sealed)` beside a score.
pub(crate) const OWN_SEALED: &str = "(sealed) marks a score that only you can see";

/// Whether a bet's score is one that only its owner sees.
pub(crate) fn is_own_sealed(bet: &Bet) -> bool {
    bet.sealed && !bet.missed && bet.predicted.score.is_some() && bet.opened.is_none()
}

/// A score, or that it is sealed.
pub(crate) fn score(score: Option<Score>) -> String {
    score.map_or_else(|| "sealed".to_owned(), |score| score.to_string())
}
