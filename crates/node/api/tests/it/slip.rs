//! Receipts as they are asked for, and the file of vectors.

use bolao_api::ReadNode as _;
use bolao_ledger::{
    Action, Certificate, Decided, Height, PoolId, Signature, Transaction, UnixSeconds, actions,
    decode, encode, signing_bytes,
};
use bolao_receipts::{Proven, ProvenWork, Slip, SlipError, SlipReport, verify};
use serde_json::{Value, json};

use crate::{
    app::App,
    play::{act, at, bet, joined, played, tipped},
    slip_votes::{mined, of_block, voted},
};

/// The bytes of a header above genesis whose version is 1.
const HEADER: usize = 41;

/// The slip of the last transaction, with a block on top.
async fn slip() -> (App, PoolId, String) {
    let app = tipped();
    let last = app.json("/api/v1/transactions?limit=1").await["items"][0]["id"].clone();
    app.node.mine_at(at(30));
    let path = format!("/api/v1/transactions/{}/slip", last.as_str().unwrap());
    let reply = app.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let pool = app.node.genesis.pool_id();
    (app, pool, reply.text())
}

pub(crate) fn work(report: &SlipReport) -> &ProvenWork {
    match &report.proven {
        Proven::Work(work) => work,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_slip_proves_its_transaction() {
    let (_, pool, text) = slip().await;
    let slip = Slip::from_json(&text).unwrap();
    assert_eq!(slip.to_json(), text);
    assert_eq!(Slip::from_json(&format!("{text}\n")).unwrap(), slip);
    let report = verify(&slip, pool).unwrap();
    assert!(matches!(
        report.transaction.body.action,
        Action::Transfer(_)
    ));
    assert_eq!(
        (
            report.height,
            work(&report).tip_height,
            work(&report).confirmations
        ),
        (Height(2), Height(3), 2)
    );
    assert_eq!(report.time, at(20));
    assert_eq!(work(&report).work.trim_start_matches('0'), "4");
    assert_eq!(work(&report).work, work(&report).first_work);
    assert_eq!(report.newest, at(30));
    let ahead: u64 = report.genesis.max_future_s.into();
    report.check_clock(UnixSeconds(at(30).0 - ahead)).unwrap();
    let late = report.check_clock(UnixSeconds(at(30).0 - ahead - 1));
    assert!(matches!(late, Err(SlipError::TimeTooNew { got, .. }) if got == at(30)));
}

#[tokio::test]
async fn every_transaction_of_a_chain_has_one() {
    let app = played();
    let pool = app.node.genesis.pool_id();
    let list = crate::v1::all(&app, "/api/v1/transactions", 500).await;
    assert!(list.len() > 15);
    for transaction in list {
        let id = transaction["id"].as_str().unwrap();
        let text = app
            .get(&format!("/api/v1/transactions/{id}/slip"))
            .await
            .text();
        let report = verify(&Slip::from_json(&text).unwrap(), pool).unwrap();
        assert_eq!(report.id.to_string(), id);
        assert_eq!(
            Some(report.height.0),
            transaction["block"]["height"].as_u64()
        );
        // The store looks by half of it; 200, and this id echoed, was the answer to any other half.
        let other = format!(
            "{}{}",
            "0".repeat(63),
            if id.starts_with('0') { '1' } else { '0' }
        );
        let other = format!("{}{}", &other[32..], &id[32..]);
        assert_ne!(other, id);
        for what in ["", "/slip"] {
            let path = format!("/api/v1/transactions/{other}{what}");
            app.get(&path).await.problem(404);
        }
    }
}

#[tokio::test]
async fn what_has_no_slip() {
    let app = joined(bolao_ledger::BetMode::Open);
    act(
        &app,
        "Ana",
        Action::Bet(actions::Bet {
            bets: vec![bet(1, 1, 0, 0)],
        }),
    );
    let id = app.json("/api/v1/transactions?state=pending").await["items"][0]["id"].clone();
    let path = format!("/api/v1/transactions/{}/slip", id.as_str().unwrap());
    assert!(
        app.get(&path)
            .await
            .problem(409)
            .contains("is waiting for a block")
    );
    let path = format!("/api/v1/transactions/{}/slip", "0".repeat(64));
    app.get(&path).await.problem(404);
    app.get("/api/v1/transactions/nonsense/slip")
        .await
        .problem(400);
}

#[tokio::test]
async fn targets_that_follow_the_pace_are_checked_too() {
    let genesis = bolao_ledger::Genesis {
        target: bolao_ledger::TargetRule::Asert {
            zero_bits_at_start: 2,
            block_interval_s: 10,
            half_life_s: 5,
        },
        ..crate::play::genesis(bolao_ledger::BetMode::Open)
    };
    let pool = genesis.pool_id();
    let app = App::new(genesis, bolao_api::ApiConfig::default());
    act(&app, "Ana", crate::node::join("Ana"));
    for seconds in [10, 25, 30, 33] {
        app.node.mine_at(at(seconds));
    }
    let id = app.json("/api/v1/transactions").await["items"][0]["id"].clone();
    let path = format!("/api/v1/transactions/{}/slip", id.as_str().unwrap());
    let slip = Slip::from_json(&app.get(&path).await.text()).unwrap();
    let report = verify(&slip, pool).unwrap();
    // Blocks that come late make the next ones easier.
    assert_ne!(work(&report).work, work(&report).first_work);
    let snapshot = app.node.reader().snapshot().unwrap();
    let bits = |height| {
        let header = snapshot.header_at(Height(height)).unwrap().unwrap();
        header.header.bits()
    };
    assert_ne!(bits(3), bits(4), "the target moves");
}

/// A slip of the first transaction that waits, from the block of that moment on.
async fn first_slip(app: &App, times: &[u64]) -> String {
    let id = app.json("/api/v1/transactions?state=pending").await["items"][0]["id"].clone();
    for seconds in times {
        app.node.mine_at(at(*seconds));
    }
    let path = format!("/api/v1/transactions/{}/slip", id.as_str().unwrap());
    app.get(&path).await.text()
}

/// What a slip proves, as the vectors write it.
fn told(text: &str, pool: PoolId) -> Value {
    let report = verify(&Slip::from_json(text).unwrap(), pool).unwrap();
    let mut told = json!({
        "transaction": report.id.to_string(),
        "body": report.transaction.body,
        "height": report.height,
        "block": report.block,
        "time": report.time,
        "clock": report.clock,
        "newest": report.newest,
    });
    let proven = match report.proven {
        Proven::Work(proven) => json!({
            "tip": proven.tip,
            "tip_height": proven.tip_height,
            "tip_time": proven.tip_time,
            "confirmations": proven.confirmations,
            "work": proven.work,
            "first_work": proven.first_work,
        }),
        Proven::Votes(proven) => json!({
            "signers": proven.signers,
            "validators": proven.validators,
            "weight": proven.weight,
            "total": proven.total,
            "changes": proven.changes,
            "signed": proven.signed,
            "deciders": proven.deciders.iter().map(|it| json!({
                "since": it.since,
                "until": it.until,
                "validators": it.validators,
                "enough": it.enough,
            })).collect::<Vec<_>>(),
        }),
        other => panic!("{other:?}"),
    };
    let proven = proven.as_object().unwrap().clone();
    told.as_object_mut().unwrap().extend(proven);
    told
}

/// What other programs read slips by; `BOLAO_WRITE_VECTORS=1` rewrites the file.
#[tokio::test]
async fn the_published_slips_prove_what_they_proved() {
    let fixed = joined(bolao_ledger::BetMode::Open);
    // The slip's block has an earlier time than the one below it; the pool's time does not go back.
    fixed.node.mine_at(at(40));
    let tips = vec![bet(1, 2, 1, 100), bet(2, 1, 1, 0)];
    act(&fixed, "Ana", Action::Bet(actions::Bet { bets: tips }));
    for name in ["Cy", "Di"] {
        act(&fixed, name, crate::node::join(name));
    }
    let text = first_slip(&fixed, &[30, 60]).await;
    let old = joined(bolao_ledger::BetMode::Open);
    let tips = vec![bet(1, 2, 1, 100)];
    act(&old, "Ana", Action::Bet(actions::Bet { bets: tips }));
    let mut dated_back = Slip::from_json(&first_slip(&old, &[40, 50]).await).unwrap();
    let early = old.node.template(at(9), Vec::new()).header;
    let bytes = early.to_bytes();
    let headers = dated_back.headers.as_mut().unwrap();
    headers.extend([&bytes[36..72], &bytes[76..], &[0]].concat());
    dated_back.tip = Some(early.hash());
    let dated_back = dated_back.to_json();
    let asert = App::new(
        bolao_ledger::Genesis {
            target: bolao_ledger::TargetRule::Asert {
                zero_bits_at_start: 2,
                block_interval_s: 10,
                half_life_s: 5,
            },
            ..crate::play::genesis(bolao_ledger::BetMode::Open)
        },
        bolao_api::ApiConfig::default(),
    );
    act(&asert, "Ana", crate::node::join("Ana"));
    let paced = first_slip(&asert, &[10, 25, 30, 33]).await;
    let pool = fixed.node.genesis.pool_id();
    let changed = |change: &dyn Fn(&mut Slip)| {
        let mut slip = Slip::from_json(&text).unwrap();
        change(&mut slip);
        slip.to_json()
    };
    let voted = voted();
    let voted_pool = voted.node.genesis.pool_id();
    let (early, later) = (of_block(&voted, 3).await, of_block(&voted, 4).await);
    let of_votes = |change: &dyn Fn(&mut Slip)| {
        let mut slip = Slip::from_json(&later).unwrap();
        change(&mut slip);
        slip.to_json()
    };
    let mined = mined();
    let mined_pool = mined.node.genesis.pool_id();
    let (under, above) = (of_block(&mined, 3).await, of_block(&mined, 5).await);
    let of_checkpoint = |change: &dyn Fn(&mut Slip)| {
        let mut slip = Slip::from_json(&above).unwrap();
        change(&mut slip);
        slip.to_json()
    };
    let decided =
        |slip: &Slip| -> Decided { decode(&slip.block.as_ref().unwrap().certificate).unwrap() };
    let without_change = of_votes(&|slip| slip.changes = Some(Vec::new()));
    let computed = json!({
        "what": "Slips with what they prove, and some that prove nothing. `time` and the like are unix seconds.",
        "good": {
            "fixed": { "pool": pool, "slip": text, "report": told(&text, pool) },
            "asert": {
                "pool": asert.node.genesis.pool_id(),
                "slip": paced,
                "report": told(&paced, asert.node.genesis.pool_id()),
            },
            "votes": { "pool": voted_pool, "slip": early, "report": told(&early, voted_pool) },
            "votes after a change": { "pool": voted_pool, "slip": later, "report": told(&later, voted_pool) },
            "checkpoint above": { "pool": mined_pool, "slip": under, "report": told(&under, mined_pool) },
            "checkpoint after a change": { "pool": mined_pool, "slip": above, "report": told(&above, mined_pool) },
        },
        "bad": {
            "checkpoint without a change": {
                "pool": mined_pool,
                "slip": of_checkpoint(&|slip| slip.changes = Some(Vec::new())),
            },
            "checkpoint of another vote": {
                "pool": mined_pool,
                "slip": of_checkpoint(&|slip| {
                    let mut other = decided(slip);
                    other.height = other.height.next();
                    slip.block.as_mut().unwrap().certificate = encode(&other);
                }),
            },
            "checkpoint of another block": {
                "pool": mined_pool,
                "slip": of_checkpoint(&|slip| {
                    let other = slip.changes.as_ref().unwrap()[0].block.certificate.clone();
                    slip.block.as_mut().unwrap().certificate = other;
                }),
            },
            "a header under a checkpoint less": {
                "pool": mined_pool,
                "slip": of_checkpoint(&|slip| drop(slip.headers.as_mut().unwrap().drain(..HEADER))),
            },
            "a vote without an offer": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    slip.changes.as_mut().unwrap()[0].offers = encode(&Vec::<Transaction>::new());
                }),
            },
            "an offer of another account": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    let bytes = &mut slip.changes.as_mut().unwrap()[0].offers;
                    let mut offers: Vec<Transaction> = decode(bytes).unwrap();
                    offers[0].body.account = bolao_ledger::AccountId([7; 32]);
                    *bytes = encode(&offers);
                }),
            },
            "an offer that its key did not sign": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    let bytes = &mut slip.changes.as_mut().unwrap()[0].offers;
                    let mut offers: Vec<Transaction> = decode(bytes).unwrap();
                    let Action::Offer(actions::Offer { signature, .. }) = &mut offers[0].body.action else {
                        panic!("it offers");
                    };
                    signature.0[40] ^= 1;
                    let ana = crate::node::key("Ana");
                    let message = signing_bytes(voted_pool, &offers[0].body);
                    offers[0].signature = Signature(ana.sign(&message).to_bytes());
                    *bytes = encode(&offers);
                }),
            },
            "a header of votes less": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| drop(slip.headers.as_mut().unwrap().drain(..HEADER))),
            },
            "validators who vote no more": { "pool": voted_pool, "slip": without_change },
            "a change twice": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    let changes = slip.changes.as_mut().unwrap();
                    changes.push(changes[0].clone());
                }),
            },
            "a signature less": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    let bytes = &mut slip.block.as_mut().unwrap().certificate;
                    let mut certificate: Certificate = decode(bytes).unwrap();
                    certificate.signatures.pop_last();
                    *bytes = encode(&certificate);
                }),
            },
            "another's set": {
                "pool": voted_pool,
                "slip": of_votes(&|slip| {
                    *slip.changes.as_mut().unwrap()[0].validators.last_mut().unwrap() ^= 1;
                }),
            },
            "of another pool": { "pool": asert.node.genesis.pool_id(), "slip": text },
            "with a space": { "pool": pool, "slip": text.replace(':', ": ") },
            "a changed signature": {
                "pool": pool,
                "slip": changed(&|slip| *slip.transaction.last_mut().unwrap() ^= 1),
            },
            "another path": { "pool": pool, "slip": changed(&|slip| slip.path[0] ^= 1) },
            "the coinbase's place": { "pool": pool, "slip": changed(&|slip| slip.position = 0) },
            "a header less": {
                "pool": pool,
                "slip": changed(&|slip| {
                    let headers = slip.headers.as_mut().unwrap();
                    headers.truncate(headers.len() - HEADER);
                }),
            },
            "a time below the median": { "pool": pool, "slip": dated_back },
            "a changed time": { "pool": pool, "slip": changed(&|slip| slip.headers.as_mut().unwrap()[33] ^= 1) },
        },
    });
    for (what, bad) in computed["bad"].as_object().unwrap() {
        let pool: PoolId = bad["pool"].as_str().unwrap().parse().unwrap();
        let proven = Slip::from_json(bad["slip"].as_str().unwrap());
        proven.and_then(|slip| verify(&slip, pool)).expect_err(what);
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../rules/receipts/vectors/slip.json");
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        let text = serde_json::to_string_pretty(&computed).unwrap();
        std::fs::write(&file, text + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(computed, kept);
}
