//! One canonical encoding for every wire type: nothing else decodes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Debug;

use bolao_ledger::{
    ACTION_KINDS, Account, AccountId, Act, Action, Bet, Block, Coinbase, Day, Delta, Fixture,
    Genesis, Header, HistoryEntry, HistoryPage, Invitation, Match, MatchCode, MatchResult, Name,
    Objection, OpenBet, Opening, Outcome, Reason, ResultVersion, Rules, Score, SealedBet,
    Signature, Standing, Text, TextError, Ticket, Totals, Transaction, TxBody, UnixSeconds, Vote,
    decode, encode, item::Question,
};
use borsh::{BorshDeserialize, BorshSerialize};
use proptest::prelude::*;

use crate::{
    dice::Dice,
    questions::{ask, choice},
};

trait Wire: BorshSerialize + BorshDeserialize + PartialEq + Debug {}
impl<T: BorshSerialize + BorshDeserialize + PartialEq + Debug> Wire for T {}

/// What decodes must be what its value encodes to.
fn is_canonical_or_refused<T: Wire>(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(value) = decode::<T>(bytes) {
        prop_assert_eq!(encode(&value), bytes);
    }
    Ok(())
}

fn holds<T: Wire>(dice: &mut Dice, draw: impl Fn(&mut Dice) -> T) -> Result<(), TestCaseError> {
    let value = draw(dice);
    let bytes = encode(&value);
    prop_assert_eq!(&decode::<T>(&bytes).unwrap(), &value);

    for _ in 0..16 {
        let cut = dice.index(bytes.len());
        prop_assert!(decode::<T>(&bytes[..cut]).is_err(), "cut to {} bytes", cut);
    }
    let mut longer = bytes.clone();
    longer.extend(dice.bytes::<1>());
    prop_assert!(decode::<T>(&longer).is_err(), "a byte too many");

    for _ in 0..16 {
        let mut changed = bytes.clone();
        let at = dice.index(changed.len());
        changed[at] = dice.bytes::<1>()[0];
        is_canonical_or_refused::<T>(&changed)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_undoes_encoding_and_nothing_else_decodes(seed: u64) {
        let dice = &mut Dice::new(seed);
        holds(dice, Dice::account)?;
        holds(dice, Dice::signature)?;
        holds(dice, Dice::header)?;
        holds(dice, Dice::coinbase)?;
        holds(dice, Dice::name)?;
        holds(dice, Dice::text::<64>)?;
        holds(dice, Dice::code)?;
        holds(dice, Dice::fixture)?;
        holds(dice, Dice::score)?;
        holds(dice, Dice::tip)?;
        holds(dice, Dice::action)?;
        holds(dice, Dice::body)?;
        holds(dice, Dice::transaction)?;
        holds(dice, Dice::block)?;
        holds(dice, Dice::genesis)?;
        holds(dice, Dice::moved)?;
        holds(dice, Dice::consensus)?;
        holds(dice, Dice::account_state)?;
        holds(dice, Dice::match_state)?;
        holds(dice, Dice::bet)?;
        holds(dice, Dice::totals)?;
        holds(dice, Dice::sealed_tip)?;
        holds(dice, Dice::opening)?;
        holds(dice, Dice::ticket)?;
        holds(dice, Dice::invitation)?;
        holds(dice, Dice::outcome)?;
        holds(dice, Dice::rules)?;
        holds(dice, Dice::vote)?;
        holds(dice, Dice::act)?;
        holds(dice, Dice::result)?;
        holds(dice, Dice::result_version)?;
        holds(dice, Dice::objection)?;
        holds(dice, Dice::standing)?;
        holds(dice, Dice::history)?;
        holds(dice, Dice::delta)?;
        holds(dice, Dice::question)?;
        holds(dice, Dice::slot)?;
        holds(dice, Dice::answered)?;
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        is_canonical_or_refused::<AccountId>(&bytes)?;
        is_canonical_or_refused::<Signature>(&bytes)?;
        is_canonical_or_refused::<Header>(&bytes)?;
        is_canonical_or_refused::<Coinbase>(&bytes)?;
        is_canonical_or_refused::<Name>(&bytes)?;
        is_canonical_or_refused::<Text<8>>(&bytes)?;
        is_canonical_or_refused::<MatchCode>(&bytes)?;
        is_canonical_or_refused::<Fixture>(&bytes)?;
        is_canonical_or_refused::<Score>(&bytes)?;
        is_canonical_or_refused::<OpenBet>(&bytes)?;
        is_canonical_or_refused::<Action>(&bytes)?;
        is_canonical_or_refused::<TxBody>(&bytes)?;
        is_canonical_or_refused::<Transaction>(&bytes)?;
        is_canonical_or_refused::<Block>(&bytes)?;
        is_canonical_or_refused::<Genesis>(&bytes)?;
        is_canonical_or_refused::<Account>(&bytes)?;
        is_canonical_or_refused::<Match>(&bytes)?;
        is_canonical_or_refused::<Bet>(&bytes)?;
        is_canonical_or_refused::<Totals>(&bytes)?;
        is_canonical_or_refused::<SealedBet>(&bytes)?;
        is_canonical_or_refused::<Opening>(&bytes)?;
        is_canonical_or_refused::<Ticket>(&bytes)?;
        is_canonical_or_refused::<Invitation>(&bytes)?;
        is_canonical_or_refused::<Outcome>(&bytes)?;
        is_canonical_or_refused::<Rules>(&bytes)?;
        is_canonical_or_refused::<Vote>(&bytes)?;
        is_canonical_or_refused::<Act>(&bytes)?;
        is_canonical_or_refused::<MatchResult>(&bytes)?;
        is_canonical_or_refused::<ResultVersion>(&bytes)?;
        is_canonical_or_refused::<Objection>(&bytes)?;
        is_canonical_or_refused::<Standing>(&bytes)?;
        is_canonical_or_refused::<HistoryEntry>(&bytes)?;
        is_canonical_or_refused::<HistoryPage>(&bytes)?;
        is_canonical_or_refused::<Delta>(&bytes)?;
        is_canonical_or_refused::<Question>(&bytes)?;
    }

    #[test]
    fn json_reads_back(seed: u64) {
        let dice = &mut Dice::new(seed);
        let transaction = dice.transaction();
        let json = serde_json::to_string(&transaction).unwrap();
        prop_assert_eq!(serde_json::from_str::<Transaction>(&json).unwrap(), transaction);
        let genesis = dice.genesis();
        prop_assert_eq!(serde_json::from_str::<Genesis>(&genesis.to_json()).unwrap(), genesis);
    }
}

#[test]
fn a_length_that_is_not_there_costs_nothing() {
    let block = Dice::new(1).block();
    let mut bytes = encode(&(block.header, block.coinbase));
    bytes.extend(u32::MAX.to_le_bytes());
    assert!(decode::<Block>(&bytes).is_err());
    let bytes = [&[1][..], &u32::MAX.to_le_bytes()].concat();
    assert!(decode::<Action>(&bytes).is_err());
    assert!(decode::<Name>(&u32::MAX.to_le_bytes()).is_err());
}

#[test]
fn actions_of_a_newer_program_are_named_and_not_called_damaged() {
    for byte in [254_u8, 255] {
        let error = decode::<TxBody>(&[&[0; 40][..], &[byte], &[0; 64]].concat()).unwrap_err();
        assert_eq!(error.reason(), Reason::UnknownAction);
        let text = error.to_string();
        assert!(text.contains(&byte.to_string()), "{text}");
        assert!(text.ends_with("use a newer program"), "{text}");
    }
    let damaged = decode::<TxBody>(&[&[0; 40][..], &[1, 9]].concat()).unwrap_err();
    assert_eq!(damaged.reason(), Reason::BadEncoding);
}

#[test]
fn an_actions_first_byte_is_its_kind() {
    let dice = &mut Dice::new(3);
    for _ in 0..200 {
        let action = match dice.below(3) {
            0 => dice.action(),
            1 => dice.voting_action(),
            _ => dice.later_action(),
        };
        assert_eq!(encode(&action)[0], action.kind() as u8);
        let json = serde_json::to_value(&action).unwrap();
        assert_eq!(json["type"], action.kind().name());
    }
    assert!(ACTION_KINDS.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn rules_of_a_newer_program_are_named_and_not_called_damaged() {
    let genesis = Genesis::article();
    let bytes = encode(&genesis);
    let consensus = 2 + 4 + genesis.name.as_str().len() + 8;
    for (at, byte, wanted) in [
        (
            0,
            3,
            "got rules of version 3, this program knows versions 1 and 2: use a newer program",
        ),
        (
            consensus,
            9,
            "got Consensus number 9, which this program does not know: use a newer program",
        ),
        (
            consensus + 1,
            9,
            "got TargetRule number 9, which this program does not know: use a newer program",
        ),
    ] {
        let mut changed = bytes.clone();
        changed[at] = byte;
        let error = decode::<Genesis>(&changed).unwrap_err();
        assert!(error.is_newer());
        assert_eq!(error.to_string(), wanted);
    }
    assert!(decode::<bolao_ledger::Consensus>(&[1]).is_err());
    assert!(decode::<bolao_ledger::Membership>(&[2]).is_err());
    assert!(decode::<bolao_ledger::Status>(&[6]).is_err());
    assert!(decode::<bolao_ledger::BetMode>(&[2]).is_err());
}

#[test]
fn texts_that_mislead_do_not_decode() {
    for text in [
        "",
        " a",
        "a ",
        "a\u{7}b",
        "a\u{202e}b",
        "a\u{200b}b",
        "\u{feff}a",
        "a\nb",
    ] {
        let bytes = encode(&text.to_owned());
        assert!(decode::<Text<64>>(&bytes).is_err(), "{text:?}");
        assert!(decode::<Name>(&bytes).is_err(), "{text:?}");
    }
    // A name has one form only: spaces collapsed, canonically composed.
    for text in ["a  b", "a\u{a0}b", "e\u{301}"] {
        assert!(
            decode::<Name>(&encode(&text.to_owned())).is_err(),
            "{text:?}"
        );
        assert!(Name::new(text).is_ok(), "{text:?}");
    }
    assert!(decode::<MatchCode>(&encode(&"Pt Ch".to_owned())).is_err());
    assert_eq!(MatchCode::new("Pt Ch"), Err(TextError::Code { got: ' ' }));
    assert!(decode::<Score>(&[100, 0]).is_err());
}

#[test]
fn a_coinbase_message_has_64_bytes_at_most() {
    let mut coinbase = Dice::new(2).coinbase();
    coinbase.message = vec![b'x'; 64];
    assert!(decode::<Coinbase>(&encode(&coinbase)).is_ok());
    coinbase.message.push(b'x');
    assert!(decode::<Coinbase>(&encode(&coinbase)).is_err());
}

/// As section 10 of PROTOCOL says of `unknown-action` and `bad-encoding`.
#[test]
fn what_is_not_known_is_told_from_what_is_wrong() {
    let question = choice(1, 4, None, 0);
    let bytes = encode(&ask(question.clone()));
    let asks = bytes.len() - encode(&question.asks).len();
    // Of a transaction's body: its account and nonce go before the action.
    let reason = |bytes: &[u8]| {
        let body = [&[0; 40][..], bytes].concat();
        decode::<TxBody>(&body).unwrap_err().reason()
    };
    let changed = |at: usize, byte: u8| {
        let mut changed = bytes.clone();
        changed[at] = byte;
        reason(&changed)
    };
    assert_eq!(changed(0, 254), Reason::UnknownAction);
    assert_eq!(changed(asks, 2), Reason::UnknownAction);
    assert_eq!(reason(&bytes[..bytes.len() - 1]), Reason::BadEncoding);
    let closes = UnixSeconds(Day::LATEST.0 + 1);
    let late = Question { closes, ..question };
    assert_eq!(reason(&encode(&ask(late))), Reason::BadEncoding);
    for address in ["http://pool.example.org", "https://Pool.example.org", ""] {
        let mut bytes = vec![16];
        bytes.extend(encode(&address));
        assert_eq!(reason(&bytes), Reason::BadEncoding, "{address}");
    }
    for name in ["Ana  B", "\u{301}a", "bolao1x", "A\u{200d}"] {
        let bytes = [&[0][..], &encode(&name), &[0]].concat();
        assert_eq!(reason(&bytes), Reason::BadEncoding, "{name}");
    }
}
