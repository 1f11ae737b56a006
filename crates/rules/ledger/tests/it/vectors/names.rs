//! Names and accounts: what people see.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{AccountId, FoldedName, Name};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::compare;
use crate::{dice::Dice, game};

/// RFC 8266 §3, table 2 and table 3: input and comparison form.
const PUBLISHED: &[(&str, &str)] = &[
    ("Foo", "foo"),
    ("foo", "foo"),
    ("Foo Bar", "foo bar"),
    ("foo bar", "foo bar"),
    ("Σ", "σ"),
    ("σ", "σ"),
    ("ς", "ς"),
    ("♚", "♚"),
    ("Richard Ⅳ", "richard iv"),
];

const MORE: &[&str] = &[
    "  Swan  of   Avon   ",
    "ANA",
    "Ana\u{3000}Conceição",
    "Conceic\u{327}a\u{303}o",
    "José",
    "ＡＮＡ",
    "ﬁm",
    "İstanbul",
    "Straße",
    "Ⅻ",
    "João das Regras e dos Palpites !",
];

const REFUSED: &[&str] = &[
    "",
    "   ",
    "a\u{7}b",
    "a\u{200b}b",
    "a\u{202e}b",
    "line\nbreak",
    "thirty-three characters is too long",
    "\u{fffe}",
];

#[test]
fn published_names_fold_as_the_rfc_says() {
    for (input, folded) in PUBLISHED {
        assert_eq!(FoldedName::of(input).unwrap().as_str(), *folded, "{input}");
        assert_eq!(Name::new(input).unwrap().folded().as_str(), *folded);
    }
    let swan = Name::new("  Swan  of   Avon   ").unwrap();
    assert_eq!(swan.as_str(), "Swan of Avon");
}

#[test]
fn names() {
    let accepted: Vec<_> = PUBLISHED
        .iter()
        .map(|(input, _)| *input)
        .chain(MORE.iter().copied())
        .map(|input| {
            let name = Name::new(input).unwrap();
            assert_eq!(Name::new(name.as_str()).unwrap(), name, "{input}");
            assert_eq!(
                FoldedName::of(name.folded().as_str()).unwrap(),
                name.folded(),
                "{input}"
            );
            json!({ "input": input, "name": name, "folded": name.folded().as_str() })
        })
        .collect();
    for input in REFUSED {
        assert!(Name::new(input).is_err(), "{input:?}");
    }
    compare(
        "names",
        &json!({ "accepted": accepted, "refused": REFUSED }),
    );
}

/// Every character there is, alone and after a letter. The tables behind this come from the libraries, and the case
/// mapping from the compiler's standard library: with another Unicode version in either, nodes would disagree on whose
/// name is taken.
#[test]
fn folding() {
    let mut hash = Sha256::new();
    let (mut characters, mut accepted) = (0_u32, 0_u32);
    for character in '\0'..=char::MAX {
        characters += 1;
        for text in [character.to_string(), format!("x{character}")] {
            let name = Name::new(&text).ok();
            accepted += u32::from(name.is_some());
            let folded = FoldedName::of(&text).ok();
            for part in [
                name.as_ref().map(Name::as_str),
                folded.as_ref().map(FoldedName::as_str),
            ] {
                let part = part.unwrap_or("\0");
                hash.update(u32::try_from(part.len()).unwrap().to_be_bytes());
                hash.update(part);
            }
        }
    }
    compare(
        "folding",
        &json!({
            "characters": characters,
            "accepted": accepted,
            "sha256": hex::encode(hash.finalize()),
        }),
    );
}

/// What the page's tests compare with, where a browser normalizes: characters after a letter, and marks in every order.
#[test]
fn folding_on_the_web() {
    /// Above are only tags and private characters.
    const END: char = '\u{30000}';
    const BASES: &str = "aeonAÇǅſΩακ가\u{1100}אعकกか";
    const MARKS: &str = "\u{300}\u{301}\u{302}\u{303}\u{308}\u{31b}\u{323}\u{327}\u{328}\u{345}\u{1161}\u{11a8}\u{5b0}\u{5bc}\u{64e}\u{651}\u{93c}\u{e38}\u{e48}\u{3099}";
    let digest = |texts: &mut dyn Iterator<Item = String>| {
        let mut hash = Sha256::new();
        for text in texts {
            let folded = Name::new(&text).map(|name| name.folded());
            hash.update(folded.as_ref().map_or("-", FoldedName::as_str));
            hash.update("\n");
        }
        hex::encode(hash.finalize())
    };
    let mut characters = ('\0'..END).map(|character| format!("x{character}"));
    let pairs = || {
        MARKS
            .chars()
            .flat_map(|a| MARKS.chars().map(move |b| [a, b]))
    };
    let mut marked = BASES.chars().flat_map(|base| {
        let triples = pairs().flat_map(|pair| MARKS.chars().map(move |last| (pair, last)));
        triples.map(move |([a, b], c)| String::from_iter([base, a, b, c]))
    });
    compare(
        "names-on-the-web",
        &json!({
            "end": u32::from(END),
            "characters": digest(&mut characters),
            "bases": BASES,
            "marks": MARKS,
            "marked": digest(&mut marked),
        }),
    );
}

#[test]
fn accounts() {
    let mut dice = Dice::new(7);
    let accounts: Vec<_> = [
        AccountId([0; 32]),
        AccountId([0xff; 32]),
        game::account(1),
        game::account(2),
        dice.account(),
    ]
    .into_iter()
    .map(|account| {
        let text = account.to_string();
        assert_eq!(text.parse(), Ok(account));
        assert_eq!(text.to_uppercase().parse(), Ok(account));
        json!({ "bytes": hex::encode(account.0), "text": text })
    })
    .collect();

    let good = game::account(1).to_string();
    let mut typo = good.clone();
    typo.replace_range(
        10..11,
        if good.get(10..11) == Some("q") {
            "p"
        } else {
            "q"
        },
    );
    let mut mixed = good.clone();
    mixed.replace_range(0..1, "B");
    let encode = |prefix: &str, bytes: &[u8]| {
        bech32::encode::<bech32::Bech32m>(bech32::Hrp::parse(prefix).unwrap(), bytes).unwrap()
    };
    let bech32 =
        bech32::encode::<bech32::Bech32>(bech32::Hrp::parse("bolao").unwrap(), &[1; 32]).unwrap();
    let refused = [
        ("a typing error", typo),
        ("upper and lower case mixed", mixed),
        ("another prefix", encode("tolao", &[1; 32])),
        ("31 bytes", encode("bolao", &[1; 31])),
        ("33 bytes", encode("bolao", &[1; 33])),
        ("bech32 instead of bech32m", bech32),
        ("a space behind", format!("{good} ")),
        ("nothing", String::new()),
    ]
    .map(|(why, text)| {
        assert!(text.parse::<AccountId>().is_err(), "{why}");
        json!({ "text": text, "why": why })
    });
    compare(
        "accounts",
        &json!({ "accounts": accounts, "refused": refused }),
    );
}
