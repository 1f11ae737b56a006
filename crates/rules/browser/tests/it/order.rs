//! Which act of an account is the next.

use bolao_ledger::{AccountId, Block, Transaction, decode, encode};
use bolao_replay::Record;
use serde_json::json;

use crate::recorded::{Asked, POOLS, Recorded, end, part};

/// An account, and what it signed in the records from one on.
fn rest(recorded: &Recorded, from: usize) -> (AccountId, Vec<Transaction>) {
    let records = recorded.records().split_off(from);
    let mut signed: Vec<Transaction> = records
        .iter()
        .filter_map(|record| match record {
            Record::Block(bytes) => Some(decode::<Block>(bytes).unwrap().transactions),
            _ => None,
        })
        .flatten()
        .collect();
    let account = signed.last().unwrap().body.account;
    signed.retain(|it| it.body.account == account);
    (account, signed)
}

fn order(asked: &mut Asked, account: AccountId, waiting: &[String]) -> (u64, u64, bool) {
    let said = asked.ok(json!({ "ask": "order", "account": account, "waiting": waiting }));
    let number = |field: &str| said[field].as_u64().unwrap();
    (
        number("booked"),
        number("next"),
        said["whole"].as_bool().unwrap(),
    )
}

#[test]
fn the_next_act_follows_those_in_the_book_and_those_that_were_signed_to_follow() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let mut records = recorded.records();
        let half = (records.len() / 3..records.len())
            .find(|at| matches!(records[*at], Record::Block(_)))
            .unwrap();
        let (account, signed) = rest(&recorded, half);
        let (first, last) = (signed[0].body.nonce.0, signed.last().unwrap().body.nonce.0);
        let raw: Vec<String> = signed.iter().map(|it| hex::encode(encode(it))).collect();

        records.truncate(half);
        records.push(end(&records));
        let mut asked = recorded.opened();
        let question = json!({ "ask": "order", "account": account, "waiting": [] });
        assert_eq!(asked.code(question), "no-check");
        asked.ok_part(&part(&records));
        assert_eq!(order(&mut asked, account, &[]), (first, first, false));
        assert_eq!(order(&mut asked, account, &raw), (first, last + 1, false));

        // A gap, noise, and what somebody has changed.
        assert_eq!(order(&mut asked, account, &raw[1..]).1, first, "{name}");
        let mut forged = signed[0].clone();
        forged.body.nonce.0 += 1;
        let bad = [
            "zz".to_owned(),
            "00".to_owned(),
            hex::encode(encode(&forged)),
        ];
        assert_eq!(order(&mut asked, account, &bad).1, first);

        let mut whole = recorded.checked();
        assert_eq!(order(&mut whole, account, &raw), (last + 1, last + 1, true));
        assert_eq!(order(&mut whole, AccountId([7; 32]), &raw).0, 0);
    }
}
