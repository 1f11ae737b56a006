//! Transactions: bodies, what is signed, identities.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Action, Genesis, Name, Nonce, Text, Transaction, TxBody, UnixSeconds, decode, encode,
    signing_bytes,
};
use serde_json::json;

use super::{compare, read};
use crate::game::{account, fixture, key, sign, tip};

fn actions() -> Vec<(&'static str, Action)> {
    let join = |name: &str| Action::Join {
        name: Name::new(name).unwrap(),
    };
    let mut scheduled = fixture(2, "NlEn", Some(1_559_846_700));
    scheduled.home.name = Text::new("Netherlands").unwrap();
    scheduled.home.code = Some(Text::new("NED").unwrap());
    let mut late = fixture(65_535, "final_2-4", None);
    late.kickoff = Some(UnixSeconds(u64::MAX));
    vec![
        ("join", join("Ana")),
        ("join, composed letters and a space", join("Ana Conceição")),
        (
            "bet, one tip for points alone",
            Action::Bet {
                tips: vec![tip(1, 0)],
            },
        ),
        (
            "bet, three tips",
            Action::Bet {
                tips: vec![tip(1, 1), tip(2, 1_000), tip(65_535, u64::MAX)],
            },
        ),
        (
            "bet, a whole round",
            Action::Bet {
                tips: (0..128).map(|no| tip(no, no.into())).collect(),
            },
        ),
        (
            "schedule, no kick-off",
            Action::Schedule {
                fixture: fixture(3, "Soon", None),
            },
        ),
        (
            "schedule, kick-off and a team's code",
            Action::Schedule { fixture: scheduled },
        ),
        (
            "schedule, largest numbers",
            Action::Schedule { fixture: late },
        ),
    ]
}

#[test]
fn transactions() {
    let genesis = Genesis::article();
    let pool = genesis.pool_id();
    let rows: Vec<_> = (0..)
        .zip(actions())
        .map(|(nonce, (what, action))| {
            let body = TxBody {
                account: account(1),
                nonce: Nonce(nonce * 1_000_003),
                action,
            };
            let transaction = sign(pool, 1, body.clone());
            transaction.clone().check(&genesis, pool).unwrap();
            json!({
                "what": what,
                "json": transaction,
                "body": hex::encode(encode(&body)),
                "signing_bytes": hex::encode(signing_bytes(pool, &body)),
                "signature": transaction.signature,
                "id": transaction.id(),
                "bytes": hex::encode(encode(&transaction)),
                "witness_id": transaction.witness_id(),
            })
        })
        .collect();
    compare(
        "transactions",
        &json!({
            "secret_key": hex::encode(<[u8; 32]>::from(key(1))),
            "account": account(1),
            "pool": pool,
            "transactions": rows,
        }),
    );
}

#[test]
fn written_transactions_decode_and_check() {
    let file = read("transactions");
    let genesis = Genesis::article();
    let rows = file["transactions"].as_array().unwrap();
    assert_eq!(rows.len(), actions().len());
    for row in rows {
        let bytes = hex::decode(row["bytes"].as_str().unwrap()).unwrap();
        let transaction: Transaction = decode(&bytes).unwrap();
        assert_eq!(
            serde_json::from_value::<Transaction>(row["json"].clone()).unwrap(),
            transaction
        );
        assert_eq!(row["id"], transaction.id().to_string());
        transaction.check(&genesis, genesis.pool_id()).unwrap();
    }
}
