//! What those who voted first can still make up with their keys, and that it is refused or told.

use bolao_ledger::{Conflict, actions};
use bolao_receipts::{Beside, Comparison, Deciders, Proof, ProofError, SlipReport};

use super::{
    proofs::{histories, other, read},
    *,
};

/// Blocks that 1 and 2, whom genesis names, sign above the chain's block `below`; the first of them names `after`.
fn made_up(chain: &Chain, below: u64, after: &ValidatorSet) -> Vec<Made> {
    let mut previous = chain.headers(below).last().unwrap().hash();
    let blocks = (below + 1..=below + 2).map(|height| {
        let mut block = chain.made[&LAST].block.clone();
        block.coinbase.height = Height(height);
        block.coinbase.message = after.hash().0.to_vec();
        block.header.previous = previous;
        block.header.merkle_root = merkle_root(&block.leaves());
        previous = block.hash();
        Made {
            certificate: certificate(&chain.genesis, &block, &[1, 2]),
            block,
            after: after.clone(),
        }
    });
    blocks.collect()
}

/// The slip of the first made-up block or, after a change, of the second one.
fn slip(chain: &Chain, below: u64, made: &[Made], changes: Vec<SetChanged>) -> Slip {
    let last = &made[changes.len()];
    let made = made.iter().take(changes.len() + 1);
    let headers = [
        chain.headers(below),
        made.map(|made| made.block.header).collect(),
    ]
    .concat();
    let certificate = encode(&last.certificate);
    Slip::of_votes(
        &chain.genesis,
        &headers,
        &last.block,
        0,
        &certificate,
        changes,
    )
    .unwrap()
}

fn report(chain: &Chain, slip: &Slip) -> SlipReport {
    let slip = Slip::from_json(&slip.to_json()).unwrap();
    verify(&slip, chain.genesis.pool_id()).unwrap()
}

/// Nobody can tell such a slip from a good one without a chain: so it says who could have made it, as every slip of the pool does,
/// however many vote by now.
#[test]
fn a_slip_says_who_could_have_made_it() {
    let chain = Chain::new();
    let first = Deciders {
        since: Height(0),
        until: Height(3),
        hash: set(&[1, 2]).hash(),
        validators: 2,
        enough: Vec::new(),
    };
    let said = |report: &SlipReport, genuine| {
        let weakest = report.weakest(Height(genuine)).unwrap().clone();
        let mut enough = weakest.enough.clone();
        enough.sort_unstable();
        let empty = Deciders {
            enough: Vec::new(),
            ..weakest
        };
        (empty, enough)
    };
    let mut both = vec![account(1), account(2)];
    both.sort_unstable();
    let good = report(&chain, &chain.slip(LAST));
    assert_eq!(said(&good, 0), (first.clone(), both.clone()));
    let set = set(&[1, 2]);
    let forged = report(
        &chain,
        &slip(&chain, 2, &made_up(&chain, 2, &set), Vec::new()),
    );
    assert_eq!(said(&forged, 0), (first, both));
    assert_ne!(forged.hash_at(Height(3)), good.hash_at(Height(3)));
    assert_eq!(forged.hash_at(Height(2)), good.hash_at(Height(2)));
    // Who knows that a later block is the pool's need not fear those who voted before it.
    let (later, enough) = said(&good, 6);
    assert_eq!((later.since, later.until), (Height(6), Height(LAST)));
    assert_eq!(enough.len(), 3);
    assert_eq!(good.weakest(Height(LAST)), None);
}

/// What stands on it need not be believed: only the votes up to the slip's block count.
#[test]
fn headers_lead_from_a_slip_to_the_newest_validators() {
    let chain = Chain::new();
    let report = report(&chain, &chain.slip_by(1, LAST));
    assert_eq!((report.height, report.top()), (Height(1), Height(LAST)));
    for (height, made) in &chain.made {
        assert_eq!(report.hash_at(Height(*height)), Some(made.block.hash()));
    }
    assert_eq!(report.hash_at(Height(LAST + 1)), None);
    let Proven::Votes(proven) = &report.proven else {
        panic!("{:?}", report.proven);
    };
    assert_eq!((proven.signed, proven.changes), (Height(LAST), 3));
    assert_eq!(proven.deciders.len(), 1, "the others voted later");
    // One of them less is another chain.
    let mut slip = chain.slip_by(1, LAST);
    headers(&mut slip).drain(41 * 4..41 * 5);
    assert!(chain.verify(&slip).is_err());
}

/// A stranger's key under the account of 5, who never offered it.
#[test]
fn nobody_gets_a_vote_whose_key_they_did_not_offer() {
    let chain = Chain::new();
    let pool = chain.genesis.pool_id();
    let framed = Validator {
        key: validator(9, 1).key,
        ..validator(5, 1)
    };
    let after = ValidatorSet::new([framed]).unwrap();
    let made = made_up(&chain, 2, &after);
    let by = |account: AccountId, pool, signer, secret_of| {
        let action = Action::offer(pool, &account, &secret(secret_of));
        let mut offer = sign(pool, signer, 1, action);
        offer.body.account = account;
        offer
    };
    let elsewhere = PoolId([7; 32]);
    for (what, offers) in [
        ("no offer", vec![]),
        ("its own key's", vec![offer(5)]),
        ("the stranger's own", vec![by(account(9), pool, 9, 109)]),
        (
            "not signed by the account",
            vec![by(account(5), pool, 9, 109)],
        ),
        (
            "not signed by the key",
            vec![{
                let Action::Offer(actions::Offer { signature, .. }) =
                    Action::offer(pool, &account(5), &secret(105))
                else {
                    unreachable!("it offers");
                };
                let key = framed.key;
                sign(pool, 5, 1, Action::Offer(actions::Offer { key, signature }))
            }],
        ),
        ("of another pool", vec![by(account(5), elsewhere, 5, 109)]),
    ] {
        let first = &made[0];
        let change = SetChanged::new(&first.block, &encode(&first.certificate), &after, &offers);
        let not_offered = SlipError::NotOffered {
            height: Height(3),
            account: framed.account,
            key: framed.key,
        };
        let slip = slip(&chain, 2, &made, vec![change.clone()]);
        assert_eq!(chain.verify(&slip).unwrap_err(), not_offered, "{what}");
        // The stranger signs two histories.
        let signed = |nonce| {
            let mut block = made[1].block.clone();
            block.header.nonce = nonce;
            let decision = Decision::plain(Height(4), block.hash());
            (decision, certificate(&chain.genesis, &block, &[9]))
        };
        let conflict = Conflict {
            height: Height(4),
            first: signed(1),
            second: signed(2),
        };
        let proof = Proof::of_histories(&chain.genesis, &conflict, vec![change]);
        let source = not_offered;
        assert_eq!(
            read(&chain, &proof),
            Err(ProofError::Validators { source }),
            "{what}"
        );
    }
    // One offer too many is another form.
    let first = &made[0];
    let good = by(account(5), pool, 5, 109);
    for (offers, is_good) in [(vec![good.clone()], true), (vec![good, offer(4)], false)] {
        let change = SetChanged::new(&first.block, &encode(&first.certificate), &after, &offers);
        let mut slip = slip(&chain, 2, &made, vec![change]);
        let signed = certificate(&chain.genesis, &made[1].block, &[9]);
        block(&mut slip).certificate = encode(&signed);
        let verdict = chain.verify(&slip);
        assert_eq!(verdict.is_ok(), is_good, "{verdict:?}");
    }
}

/// An honest validator may sign two blocks of one vote, in two rounds. Those who voted first make up a set of it alone, with its own
/// offer, so that its two signatures are two certificates.
#[test]
fn an_honest_validators_two_rounds_are_no_proof_against_it() {
    let chain = Chain::new();
    let alone = set(&[3]);
    let made = made_up(&chain, 2, &alone);
    let first = &made[0];
    let certificate = encode(&first.certificate);
    let change = SetChanged::new(&first.block, &certificate, &alone, &vec![offer(3)]);
    let pool = chain.genesis.pool_id();
    let signed = |round, byte| {
        let decision = Decision::plain(Height(5), BlockHash([byte; 32]));
        let mut by = precommit(&chain.genesis, Height(5), decision, &[]);
        by.round = round;
        let message = by.statement(Height(5), decision).signing_bytes(pool);
        let signature = Signature(secret(103).sign(&message).to_bytes());
        by.signatures = [(validator(3, 0).key, signature)].into();
        (decision, by)
    };
    let conflict = Conflict {
        height: Height(5),
        first: signed(0, 1),
        second: signed(1, 2),
    };
    let proof = Proof::of_histories(&chain.genesis, &conflict, vec![change]);
    let report = read(&chain, &proof).unwrap();
    assert_eq!(report.signed_both, [(validator(3, 0).key, None)]);
    assert_eq!(report.changes, [(Height(3), first.block.hash())]);
    let weakest = Deciders::weakest(&report.deciders, Height(0)).unwrap();
    assert_eq!(weakest.enough.len(), 2);
    // In one round it cheated, whoever says that it voted.
    let conflict = Conflict {
        second: signed(0, 2),
        ..conflict
    };
    let (proof, all) = (
        Proof::of_histories(
            &chain.genesis,
            &conflict,
            vec![match &proof {
                Proof::TwoHistories { changes, .. } => changes[0].clone(),
                Proof::TwoVotes { .. } => unreachable!("it is of histories"),
            }],
        ),
        histories(&chain, LAST, other(&chain, LAST, &[2, 3, 4])),
    );
    assert_eq!(
        read(&chain, &proof).unwrap().signed_both,
        [(validator(3, 0).key, Some(account(3)))]
    );
    let all = read(&chain, &all).unwrap();
    assert!(all.signed_both.iter().all(|(_, account)| account.is_some()));
}

/// What comes of a slip beside the chain as it was read up to a height.
fn beside(chain: &Chain, report: &SlipReport, read: u64, last_final: u64) -> (u64, Beside) {
    let mut comparison = Comparison::new(report, Height(read), Height(last_final));
    let mut asked = 0;
    while let Some(height) = comparison.wants() {
        let made = &chain.made[&height.0];
        comparison.take(made.block.hash(), Some(made.after.hash()));
        asked += 1;
        assert!(asked < 10, "it goes on for ever");
    }
    let (same, beside) = comparison.found();
    (same.0, beside)
}

/// Below the own tip, at it and above it; the old program called each of these valid.
#[test]
fn a_chain_that_was_read_refutes_what_its_first_validators_make_up() {
    let chain = Chain::new();
    let (nobody_else, alone) = (set(&[1, 2]), set(&[1]));
    for below in 1..LAST {
        for (after, changed) in [(&nobody_else, false), (&alone, true)] {
            let made = made_up(&chain, below, after);
            let first = &made[0];
            let change = SetChanged::new(
                &first.block,
                &encode(&first.certificate),
                after,
                &Vec::new(),
            );
            let changes = changed.then_some(change).into_iter().collect();
            let mut slip = slip(&chain, below, &made, changes);
            if changed {
                let signed = certificate(&chain.genesis, &made[1].block, &[1]);
                block(&mut slip).certificate = encode(&signed);
            }
            let report = report(&chain, &slip);
            for read in 1..=LAST {
                let told = beside(&chain, &report, read, read);
                let wanted = if read > below {
                    (below, Beside::Refuted(Height(below + 1)))
                } else if read >= APPOINTED {
                    // Others vote by then, whom the slip does not know.
                    (read, Beside::OtherValidators(Height(read)))
                } else {
                    (read, Beside::Above(Height(read)))
                };
                assert_eq!(
                    told, wanted,
                    "above {below}, read {read}, changed {changed}"
                );
            }
        }
    }
    // Good ones are held, or not reached yet, whichever block they lead to.
    for (height, top) in [(1, 1), (1, LAST), (4, 5), (LAST, LAST)] {
        let report = report(&chain, &chain.slip_by(height, top));
        for read in 1..=LAST {
            let told = beside(&chain, &report, read, read);
            let wanted = if read >= height {
                (height, Beside::Held)
            } else {
                (read, Beside::Above(Height(read)))
            };
            assert_eq!(told, wanted, "block {height}, read {read}");
        }
    }
    // What is not final can still be another's branch.
    let made = made_up(&chain, 1, &nobody_else);
    let report = report(&chain, &slip(&chain, 1, &made, Vec::new()));
    assert_eq!(beside(&chain, &report, 2, 1), (1, Beside::Branched));
    assert_eq!(beside(&chain, &report, 1, 0), (0, Beside::Above(Height(1))));
}
