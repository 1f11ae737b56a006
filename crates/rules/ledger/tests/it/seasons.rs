//! A World Cup and a season of a league as they were played, with questions: what players have in the end is what anyone counts from
//! the same lists.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use bolao_ledger::{
    Action, BetMode, Chips, Crowd, Fixture, MatchNo, OpenBet, Opening, Outcome, Prediction, Reason,
    Score, SealedBet, Side, Team, Text, UnixSeconds, actions,
    item::{Answer, Asks, Question},
    seal_commitment,
};
use jiff::civil::{Date, Time};
use serde::Deserialize;

use crate::{
    game::{Game, ORGANISER, START, account, bet, genesis, object, predicted, result, ruled},
    questions::{FIRST, answered, ask},
};

const PLAYERS: u8 = 9;
/// From the joining to the first kick-off.
const BEFORE_S: u64 = 10_000;

#[derive(Deserialize)]
struct List {
    matches: Vec<Listed>,
}

/// A match as openfootball has it.
#[derive(Deserialize)]
struct Listed {
    round: String,
    date: Date,
    time: Time,
    team1: String,
    team2: String,
    score: Scores,
}

#[derive(Clone, Copy, Deserialize)]
struct Scores {
    ft: [u8; 2],
    et: Option<[u8; 2]>,
    p: Option<[u8; 2]>,
}

fn list(path: &str) -> Vec<Listed> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/openfootball/");
    let text = fs::read_to_string(format!("{data}{path}.json")).unwrap();
    let mut list: List = serde_json::from_str(&text).unwrap();
    list.matches.sort_by_key(|it| (it.date, it.time));
    list.matches
}

fn score([home, away]: [u8; 2]) -> Score {
    Score::new(home.into(), away.into()).unwrap()
}

impl Listed {
    fn outcome(&self) -> Outcome {
        let Scores { ft, et, p } = self.score;
        let decided = p.or(et).unwrap_or(ft);
        let side = if decided[0] > decided[1] {
            Side::Home
        } else {
            Side::Away
        };
        Outcome {
            after_120: et.map(score),
            shootout: p.map(score),
            advances: et.map(|_| side),
            ..Outcome::played(score(ft))
        }
    }

    fn goals(&self) -> u16 {
        let scored = self.score.et.unwrap_or(self.score.ft);
        scored.into_iter().map(u16::from).sum()
    }

    fn winner(&self) -> &str {
        let decided = self.score.p.or(self.score.et).unwrap_or(self.score.ft);
        if decided[0] > decided[1] {
            &self.team1
        } else {
            &self.team2
        }
    }
}

/// The teams by points, goal difference and goals.
fn table(list: &[Listed]) -> Vec<&str> {
    let mut rows: BTreeMap<&str, (i32, i32, i32)> = BTreeMap::new();
    for game in list {
        let [home, away] = game.score.ft.map(i32::from);
        for (team, own, other) in [(&game.team1, home, away), (&game.team2, away, home)] {
            let row = rows.entry(team).or_default();
            row.0 += [0, 1, 3][usize::try_from((own - other).signum() + 1).unwrap()];
            row.1 += own - other;
            row.2 += own;
        }
    }
    let mut teams: Vec<&str> = rows.keys().copied().collect();
    teams.sort_by_key(|team| std::cmp::Reverse(rows[team]));
    teams
}

type Counting = Box<dyn Fn(&[u16]) -> u64>;

/// What is asked, what is right, and the points that answers give, counted by itself.
struct Asking {
    question: Question,
    right: Vec<u16>,
    points: Counting,
}

fn question(code: &str, no: u16, slots: u8, points: u16, asks: Asks) -> Question {
    Question {
        no: MatchNo(no),
        code: code.parse().unwrap(),
        text: Text::new(code).unwrap(),
        closes: UnixSeconds(START + BEFORE_S),
        points,
        slots,
        asks,
    }
}

fn of(teams: &[&str], misplaced: Option<u16>, perfect: u16) -> Asks {
    Asks::Choice {
        options: teams.iter().map(|it| Text::new(*it).unwrap()).collect(),
        misplaced,
        perfect,
    }
}

/// The goals of all matches: 8 points, and 5, 3 or 1 for a near number.
fn goals(no: u16, list: &[Listed]) -> Asking {
    let all: u16 = list.iter().map(Listed::goals).sum();
    let near = vec![5, 3, 1];
    let asks = Asks::Number {
        least: 0,
        most: 2_000,
        near,
    };
    Asking {
        question: question("goals", no, 1, 8, asks),
        right: vec![all],
        points: Box::new(move |given| match given[0].abs_diff(all) {
            0 => 8,
            1 => 5,
            2 => 3,
            3 => 1,
            _ => 0,
        }),
    }
}

/// The teams that are right, whatever their order: points for each, and more for all of them.
fn any_order(question: Question, right: Vec<u16>, more: u64) -> Asking {
    let (each, all) = (u64::from(question.points), right.clone());
    Asking {
        question,
        right,
        points: Box::new(move |given| {
            let given: BTreeSet<&u16> = given.iter().collect();
            let hits = all.iter().filter(|it| given.contains(it)).count();
            each * hits as u64 + if hits == all.len() { more } else { 0 }
        }),
    }
}

struct Season {
    game: Game,
    list: Vec<Listed>,
    askings: Vec<Asking>,
    tips: BTreeMap<(u8, u16), Score>,
    given: BTreeMap<(u8, u16), Vec<u16>>,
}

/// Something between 0 and `most`, by numbers.
fn pick(who: u8, no: u16, most: u16) -> u16 {
    (u16::from(who) * 31 + no * 17 + no / 7 * u16::from(who)) % (most + 1)
}

impl Season {
    fn new(list: Vec<Listed>, mode: BetMode, askings: Vec<Asking>) -> Self {
        let at = |it: &Listed| it.date.to_datetime(it.time).in_tz("UTC").unwrap();
        let first = at(&list[0]);
        let team = |name: &str| Team {
            name: Text::new(name).unwrap(),
            code: None,
        };
        let fixture = |(no, it): (u16, &Listed)| {
            let after = at(it).timestamp().as_second() - first.timestamp().as_second();
            Fixture {
                no: MatchNo(no),
                code: format!("M{no}").parse().unwrap(),
                home: team(&it.team1),
                away: team(&it.team2),
                kickoff: Some(UnixSeconds(
                    START + BEFORE_S + u64::try_from(after).unwrap(),
                )),
                stage: Text::new(it.round.as_str()).unwrap(),
            }
        };
        let genesis = ruled(genesis(), |it| {
            it.rules.bets = mode;
            it.rules.notice_s = 100;
            it.rules.opening_window_s = 20_000;
            it.limits.matches = 400;
            it.matches = (1..).zip(&list).map(fixture).collect();
        });
        Self {
            game: Game::joined_with(genesis, PLAYERS),
            list,
            askings,
            tips: BTreeMap::new(),
            given: BTreeMap::new(),
        }
    }

    /// Bets on matches or slots, sealed where the pool's are.
    fn place(&mut self, who: u8, bets: &[(u16, Prediction)]) {
        for part in bets.chunks(60) {
            let action = if self.game.genesis.rules.bets == BetMode::Sealed {
                let seal = |(no, prediction): &(u16, Prediction)| SealedBet {
                    match_no: MatchNo(*no),
                    commitment: seal_commitment(
                        self.game.pool,
                        &account(who),
                        MatchNo(*no),
                        *prediction,
                        &[who; 32],
                    ),
                    stake: Chips::ZERO,
                };
                Action::Seal(actions::Seal {
                    bets: part.iter().map(seal).collect(),
                })
            } else {
                let tip = |(no, prediction): &(u16, Prediction)| OpenBet {
                    match_no: MatchNo(*no),
                    prediction: *prediction,
                    stake: Chips::ZERO,
                };
                bet(&part.iter().map(tip).collect::<Vec<_>>())
            };
            let outcome = self.game.plays(who, action).unwrap();
            assert_eq!(outcome.void_bets, []);
        }
    }

    /// Everybody opens their seals of some numbers, in one block.
    fn open(&mut self, of: impl Fn(u8) -> Vec<(u16, Prediction)>) {
        if self.game.genesis.rules.bets != BetMode::Sealed {
            return;
        }
        let open = |who: u8| {
            let openings = of(who).into_iter().map(|(no, prediction)| Opening {
                match_no: MatchNo(no),
                prediction,
                salt: [who; 32],
            });
            let openings = openings.collect();
            self.game.act(who, Action::Open(actions::Open { openings }))
        };
        let opened = (1..=PLAYERS).map(open).collect();
        self.game.play(opened).unwrap();
    }

    fn answers(
        given: &BTreeMap<(u8, u16), Vec<u16>>,
        who: u8,
        question: &Question,
    ) -> Vec<(u16, Prediction)> {
        let predicted = |it: &u16| question.asks.predicted(Answer::try_from(*it).unwrap());
        let first = question.no.0;
        let answers = (first..).zip(&given[&(who, first)]);
        answers.map(|(no, it)| (no, predicted(it))).collect()
    }

    fn play(&mut self) {
        let asked = |it: &Asking| (it.question.clone(), it.right.clone());
        let questions: Vec<(Question, Vec<u16>)> = self.askings.iter().map(asked).collect();
        for (question, _) in &questions {
            self.game.plays(ORGANISER, ask(question.clone())).unwrap();
        }
        for who in 1..=PLAYERS {
            let tip = |no| {
                score([pick(who, no, 3), pick(who + 5, no, 2)].map(|it| u8::try_from(it).unwrap()))
            };
            let tips: Vec<(u16, Score)> =
                (1..).zip(&self.list).map(|(no, _)| (no, tip(no))).collect();
            let placed: Vec<_> = tips.iter().map(|(no, it)| (*no, (*it).into())).collect();
            self.place(who, &placed);
            self.tips
                .extend(tips.into_iter().map(|(no, it)| ((who, no), it)));
            for (question, right) in &questions {
                let no = question.no.0;
                let given = match &question.asks {
                    // One has all right, another none but by chance; others have some of them, turned round.
                    _ if who == 1 => right.clone(),
                    Asks::Number { .. } => vec![right[0] + u16::from(who) - 2],
                    Asks::Choice { .. } if who < 5 => {
                        let turned = right.iter().cycle().skip(usize::from(who) - 1);
                        turned.take(right.len()).copied().collect()
                    }
                    Asks::Choice { options, .. } => {
                        let most = u16::try_from(options.len()).unwrap() - 1;
                        (0..u16::from(question.slots))
                            .map(|slot| pick(who, slot, most))
                            .collect()
                    }
                };
                self.given.insert((who, no), given);
                let answers = Self::answers(&self.given, who, question);
                self.place(who, &answers);
            }
        }
        self.game.time = START + BEFORE_S;
        for (question, _) in &questions {
            let given = self.given.clone();
            self.open(|who| Self::answers(&given, who, question));
        }
        // Nobody answers once it is closed.
        let late = bet(&[OpenBet {
            match_no: MatchNo(FIRST),
            prediction: predicted("option 0"),
            stake: Chips::ZERO,
        }]);
        if self.game.genesis.rules.bets == BetMode::Open {
            let outcome = self.game.plays(2, late).unwrap();
            assert_eq!(outcome.void_bets, [MatchNo(FIRST)]);
        }
        for at in 0..self.list.len() {
            let no = u16::try_from(at).unwrap() + 1;
            let kickoff = self.game.game(no).fixture.kickoff.unwrap().0;
            self.game.time = self.game.time.max(kickoff + 6_000);
            let tips = self.tips.clone();
            self.open(|who| vec![(no, tips[&(who, no)].into())]);
            let outcome = self.list[at].outcome();
            self.game.plays(ORGANISER, result(no, outcome)).unwrap();
        }
    }

    /// The last whistle: the goals are counted wrongly at first.
    fn settle(&mut self) {
        for asking in &self.askings {
            let no = asking.question.no.0;
            if matches!(asking.question.asks, Asks::Number { .. }) {
                let wrong = answered(&[asking.right[0] - 1]);
                self.game.plays(ORGANISER, result(no, wrong)).unwrap();
                self.game.plays(2, object(no, "count again")).unwrap();
            }
            let right = answered(&asking.right);
            self.game.plays(ORGANISER, result(no, right)).unwrap();
        }
        let settled = self.game.time + 30_000;
        self.game.wait_until(settled);
        for asking in &self.askings {
            let no = asking.question.no.0;
            assert!(self.game.record(no).unwrap().is_settled());
            let again = self.game.plays(ORGANISER, result(no, answered(&[0])));
            assert_eq!(again.unwrap_err(), Reason::ResultFinal);
        }
    }

    /// The points of a player's tips, and those of the answers, counted from the list.
    fn counted(&self, who: u8) -> (u64, u64) {
        let rules = &self.game.genesis.rules;
        let of_tip = |(no, it): (u16, &Listed)| {
            let game = self.game.game(no);
            let counts = game.counting_score(rules, &it.outcome()).unwrap();
            let points = rules.points(
                &game.fixture,
                Some(self.tips[&(who, no)]),
                counts,
                Crowd::default(),
            );
            points.map_or(0, |(points, _)| points.0)
        };
        let answers = self.askings.iter();
        let of_answers = |it: &Asking| (it.points)(&self.given[&(who, it.question.no.0)]);
        (
            (1..).zip(&self.list).map(of_tip).sum(),
            answers.map(of_answers).sum(),
        )
    }

    fn check(&self) {
        let mut of_answers = BTreeSet::new();
        for who in 1..=PLAYERS {
            let (tips, answers) = self.counted(who);
            assert_eq!(self.game.points(who), tips + answers, "player {who}");
            of_answers.insert(answers);
        }
        let best: u64 = self.askings.iter().map(|it| (it.points)(&it.right)).sum();
        assert_eq!(of_answers.last(), Some(&best));
        assert!(of_answers.len() > 4, "{of_answers:?}");
    }
}

fn places(teams: &[&str], wanted: &[&str]) -> Vec<u16> {
    let place = |one: &&str| teams.iter().position(|team| team == one).unwrap();
    wanted
        .iter()
        .map(|it| u16::try_from(place(it)).unwrap())
        .collect()
}

fn sorted(mut all: Vec<u16>) -> Vec<u16> {
    all.sort_unstable();
    all
}

#[test]
fn a_world_cup_with_questions() {
    let list = list("worldcup/2022/worldcup");
    let teams: BTreeSet<&str> = list
        .iter()
        .flat_map(|it| [it.team1.as_str(), &it.team2])
        .collect();
    let teams: Vec<&str> = teams.into_iter().collect();
    let champion = list.last().unwrap().winner();
    let semis: Vec<&str> = { list.iter() }
        .filter(|it| it.round == "Semi-finals")
        .flat_map(|it| [it.team1.as_str(), &it.team2])
        .collect();
    assert_eq!((champion, semis.len(), teams.len()), ("Argentina", 4, 32));
    let askings = vec![
        any_order(
            question("champion", FIRST, 1, 10, of(&teams, None, 0)),
            places(&teams, &[champion]),
            0,
        ),
        any_order(
            question("semis", FIRST + 1, 4, 4, of(&teams, None, 4)),
            sorted(places(&teams, &semis)),
            4,
        ),
        goals(FIRST + 5, &list),
    ];
    assert_eq!(askings[2].right, [172]);
    let mut season = Season::new(list, BetMode::Sealed, askings);
    season.play();
    season.settle();
    season.check();
}

#[test]
fn a_league_season_with_questions() {
    let list = list("football/2018-19/pt.1");
    let ranked = table(&list);
    assert_eq!(ranked[..2], ["SL Benfica", "FC Porto"]);
    let mut teams = ranked.clone();
    teams.sort_unstable();
    let podium = places(&teams, &ranked[..3]);
    let order = podium.clone();
    let relegated = sorted(places(&teams, &ranked[15..]));
    let askings = vec![
        any_order(
            question("champion", FIRST, 1, 10, of(&teams, None, 0)),
            places(&teams, &ranked[..1]),
            0,
        ),
        any_order(
            question("relegated", FIRST + 1, 3, 4, of(&teams, None, 5)),
            relegated,
            5,
        ),
        Asking {
            question: question("podium", FIRST + 4, 3, 5, of(&teams, Some(2), 3)),
            right: podium,
            points: Box::new(move |given| {
                let gives =
                    |(place, team): (usize, &u16)| match given.iter().position(|it| it == team) {
                        Some(_) if given[place] == *team => 5,
                        Some(_) => 2,
                        None => 0,
                    };
                let all: u64 = order.iter().enumerate().map(gives).sum();
                all + if given == order { 3 } else { 0 }
            }),
        },
        goals(FIRST + 7, &list),
    ];
    let mut season = Season::new(list, BetMode::Open, askings);
    season.play();
    season.settle();
    season.check();
}
