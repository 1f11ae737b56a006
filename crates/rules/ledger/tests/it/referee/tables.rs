//! The tables of a tournament: points of each tip, standings of all kinds, payouts.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, Besides, BetOn, Cause, Compared, MatchNo, RoundWon, Score, Standing, StateView,
    Text, TieBreak, Tier, actions::PlaceShare, besides, item::Question, rank, rounds_won, table,
};

use super::{
    Cells, PlainBesides, PlainFees, PlainNames, PlainNoted, PlainUses, PlainWon, Row, Tables,
    outcome, plays::Playing,
};
use crate::game::account;

pub(crate) fn compare_tables(playing: &Playing, wanted: &Tables, when: &str) {
    let place = format!("{}, {when}", playing.name);
    let totals = playing.game.totals();
    assert_eq!(
        (totals.scored, totals.provisional),
        (wanted.scored, wanted.provisional),
        "{place}: records"
    );
    for (no, cells) in &wanted.tips {
        assert_eq!(&tips(playing, *no), cells, "{place}: tips on {no}");
    }
    let state = &playing.game.state;
    let won = rounds_won(state).unwrap();
    let breaks = &playing.game.genesis.rules.tie_breaks;
    let players = || playing.joined().map(account);
    let besides = besides(state, breaks, &won, players()).unwrap();
    compare_besides(
        playing,
        wanted.besides.as_ref(),
        wanted.won.as_ref(),
        &place,
    );
    compare_fees(playing, wanted.noted.as_ref(), wanted.fees.as_ref(), &place);
    compare_names(
        playing,
        wanted.names.as_ref(),
        wanted.tickets.as_ref(),
        &place,
    );
    let all = rows(playing, totals.scored, &besides, |who| {
        playing.game.standing(who)
    });
    assert_eq!(all, wanted.standings, "{place}: standings");
    for (stage, wanted) in &wanted.stages {
        let stage = Text::<64>::new(stage).unwrap();
        let state = &playing.game.state;
        let scored = state.get::<table::RoundScored>(&stage).unwrap();
        let standing = |who| {
            let key = (stage.clone(), account(who));
            let standing = state.get::<table::RoundStandings>(&key).unwrap();
            standing.unwrap_or_default()
        };
        let got = rows(playing, scored.unwrap_or(0), &BTreeMap::new(), standing);
        assert_eq!(&got, wanted, "{place}: standings of {stage}");
    }
    for (no, wanted) in &wanted.from {
        assert_eq!(&from(playing, *no), wanted, "{place}: from match {no} on");
    }
    for (no, wanted) in &wanted.paid {
        assert_eq!(&paid(playing, *no), wanted, "{place}: payouts of {no}");
    }
    let asked = questions(playing);
    let numbers: Vec<_> = asked.iter().map(|it| it.no.0).collect();
    assert!(
        numbers.iter().eq(wanted.questions.keys()),
        "{place}: questions"
    );
    for (question, wanted) in asked.iter().zip(wanted.questions.values()) {
        let no = question.no.0;
        assert_eq!(*question, wanted.question, "{place}: question {no}");
        let record = playing.game.record(no);
        let recorded = record.as_ref().map(|it| it.outcome.clone());
        assert_eq!(
            recorded,
            wanted.record.as_ref().map(outcome),
            "{place}: record of {no}"
        );
        let settled = record.is_some_and(|it| it.is_settled());
        assert_eq!(settled, wanted.r#final, "{place}: record of {no}");
        let worth = playing
            .players
            .iter()
            .map(|who| worth(playing, question, *who));
        assert!(
            worth.eq(wanted.points.iter().copied()),
            "{place}: points of {no}"
        );
    }
    let settled = |no: &u16| {
        let record = playing.game.record(*no);
        record.is_some_and(|record| record.is_settled())
    };
    let settled = playing.matches().filter(settled).count();
    assert_eq!(settled, wanted.paid.len(), "{place}: final records");
}

/// Compares who has which name, and how many have joined with which ticket.
pub(super) fn compare_names(
    playing: &Playing,
    names: Option<&PlainNames>,
    tickets: Option<&PlainUses>,
    place: &str,
) {
    if let Some(wanted) = names {
        let of = |who: u8| (who, playing.game.account(who).unwrap().name.to_string());
        let mut got: PlainNames = playing.joined().map(of).collect();
        got.sort_unstable();
        assert_eq!(&got, wanted, "{place}: names");
    }
    if let Some(wanted) = tickets {
        let there = playing.game.state.table::<table::Tickets>().unwrap();
        let used: BTreeMap<_, _> = wanted
            .iter()
            .map(|(key, used)| (account(*key).0, *used))
            .collect();
        assert_eq!(there, used, "{place}: tickets");
    }
}

/// Compares the rounds that are won, and all numbers that could separate equal points, whichever of them the pool goes by.
pub(super) fn compare_besides(
    playing: &Playing,
    told: Option<&PlainBesides>,
    won: Option<&PlainWon>,
    place: &str,
) {
    let state = &playing.game.state;
    let rounds = rounds_won(state).unwrap();
    if let Some(wanted) = told {
        let every = [TieBreak::Wins, TieBreak::Bonus, TieBreak::Nearest];
        let all = besides(state, &every, &rounds, playing.joined().map(account)).unwrap();
        let of = |who: u8| {
            let it = all[&account(who)];
            (who, it.wins.unwrap(), it.bonus.unwrap(), it.off.unwrap())
        };
        let mut got: PlainBesides = playing.joined().map(of).collect();
        got.sort_unstable();
        assert_eq!(&got, wanted, "{place}: besides");
    }
    if let Some(wanted) = won {
        let of = |round: &RoundWon<AccountId>| {
            let players = round.players.iter().map(|it| number(playing, *it));
            let mut players: Vec<u8> = players.collect();
            players.sort_unstable();
            (round.stage.to_string(), (round.points.0, players))
        };
        let got: PlainWon = rounds.iter().map(of).collect();
        // Of those that are over, nobody may have won one.
        let mut wanted = wanted.clone();
        wanted.retain(|_, (points, _)| *points > 0);
        assert_eq!(got, wanted, "{place}: rounds won");
    }
}

/// Compares who has paid the entry fee, and what each place would get.
pub(super) fn compare_fees(
    playing: &Playing,
    noted: Option<&PlainNoted>,
    fees: Option<&PlainFees>,
    place: &str,
) {
    let (state, rules) = (&playing.game.state, &playing.game.genesis.rules);
    let paid = state.scan::<table::Paid>(&(), None, usize::MAX).unwrap();
    if let Some(wanted) = noted {
        let of = |(who, by): &(AccountId, AccountId)| (number(playing, *who), number(playing, *by));
        let mut got: PlainNoted = paid.iter().map(of).collect();
        got.sort_unstable();
        assert_eq!(&got, wanted, "{place}: who has paid");
    }
    if let Some(wanted) = fees {
        let won = rounds_won(state).unwrap();
        let players = || playing.joined().map(account);
        let besides = besides(state, &rules.tie_breaks, &won, players()).unwrap();
        let standings = players().zip(playing.joined().map(|who| playing.game.standing(who)));
        let places = rank(&rules.tie_breaks, standings, &besides);
        let fee = rules.features.fee.as_ref().unwrap();
        let shares = fee.shares(paid.len() as u64, places.iter().map(|it| it.place));
        let of = |it: &PlaceShare| (it.place, it.shared_by, it.each.0);
        let got: PlainFees = shares.iter().map(of).collect();
        assert_eq!(&got, wanted, "{place}: what places would get");
    }
}

fn rows(
    playing: &Playing,
    scored: u32,
    besides: &BTreeMap<AccountId, Besides>,
    standing: impl Fn(u8) -> Standing,
) -> Vec<Row> {
    let rules = &playing.game.genesis.rules;
    let players = playing.joined().map(|who| (account(who), standing(who)));
    let mut rows: Vec<Row> = rank(&rules.tie_breaks, players, besides)
        .into_iter()
        .map(|place| {
            let got = place.standing;
            (
                place.place,
                number(playing, place.account),
                got.points.0,
                got.exact,
                got.differences,
                got.tendencies,
                scored - got.bets,
            )
        })
        .collect();
    rows.sort_unstable();
    rows
}

fn number(playing: &Playing, id: AccountId) -> u8 {
    let mut joined = playing.joined();
    joined.find(|who| account(*who) == id).unwrap()
}

/// The score of a match that counts.
pub(super) fn counting(playing: &Playing, no: u16) -> Option<Score> {
    let (rules, game) = (&playing.game.genesis.rules, playing.game.game(no));
    game.counting_score(rules, &playing.game.record(no)?.outcome)
}

fn tip(playing: &Playing, no: u16, who: u8, score: Score) -> Option<(u64, Tier)> {
    let (rules, state) = (&playing.game.genesis.rules, &playing.game.state);
    let (bet, record) = (playing.game.bet_of(no, who)?, playing.game.record(no)?);
    let compared = Compared {
        on: BetOn {
            game: &playing.game.game(no),
            player: &account(who),
            bet: &bet,
        },
        score,
        outcome: Some(&record.outcome),
    };
    let (points, tier) = rules.table_points(state, compared).unwrap()?;
    Some((points.0, tier))
}

fn tips(playing: &Playing, no: u16) -> Option<Cells> {
    let score = counting(playing, no)?;
    let players = playing.players.iter();
    Some(players.map(|who| tip(playing, no, *who, score)).collect())
}

fn questions(playing: &Playing) -> Vec<Question> {
    let questions = playing.game.state.table::<table::Questions>().unwrap();
    questions.into_values().collect()
}

/// The points of a player's answers to a question.
fn worth(playing: &Playing, question: &Question, who: u8) -> u64 {
    let Some(record) = playing.game.record(question.no.0) else {
        return 0;
    };
    let answer = |no: MatchNo| playing.game.bet_of(no.0, who)?.prediction()?.answer();
    let answers: Vec<_> = question.numbers().map(answer).collect();
    question.worth(&record.outcome.right, &answers)
}

/// The standings of a match and of those that do not kick off before it, and of questions that do not close before it.
fn from(playing: &Playing, first: u16) -> Vec<Row> {
    let kickoff = |no: u16| playing.game.game(no).fixture.kickoff;
    let scores: Vec<(u16, Score)> = playing
        .matches()
        .filter(|no| kickoff(*no) >= kickoff(first))
        .filter_map(|no| Some((no, counting(playing, no)?)))
        .collect();
    let asked = questions(playing);
    let asked = asked.iter().filter(|it| Some(it.closes) >= kickoff(first));
    let asked: Vec<_> = asked.collect();
    let standing = |who| {
        let cells = scores
            .iter()
            .filter_map(|(no, score)| tip(playing, *no, who, *score));
        let points = asked.iter().map(|it| worth(playing, it, who)).sum();
        let begins = Standing {
            points: bolao_ledger::Points(points),
            ..Standing::default()
        };
        cells.fold(begins, |standing, (points, tier)| {
            standing.plus(bolao_ledger::Points(points), tier).unwrap()
        })
    };
    rows(
        playing,
        scores.len().try_into().unwrap(),
        &BTreeMap::new(),
        standing,
    )
}

/// What each player's history says of a pot.
fn paid(playing: &Playing, no: u16) -> Vec<u64> {
    let of = |cause| matches!(cause, Cause::Won(of) | Cause::Refunded(of) if of == MatchNo(no));
    let sum = |who: &u8| {
        let state = &playing.game.state;
        let history = state.scan::<table::History>(&account(*who), None, usize::MAX);
        let lines = history.unwrap().into_iter().flat_map(|(_, page)| page.0);
        lines
            .filter(|line| of(line.cause))
            .map(|line| line.amount.0)
            .sum()
    };
    playing.players.iter().map(sum).collect()
}
