//! Receipts where validators vote: by certificates, and by checkpoints.

use bolao_api::ReadNode as _;
use bolao_ledger::{Action, Height, Quorum, SetChange, actions};
use bolao_receipts::{Proof, Proven, Slip, verify};
use serde_json::Value;

use crate::{
    app::App,
    certified::validator,
    node::account,
    play::{act, at, bet},
    slip::work,
    validators,
};

/// A pool in which Org1 votes and then Ana too, with a bet of hers from before, between and after her appointment and removal.
pub(crate) fn voted() -> App {
    let app = validators::pool(SetChange::Appointed {
        quorum: Quorum::of(1),
    });
    play_changes(&app, |_| {});
    app
}

/// The same where blocks of work are made final: blocks 2, 4 and 5 are, so that the first change is not in a checkpoint. Block 6
/// waits.
pub(crate) fn mined() -> App {
    let app = validators::hybrid();
    play_changes(&app, |app| {
        let tip = app.node.reader().snapshot().unwrap().tip().unwrap();
        let number = [2, 4, 5].iter().position(|at| *at == tip.height.0);
        if let Some(before) = number {
            app.node.decide(u64::try_from(before).unwrap() + 1);
        }
    });
    let bets = vec![bet(1, 0, 1, 0)];
    act(&app, "Ana", Action::Bet(actions::Bet { bets }));
    app.node.mine_at(at(60));
    app
}

fn play_changes(app: &App, after_block: impl Fn(&App)) {
    let steps = [
        None,
        Some(validator("Ana", 3)),
        None,
        Some(validator("Ana", 0)),
    ];
    for (seconds, step) in (20..).step_by(10).zip(steps) {
        if let Some(validator) = step {
            act(app, "Org1", Action::Appoint(actions::Appoint { validator }));
        }
        for name in ["Ana", "Org2"] {
            let bets = vec![bet(1, seconds % 7, 1, 0)];
            act(app, name, Action::Bet(actions::Bet { bets }));
        }
        app.node.mine_at(at(seconds));
        after_block(app);
    }
}

/// The slip of the bet in a block of [`voted`].
pub(crate) async fn of_block(app: &App, height: u64) -> String {
    let path = format!("/api/v1/blocks/{height}/transactions");
    let listed = app.json(&path).await["items"].clone();
    let is_bet = |it: &&Value| it["action"]["type"] == "bet";
    let found = listed.as_array().unwrap().iter().find(is_bet).unwrap();
    let path = format!(
        "/api/v1/transactions/{}/slip",
        found["id"].as_str().unwrap()
    );
    app.get(&path).await.text()
}

#[tokio::test]
async fn certificates_prove_it_whoever_votes() {
    let app = voted();
    let pool = app.node.genesis.pool_id();
    // Height, and how many sets have signed it: Org1 alone, and then Ana too. The block of the appointment is signed by those before.
    for (height, sets) in [(2, 1), (3, 1), (4, 2), (5, 2)] {
        let text = of_block(&app, height).await;
        let slip = Slip::from_json(&text).unwrap();
        assert_eq!(slip.to_json(), text);
        let report = verify(&slip, pool).unwrap();
        assert_eq!(report.height, Height(height));
        assert_eq!(
            (report.time, report.clock),
            (at(10 * height), at(10 * height))
        );
        // Its headers lead to the last block.
        assert_eq!(report.top(), Height(5));
        let alone = report.weakest(Height(0)).unwrap();
        assert_eq!(alone.enough, [account("Org1")]);
        let Proven::Votes(proven) = report.proven else {
            panic!("{:?}", report.proven);
        };
        assert_eq!((proven.signed, proven.deciders.len()), (Height(5), sets));
        assert_eq!(
            (proven.signers, proven.validators, proven.changes),
            (2, 2, 1)
        );
        assert_eq!((proven.weight, proven.total), (8, 8));
    }
    app.node.mine_at(at(60));
    act(
        &app,
        "Ana",
        Action::Bet(actions::Bet {
            bets: vec![bet(1, 0, 0, 0)],
        }),
    );
    app.node.mine_at(at(70));
    let report = verify(&Slip::from_json(&of_block(&app, 7).await).unwrap(), pool).unwrap();
    assert!(
        matches!(report.proven, Proven::Votes(proven) if proven.changes == 2 && proven.total == 5)
    );
}

#[tokio::test]
async fn a_checkpoint_proves_what_it_stands_on_whoever_votes() {
    let app = mined();
    let pool = app.node.genesis.pool_id();
    // Height, and how many sets have signed it or a block above it.
    for (height, sets) in [(2, 1), (3, 1), (4, 1), (5, 2)] {
        let text = of_block(&app, height).await;
        let report = verify(&Slip::from_json(&text).unwrap(), pool).unwrap();
        assert_eq!(report.height, Height(height));
        let Proven::Votes(proven) = report.proven else {
            panic!("{:?}", report.proven);
        };
        assert_eq!((proven.signed, proven.deciders.len()), (Height(5), sets));
        assert_eq!(
            (proven.signers, proven.validators, proven.changes),
            (2, 2, 1)
        );
        assert_eq!((proven.weight, proven.total), (8, 8));
    }
    let waiting = Slip::from_json(&of_block(&app, 6).await).unwrap();
    assert_eq!(work(&verify(&waiting, pool).unwrap()).confirmations, 1);
    // Ana's removal is in a checkpoint.
    app.node.decide(4);
    let report = verify(&Slip::from_json(&of_block(&app, 6).await).unwrap(), pool).unwrap();
    assert!(
        matches!(report.proven, Proven::Votes(proven) if proven.changes == 2 && proven.total == 5)
    );
}

/// Also where others vote than genesis names.
#[tokio::test]
async fn two_histories_of_checkpoints_are_proven_whoever_votes() {
    let app = mined();
    app.node.decide_twice(3);
    let told = app.json("/api/v1/validators/proofs").await;
    assert_eq!(told["only_on_disk"], false);
    let proof: Proof = serde_json::from_value(told["items"][0].clone()).unwrap();
    let report = proof.verify(app.node.genesis.pool_id()).unwrap();
    assert_eq!((report.height, report.signed_both.len()), (Height(3), 2));
    let told = app.json("/api/v1/attendance").await;
    let two = &told["two_histories"];
    assert_eq!(
        (&two["height"], &two["other_height"]),
        (&5.into(), &5.into())
    );
    assert_eq!(two["other_hash"], "09".repeat(32));
    assert_eq!(two["signers"].as_array().unwrap().len(), 2, "{two}");
    let said = two["text"].as_str().unwrap();
    assert!(said.contains("Org1"), "{said}");
    assert_eq!(
        told["sentences"],
        serde_json::json!([]),
        "what they cannot do"
    );
}
