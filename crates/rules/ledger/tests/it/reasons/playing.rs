//! What invitations, stakes, seals, results and objections are refused for.

use bolao_ledger::{
    Action, Bounds, Day, Outcome, Quorum, Reason, Status, Transaction, UnixSeconds, actions,
    item::Question,
};

use super::{Provoked, refused};
use crate::{
    game::{
        Game, KICKOFF, ORGANISER, START, account, address, bet, by_invitation, called_off, day,
        fixture, genesis, invitation, object, open, open_for, organiser, played, result, ruled,
        schedule, score, sealed, signature, tip, tip_on, transfer,
    },
    jokers, next,
    notice::with_notice,
    paid,
    questions::{FIRST, answer, answered, ask, asked, choice, number},
};

fn champion() -> Question {
    choice(1, 4, None, 0)
}

/// The action is refused when it is the account's next.
pub(super) fn refused_act(game: Game, who: u8, action: Action) -> Reason {
    let transaction = game.act(who, action);
    refused(game, vec![transaction])
}

fn refused_join(join: impl Fn(&Game) -> Transaction) -> Reason {
    let game = Game::with(by_invitation());
    let transaction = join(&game);
    refused(game, vec![transaction])
}

/// Player 2 has sealed 2-1 on match 3, which kicks off now.
fn kicked_off() -> Game {
    let mut game = Game::joined_with(sealed(), 3);
    let seal = game.seal(2, 3, "2-1", 7, 10);
    game.plays(2, seal).unwrap();
    game.time = KICKOFF;
    game
}

fn outcome(change: impl Fn(&mut Outcome)) -> Reason {
    let mut game = Game::joined(1);
    game.time = KICKOFF;
    let mut outcome = played("2-1");
    change(&mut outcome);
    refused_act(game, ORGANISER, result(3, outcome))
}

pub(super) const PROVOKED: &[Provoked] = &[
    (Reason::InvitationNeeded, "no ticket", || {
        refused_join(|game| game.join(2, 0, "Ana"))
    }),
    (
        Reason::BadInvitation,
        "a ticket taken from another's join",
        || refused_join(|game| game.join_with(3, invitation(game.pool, ORGANISER, 2, 1))),
    ),
    (Reason::BadInvitation, "more uses than were signed", || {
        refused_join(|game| {
            let mut invitation = invitation(game.pool, ORGANISER, 2, 1);
            invitation.given.ticket.uses = 2;
            game.join_with(2, invitation)
        })
    }),
    (Reason::BadInvitation, "a later expiry", || {
        refused_join(|game| {
            let mut invitation = invitation(game.pool, ORGANISER, 2, 1);
            invitation.given.ticket.expires = UnixSeconds(u64::MAX);
            game.join_with(2, invitation)
        })
    }),
    (
        Reason::BadInvitation,
        "an organiser's name on another's signature",
        || {
            refused_join(|game| {
                let mut invitation = invitation(game.pool, 9, 2, 1);
                invitation.given.organiser = account(ORGANISER);
                game.join_with(2, invitation)
            })
        },
    ),
    (Reason::BadInvitation, "for another pool", || {
        refused_join(|game| {
            let mut other = game.pool;
            other.0[0] ^= 1;
            game.join_with(2, invitation(other, ORGANISER, 2, 1))
        })
    }),
    (
        Reason::BadInvitation,
        "spoilt, in a pool that wants none",
        || {
            let game = Game::new();
            let mut invitation = invitation(game.pool, ORGANISER, 2, 1);
            invitation.ticket_signature = signature(2, b"anything");
            let join = game.join_with(2, invitation);
            refused(game, vec![join])
        },
    ),
    (
        Reason::NotInvitedByOrganiser,
        "a ticket of a player's own",
        || refused_join(|game| game.join_with(2, invitation(game.pool, 2, 2, 1))),
    ),
    (
        Reason::TicketExpired,
        "at the second in which it expires",
        || {
            let mut game = Game::with(by_invitation());
            game.time += 500;
            let join = game.join_with(2, invitation(game.pool, ORGANISER, 2, 1));
            refused(game, vec![join])
        },
    ),
    (
        Reason::TicketUsedUp,
        "two with a ticket for one, in one block",
        || {
            let game = Game::with(by_invitation());
            let join = |who| game.join_with(who, invitation(game.pool, ORGANISER, who, 1));
            let joins = vec![join(2), join(3)];
            refused(game, joins)
        },
    ),
    (Reason::MatchNumberTaken, "a number of questions", || {
        let act = schedule(fixture(0x4000, "New", None));
        refused_act(with_notice(), ORGANISER, act)
    }),
    (
        Reason::UnknownAction,
        "a question where nothing needs notice",
        || refused_act(Game::joined(2), ORGANISER, ask(champion())),
    ),
    (Reason::NotAnOrganiser, "a player's question", || {
        refused_act(with_notice(), 2, ask(champion()))
    }),
    (Reason::UnknownMatch, "a slot of no question", || {
        refused_act(with_notice(), 2, answer(FIRST, &[1]))
    }),
    (Reason::UnknownMatch, "a record of a second slot", || {
        let game = asked(choice(2, 4, None, 0));
        refused_act(game, ORGANISER, result(FIRST + 1, answered(&[1])))
    }),
    (
        Reason::UnknownMatch,
        "an objection to a second slot",
        || refused_act(asked(choice(2, 4, None, 0)), 2, object(FIRST + 1, "no")),
    ),
    (Reason::UnknownMatch, "a day of a question", || {
        refused_act(asked(champion()), ORGANISER, day(FIRST, None))
    }),
    (Reason::MatchNumberTaken, "a question over another", || {
        let mut question = champion();
        (question.no.0, question.code) = (FIRST + 1, "other".parse().unwrap());
        refused_act(asked(choice(2, 4, None, 0)), ORGANISER, ask(question))
    }),
    (
        Reason::MatchNumberTaken,
        "another code for a question",
        || {
            let mut question = champion();
            question.code = "other".parse().unwrap();
            refused_act(asked(champion()), ORGANISER, ask(question))
        },
    ),
    (
        Reason::MatchCodeTaken,
        "a match's code for a question",
        || {
            let mut question = champion();
            question.code = "ptch".parse().unwrap();
            refused_act(with_notice(), ORGANISER, ask(question))
        },
    ),
    (
        Reason::MatchCodeTaken,
        "a question's code for a match",
        || {
            let act = schedule(fixture(4, "Champion", None));
            refused_act(asked(champion()), ORGANISER, act)
        },
    ),
    (Reason::TooManyMatches, "a slot more than 256", || {
        let mut game = with_notice();
        for place in 0..8 {
            let mut question = choice(32, 32, None, 0);
            question.no.0 += 32 * place;
            question.code = format!("q{place}").parse().unwrap();
            game.plays(ORGANISER, ask(question)).unwrap();
        }
        let mut question = champion();
        question.no.0 += 256;
        refused_act(game, ORGANISER, ask(question))
    }),
    (
        Reason::KickoffInThePast,
        "a question that closes too soon",
        || {
            let mut game = with_notice();
            game.time = champion().closes.0 - 99;
            refused_act(game, ORGANISER, ask(champion()))
        },
    ),
    (Reason::MatchStarted, "a question that closes soon", || {
        let (mut game, mut question) = (asked(champion()), champion());
        game.time = question.closes.0 - 99;
        question.closes.0 += 500;
        refused_act(game, ORGANISER, ask(question))
    }),
    (
        Reason::MatchStarted,
        "a question that was cancelled",
        || {
            let mut game = asked(champion());
            game.plays(ORGANISER, result(FIRST, called_off(Status::Cancelled)))
                .unwrap();
            refused_act(game, ORGANISER, ask(champion()))
        },
    ),
    (Reason::TeamsFixed, "a question of another kind", || {
        let question = number(0, 9, &[]);
        refused_act(asked(champion()), ORGANISER, ask(question))
    }),
    (Reason::BadStake, "chips on an answer", || {
        refused_act(asked(champion()), 2, bet(&[tip_on(FIRST, "option 0", 1)]))
    }),
    (
        Reason::ResultTooEarly,
        "an answer before the question closes",
        || refused_act(asked(champion()), ORGANISER, result(FIRST, answered(&[1]))),
    ),
    (
        Reason::BadOutcome,
        "an answer that the question does not have",
        || {
            let mut game = asked(champion());
            game.time = champion().closes.0;
            refused_act(game, ORGANISER, result(FIRST, answered(&[4])))
        },
    ),
    (Reason::BadOutcome, "a match that is answered", || {
        outcome(|it| *it = answered(&[1]))
    }),
    (Reason::TransfersOff, "a pool without", || {
        let genesis = ruled(genesis(), |it| it.rules.transfers = false);
        refused_act(Game::joined_with(genesis, 2), 2, transfer(1, 1))
    }),
    (Reason::EmptyTransfer, "to oneself", || {
        refused_act(Game::joined(2), 2, transfer(2, 1))
    }),
    (Reason::EmptyTransfer, "no chips", || {
        refused_act(Game::joined(2), 2, transfer(1, 0))
    }),
    (Reason::UnknownReceiver, "nobody of the pool", || {
        refused_act(Game::joined(2), 2, transfer(3, 1))
    }),
    (
        Reason::NotEnoughChips,
        "more given than there are at hand",
        || {
            let mut game = Game::joined(2);
            game.plays(2, bet(&[tip(1, 1)])).unwrap();
            refused_act(game, 2, transfer(1, 1_000))
        },
    ),
    (Reason::BadStake, "one chip too many", || {
        refused_act(Game::joined(2), 2, bet(&[tip(1, 1_000_001)]))
    }),
    (Reason::BadStake, "less than the least", || {
        let mut genesis = crate::game::genesis();
        genesis.rules.stake_min.0 = 10;
        refused_act(Game::joined_with(genesis, 2), 2, bet(&[tip(1, 9)]))
    }),
    (Reason::WrongPrediction, "an option of a match", || {
        refused_act(Game::joined(2), 2, bet(&[tip_on(1, "option 0", 1)]))
    }),
    (Reason::WrongPrediction, "a score as an answer", || {
        refused_act(asked(champion()), 2, bet(&[tip_on(FIRST, "0-0", 0)]))
    }),
    (
        Reason::WrongPrediction,
        "a number where there are options",
        || refused_act(asked(champion()), 2, bet(&[tip_on(FIRST, "number 0", 0)])),
    ),
    (
        Reason::WrongPrediction,
        "an option that was sealed on a match",
        || {
            let mut game = Game::joined_with(sealed(), 2);
            game.plays(2, game.seal(2, 3, "option 1", 7, 0)).unwrap();
            game.time = KICKOFF;
            refused_act(game, 2, open(3, "option 1", 7))
        },
    ),
    (Reason::BetsAreSealed, "an open bet", || {
        refused_act(Game::joined_with(sealed(), 2), 2, bet(&[tip(1, 1)]))
    }),
    (Reason::BetsAreOpen, "a seal", || {
        let game = Game::joined(2);
        let seal = game.seal(2, 1, "2-1", 7, 0);
        refused_act(game, 2, seal)
    }),
    (Reason::NothingToOpen, "no tip at all", || {
        refused_act(kicked_off(), 3, open(3, "2-1", 7))
    }),
    (Reason::NothingToOpen, "opened already", || {
        let mut game = kicked_off();
        game.plays(2, open(3, "2-1", 7)).unwrap();
        refused_act(game, 2, open(3, "2-1", 7))
    }),
    (Reason::NothingToOpen, "a tip that was never sealed", || {
        let mut game = Game::joined(2);
        game.plays(2, bet(&[tip(3, 1)])).unwrap();
        game.time = KICKOFF;
        refused_act(game, 2, open(3, "2-1", 7))
    }),
    (Reason::OpeningTooEarly, "a second before kick-off", || {
        let mut game = kicked_off();
        game.time = KICKOFF - 1;
        refused_act(game, 2, open(3, "2-1", 7))
    }),
    (
        Reason::OpeningTooEarly,
        "between the deadline and kick-off",
        || {
            let mut genesis = sealed();
            genesis.rules.deadline_lead_s = 60;
            let mut game = Game::joined_with(genesis, 2);
            let seal = game.seal(2, 3, "2-1", 7, 10);
            game.plays(2, seal).unwrap();
            game.time = KICKOFF - 30;
            refused_act(game, 2, open(3, "2-1", 7))
        },
    ),
    (Reason::BadOpening, "another score", || {
        refused_act(kicked_off(), 2, open(3, "1-2", 7))
    }),
    (Reason::BadOpening, "another salt", || {
        refused_act(kicked_off(), 2, open(3, "2-1", 8))
    }),
    (Reason::BadOutcome, "no score", || {
        outcome(|outcome| outcome.after_90 = None)
    }),
    (Reason::BadOutcome, "awarded without a score", || {
        outcome(|outcome| {
            outcome.status = Status::Awarded;
            outcome.after_90 = None;
        })
    }),
    (Reason::BadOutcome, "cancelled with a score", || {
        outcome(|outcome| outcome.status = Status::Cancelled)
    }),
    (Reason::BadOutcome, "fewer goals than at half-time", || {
        outcome(|outcome| outcome.half_time = Some(score("0-2")))
    }),
    (Reason::BadOutcome, "fewer goals after extra time", || {
        outcome(|outcome| outcome.after_120 = Some(score("3-0")))
    }),
    (Reason::BadOutcome, "a shoot-out that nobody won", || {
        outcome(|outcome| outcome.shootout = Some(score("4-4")))
    }),
    (Reason::NotAnOrganiser, "a player records", || {
        let mut game = Game::joined(2);
        game.time = KICKOFF;
        refused_act(game, 2, result(3, played("2-1")))
    }),
    (Reason::ResultTooEarly, "a second before kick-off", || {
        let mut game = Game::joined(2);
        game.time = KICKOFF - 1;
        refused_act(game, ORGANISER, result(3, played("2-1")))
    }),
    (Reason::ResultTooEarly, "no kick-off", || {
        refused_act(Game::joined(1), ORGANISER, result(1, played("2-1")))
    }),
    (Reason::UnknownMatch, "a record of no match", || {
        refused_act(Game::joined(1), ORGANISER, result(9, played("2-1")))
    }),
    (Reason::NoResult, "nothing to object to", || {
        refused_act(Game::joined(2), 2, object(3, "it was 2-2"))
    }),
    (Reason::ResultFinal, "a correction that comes late", || {
        let mut game = Game::joined(1).recorded(played("2-1"));
        game.time = KICKOFF + 301;
        refused_act(game, ORGANISER, result(3, played("2-2")))
    }),
    (Reason::ResultFinal, "an objection that comes late", || {
        let mut game = Game::joined(2).recorded(played("2-1"));
        game.time = KICKOFF + 301;
        refused_act(game, 2, object(3, "it was 2-2"))
    }),
    (
        Reason::ObjectedAlready,
        "two objections to one record",
        || {
            let mut game = Game::joined(2).recorded(played("2-1"));
            game.plays(2, object(3, "it was 2-2")).unwrap();
            refused_act(game, 2, object(3, "really"))
        },
    ),
    (Reason::MatchStarted, "a match that has a record", || {
        let mut game = Game::joined(1);
        let cancelled = result(3, called_off(Status::Cancelled));
        game.plays(ORGANISER, cancelled).unwrap();
        let later = fixture(3, "Soon", Some(KICKOFF + 9_000));
        refused_act(game, ORGANISER, schedule(later))
    }),
    (
        Reason::TeamsFixed,
        "sides changed after the deadline",
        || {
            let mut genesis = crate::game::genesis();
            genesis.rules.deadline_lead_s = 60;
            let mut game = Game::joined_with(genesis, 1);
            game.plays(ORGANISER, bet(&[tip(3, 1)])).unwrap();
            game.time = KICKOFF - 60;
            let mut turned = fixture(3, "Soon", Some(KICKOFF));
            std::mem::swap(&mut turned.home, &mut turned.away);
            refused_act(game, ORGANISER, schedule(turned))
        },
    ),
    (
        Reason::TeamsFixed,
        "sides changed after a postponement",
        || {
            let game = Game::joined(1).recorded(called_off(Status::Postponed));
            let mut turned = fixture(3, "Soon", Some(KICKOFF + 9_000));
            std::mem::swap(&mut turned.home, &mut turned.away);
            refused_act(game, ORGANISER, schedule(turned))
        },
    ),
    (Reason::AddressStands, "the address that stands", || {
        let mut game = with_notice();
        game.plays(ORGANISER, address("https://pool.example"))
            .unwrap();
        refused_act(game, ORGANISER, address("https://pool.example"))
    }),
    (
        Reason::NameKept,
        "the name of a player of the pool before",
        || {
            let game = next::game();
            let join = game.join(9, 0, "ANA");
            refused(game, vec![join])
        },
    ),
    (Reason::UnknownPayer, "a fee of nobody", || {
        refused_act(paid::game(), ORGANISER, paid::paid(90, true))
    }),
    (Reason::NoJoker, "none to take off", || {
        refused_act(jokers::game(1, 0), 2, jokers::joker(&[3], &[]))
    }),
    (Reason::NoJokerLeft, "a second one in a stage", || {
        refused_act(jokers::game(1, 0), 2, jokers::joker(&[], &[3, 4]))
    }),
    (
        Reason::TeamsFixed,
        "known teams exchanged under a bet",
        || {
            let mut game = with_notice();
            game.plays(ORGANISER, bet(&[tip(3, 1)])).unwrap();
            let mut turned = fixture(3, "Soon", Some(KICKOFF));
            std::mem::swap(&mut turned.home, &mut turned.away);
            refused_act(game, ORGANISER, schedule(turned))
        },
    ),
    (Reason::BadDay, "a day of 26 hours and a second", || {
        let long = day(1, Some((START, START + 26 * 3_600 + 1)));
        refused_act(with_days(), ORGANISER, long)
    }),
    (Reason::BadDay, "a kick-off in the year 10000", || {
        let late = fixture(3, "Soon", Some(Day::LATEST.0 + 1));
        refused_act(with_notice(), ORGANISER, schedule(late))
    }),
    (Reason::DayOver, "a day that ends with the block", || {
        let over = day(1, Some((START - 9, START)));
        refused_act(with_days(), ORGANISER, over)
    }),
    (
        Reason::KickoffKnown,
        "the day of a match with a time",
        || {
            let known = day(3, Some((START, START + 9)));
            refused_act(with_days(), ORGANISER, known)
        },
    ),
    (Reason::NotAnOrganiser, "a player sets a day", || {
        refused_act(with_days(), 2, day(1, Some((START, START + 9))))
    }),
    (Reason::UnknownAction, "a day where there are none", || {
        refused_act(Game::joined(1), ORGANISER, day(1, None))
    }),
    (Reason::UnknownAction, "an organiser for good", || {
        refused_act(Game::joined(2), ORGANISER, organiser(2, true))
    }),
    (Reason::UnknownAction, "another's seal", || {
        refused_act(kicked_off(), 3, open_for(2, 3, "2-1", 7))
    }),
    (Reason::AlreadyOrganiser, "oneself", || {
        refused_act(organised(1), ORGANISER, organiser(ORGANISER, true))
    }),
    (Reason::UnknownOrganiser, "a player removed", || {
        refused_act(organised(1), ORGANISER, organiser(2, false))
    }),
    (
        Reason::UnknownAccount,
        "somebody who has not joined",
        || refused_act(organised(1), ORGANISER, organiser(9, true)),
    ),
    (Reason::TooFewOrganisers, "the only one", || {
        refused_act(organised(1), ORGANISER, organiser(ORGANISER, false))
    }),
    (Reason::TooManyOrganisers, "a thirty-third", || {
        refused_act(organised(32), ORGANISER, organiser(33, true))
    }),
    (
        Reason::WeakKey,
        "an organiser for whom anybody could sign",
        || {
            let mut account = bolao_ledger::AccountId([0; 32]);
            account.0[0] = 1;
            let added = true;
            refused_act(
                organised(1),
                ORGANISER,
                Action::Organiser(actions::Organiser { account, added }),
            )
        },
    ),
    (Reason::TooOften, "a third transaction of two", || {
        let mut game = bounded();
        game.plays(2, bet(&[tip(1, 1)])).unwrap();
        refused_act(game, 2, bet(&[tip(1, 2)]))
    }),
    (Reason::TooManyJoins, "a second of one", || {
        let join = bounded().join(3, 0, "Player 3");
        refused(bounded(), vec![join])
    }),
];

fn with_days() -> Game {
    let genesis = ruled(genesis(), |it| it.days = Some(Vec::new()));
    Game::joined_with(genesis, 2)
}

/// So many organise, the first players, of whom each can add others.
fn organised(organisers: u8) -> Game {
    let mut genesis = genesis();
    genesis.organisers = (1..=organisers).map(crate::game::account).collect();
    let genesis = ruled(genesis, |it| it.rules.organisers_quorum = Quorum::of(1));
    Game::joined_with(genesis, organisers + 1)
}

/// Player 2 has joined, who may send two transactions; nobody else may join.
fn bounded() -> Game {
    let bounds = Bounds {
        window_s: 1_000,
        account_transactions: 2,
        account_bytes: 10_000,
        joins: 1,
    };
    let genesis = ruled(genesis(), |it| it.bounds = Some(bounds));
    Game::joined_with(genesis, 2)
}
