//! What offers, appointments, stakes and evidence are refused for.

use bolao_ledger::{
    Action, Coinbase, PoolId, Reason, SetChange, ValidatorKey, ValidatorSet, actions,
};

use super::{Provoked, playing::refused_act, refused_block};
use crate::{
    game::{
        Game, account, appoint, evidence, genesis, offer, stake, unstake, validator, with_votes,
    },
    validators::{APPOINTED, STAKED},
};

/// Players 1 to 5, of whom 1 votes, 1 to 3 organise and 1 and 2 have offered keys.
fn game(change: SetChange) -> Game {
    let mut game = Game::joined_with(with_votes(change), 5);
    game.plays(2, offer(game.pool, 2, 2)).unwrap();
    game
}

pub(super) const PROVOKED: &[Provoked] = &[
    (Reason::UnknownAction, "an offer where nobody votes", || {
        let game = Game::joined_with(genesis(), 1);
        let offer = offer(game.pool, 1, 1);
        refused_act(game, 1, offer)
    }),
    (
        Reason::UnknownAction,
        "a stake where organisers appoint",
        || refused_act(game(APPOINTED), 2, stake(1)),
    ),
    (
        Reason::UnknownAction,
        "an appointment where chips weigh",
        || refused_act(game(STAKED), 1, appoint(2, 1)),
    ),
    (Reason::WeakKey, "an offer of no key", || {
        let mut identity = [0; 32];
        identity[0] = 1;
        let key = ValidatorKey(identity);
        let game = game(APPOINTED);
        let Action::Offer(actions::Offer { signature, .. }) = offer(game.pool, 3, 3) else {
            unreachable!("it offers");
        };
        refused_act(game, 3, Action::Offer(actions::Offer { key, signature }))
    }),
    // Who sees an offer waiting cannot offer its key first.
    (
        Reason::BadOffer,
        "an offer that was made for another",
        || {
            let game = game(APPOINTED);
            let theirs = offer(game.pool, 4, 4);
            refused_act(game, 3, theirs)
        },
    ),
    (
        Reason::BadOffer,
        "an offer that was made in another pool",
        || {
            let game = game(APPOINTED);
            let elsewhere = offer(PoolId([1; 32]), 3, 3);
            refused_act(game, 3, elsewhere)
        },
    ),
    (
        Reason::BadOffer,
        "an offer of a key that signed another",
        || {
            let game = game(APPOINTED);
            let (key, Action::Offer(actions::Offer { signature, .. })) =
                (validator(4, 0).key, offer(game.pool, 3, 3))
            else {
                unreachable!("it offers");
            };
            refused_act(game, 3, Action::Offer(actions::Offer { key, signature }))
        },
    ),
    (Reason::ValidatorKeyTaken, "another's key", || {
        let game = game(APPOINTED);
        let offer = offer(game.pool, 3, 2);
        refused_act(game, 3, offer)
    }),
    (Reason::ValidatorKeyTaken, "one's own key again", || {
        let game = game(APPOINTED);
        let offer = offer(game.pool, 2, 2);
        refused_act(game, 2, offer)
    }),
    (Reason::ValidatorKeyTaken, "a key of genesis", || {
        let game = game(APPOINTED);
        let offer = offer(game.pool, 3, 1);
        refused_act(game, 3, offer)
    }),
    (Reason::NotAnOrganiser, "an appointment by a player", || {
        refused_act(game(APPOINTED), 4, appoint(2, 1))
    }),
    (Reason::BadWeight, "a weight past 2^50", || {
        refused_act(game(APPOINTED), 1, appoint(2, (1 << 50) + 1))
    }),
    (Reason::NotOffered, "an appointment of nobody", || {
        refused_act(game(APPOINTED), 1, appoint(9, 1))
    }),
    (
        Reason::NotOffered,
        "an appointment with another's key",
        || {
            let mut theirs = validator(2, 1);
            theirs.account = account(1);
            let appoint = Action::Appoint(actions::Appoint { validator: theirs });
            refused_act(game(APPOINTED), 1, appoint)
        },
    ),
    (Reason::NotOffered, "a stake without a key", || {
        refused_act(game(STAKED), 3, stake(1))
    }),
    (Reason::UnknownValidator, "the removal of nobody", || {
        refused_act(game(APPOINTED), 1, appoint(2, 0))
    }),
    (
        Reason::UnknownValidator,
        "a removal with another key",
        || {
            let mut other = validator(2, 0);
            other.account = account(1);
            let appoint = Action::Appoint(actions::Appoint { validator: other });
            refused_act(game(APPOINTED), 1, appoint)
        },
    ),
    (
        Reason::UnknownValidator,
        "evidence against a key that nobody offered",
        || {
            let game = game(APPOINTED);
            let evidence = evidence(game.pool, 3, 7);
            refused_act(game, 2, evidence)
        },
    ),
    (Reason::LastValidator, "the removal of the last", || {
        refused_act(game(APPOINTED), 1, appoint(1, 0))
    }),
    (
        Reason::LastValidator,
        "the last takes its stake back",
        || {
            let mut genesis = with_votes(STAKED);
            genesis.organisers.truncate(1);
            let mut game = game(STAKED);
            game.plays(2, stake(10)).unwrap();
            // What genesis gave the first is cut to nothing, so that the second is alone.
            let evidence = evidence(game.pool, 1, 7);
            game.plays(2, evidence).unwrap();
            assert_eq!(game.validators(), [validator(2, 10)]);
            refused_act(game, 2, unstake(10))
        },
    ),
    (Reason::TooManyValidators, "an appointment past 64", || {
        refused_act(crate::validators::full(APPOINTED), 1, appoint(70, 9))
    }),
    (
        Reason::TooManyValidators,
        "a stake as small as the least",
        || refused_act(crate::validators::full(STAKED), 70, stake(1)),
    ),
    (
        Reason::AppointedAlready,
        "an appointment of what stands",
        || refused_act(game(APPOINTED), 2, appoint(1, 5)),
    ),
    (Reason::BadStake, "a stake of nothing", || {
        refused_act(game(STAKED), 2, stake(0))
    }),
    (Reason::BadStake, "a stake past 2^50", || {
        refused_act(game(STAKED), 1, stake((1 << 50) - 4))
    }),
    (Reason::NotEnoughChips, "a stake past the chips", || {
        refused_act(game(STAKED), 2, stake(1_001))
    }),
    (Reason::NotStaked, "unstaking what is not staked", || {
        refused_act(game(STAKED), 1, unstake(1))
    }),
    (Reason::NotStaked, "unstaking nothing", || {
        let mut game = game(STAKED);
        game.plays(2, stake(10)).unwrap();
        refused_act(game, 2, unstake(0))
    }),
    (Reason::BadEvidence, "one vote twice", || {
        let game = game(APPOINTED);
        let Action::Evidence(actions::Evidence { mut proof }) = evidence(game.pool, 1, 7) else {
            unreachable!("it is evidence");
        };
        proof.second = proof.first;
        refused_act(game, 2, Action::Evidence(actions::Evidence { proof }))
    }),
    (Reason::BadEvidence, "votes in another pool", || {
        let game = game(APPOINTED);
        let mut other = game.pool;
        other.0[0] ^= 1;
        refused_act(game, 2, evidence(other, 1, 7))
    }),
    (
        Reason::BadValidatorsHash,
        "a message that begins otherwise",
        || {
            let game = game(APPOINTED);
            let coinbase = Coinbase {
                message: b"found by ana".to_vec(),
                ..game.coinbase()
            };
            let block = game.mine(coinbase, Vec::new());
            refused_block(game, block)
        },
    ),
    (
        Reason::BadValidatorsHash,
        "the validators before the block's appointment",
        || {
            let mut game = game(APPOINTED);
            game.plays(1, appoint(2, 7)).unwrap();
            let before = ValidatorSet::new(game.validators()).unwrap();
            let appoint = game.act(3, appoint(2, 7));
            let coinbase = Coinbase {
                message: before.hash().0.to_vec(),
                ..game.coinbase()
            };
            let block = game.mine(coinbase, vec![appoint]);
            refused_block(game, block)
        },
    ),
    (Reason::ProvenAlready, "the same evidence again", || {
        let mut game = game(APPOINTED);
        let evidence = evidence(game.pool, 1, 7);
        game.plays(2, evidence.clone()).unwrap();
        refused_act(game, 3, evidence)
    }),
];
