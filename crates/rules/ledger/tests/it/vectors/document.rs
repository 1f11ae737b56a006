//! The worked examples of `docs/PROTOCOL.md`, recomputed.

use bolao_ledger::{
    Action, Chips, Genesis, MatchNo, Nonce, OpenBet, TxBody, actions, encode, is_invisible,
    signing_bytes,
};

use crate::game::{account, score, sign};

const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/PROTOCOL.md");

/// The lines of an example, each its name and what follows, lines that go on joined.
fn example(name: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(PROTOCOL).unwrap();
    let (_, rest) = text
        .split_once(&format!("<!-- {name}:begin -->\n```text\n"))
        .unwrap();
    let (block, _) = rest.split_once("```\n").unwrap();
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in block.lines().filter(|line| !line.is_empty()) {
        let (name, value) = line.split_at(22);
        if name.trim().is_empty() {
            lines.last_mut().unwrap().1 += value;
        } else {
            lines.push((name.trim().to_owned(), value.to_owned()));
        }
    }
    lines
}

/// Rule E8 lists them, and says by which version of Unicode other characters are letters, numbers or spaces.
#[test]
fn the_documents_characters_that_do_not_show() {
    let text = std::fs::read_to_string(PROTOCOL).unwrap();
    let (_, rest) = text.split_once("<!-- invisible:begin -->").unwrap();
    let (list, _) = rest.split_once("<!-- invisible:end -->").unwrap();
    let list = list.replace("```text", "").replace("```", "");
    let code = |hex: &str| u32::from_str_radix(hex, 16).unwrap();
    let ranges: Vec<_> = { list.split_whitespace() }
        .map(|range| range.split_once('-').unwrap_or((range, range)))
        .map(|(first, last)| code(first)..=code(last))
        .collect();
    for c in '\0'..=char::MAX {
        let listed = ranges.iter().any(|range| range.contains(&u32::from(c)));
        assert_eq!(is_invisible(c), listed, "{:x}", u32::from(c));
    }
    // A newer compiler may know more letters: rules E8 and J1 name its version.
    let (major, minor, _) = char::UNICODE_VERSION;
    let version = format!("Unicode {major}.{minor}");
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(words.join(" ").matches(&version).count(), 2, "{version}");
}

fn computed(lines: &[(&str, String)]) -> Vec<(String, String)> {
    let named = lines.iter();
    named
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

#[test]
fn the_documents_transaction() {
    let pool = Genesis::article().pool_id();
    let bet = OpenBet {
        match_no: MatchNo(1),
        prediction: (score("2-1")).into(),
        stake: Chips(10),
    };
    let body = TxBody {
        account: account(1),
        nonce: Nonce(1),
        action: Action::Bet(actions::Bet { bets: vec![bet] }),
    };
    let transaction = sign(pool, 1, body.clone());
    let hex = |bytes: &[u8]| hex::encode(bytes);
    let lines = computed(&[
        ("secret key", hex(&[1; 32])),
        ("account", hex(&account(1).0)),
        ("account as shown", account(1).to_string()),
        ("pool id as shown", pool.to_string()),
        ("pool id", hex(&pool.0)),
        ("nonce", hex(&encode(&body.nonce))),
        ("action", "01".to_owned()),
        ("bets", hex(&encode(&1_u32))),
        ("match", hex(&encode(&bet.match_no))),
        ("prediction", hex(&encode(&bet.prediction))),
        ("stake", hex(&encode(&bet.stake))),
        ("body", hex(&encode(&body))),
        ("id as shown", body.id().to_string()),
        ("signed bytes", hex(&signing_bytes(pool, &body))),
        ("signature", transaction.signature.to_string()),
        ("transaction", hex(&encode(&transaction))),
    ]);
    assert_eq!(example("example-transaction"), lines);
}

#[test]
fn the_documents_header() {
    let header = Genesis::article().header();
    let bytes = header.to_bytes();
    let part = |from: usize, to: usize| hex::encode(&bytes[from..to]);
    let lines = computed(&[
        ("version", part(0, 4)),
        ("previous", part(4, 36)),
        ("merkle root", part(36, 68)),
        ("time", part(68, 72)),
        ("bits", part(72, 76)),
        ("nonce", part(76, 80)),
        ("header", part(0, 80)),
        ("hash as shown", header.hash().to_string()),
    ]);
    assert_eq!(example("example-header"), lines);
}
