#![allow(clippy::unwrap_used)]

use bolao_ledger::{BlockHash, BlockId, Height};

use super::*;

const POOL: PoolId = PoolId([7; 32]);
const NAMED: BlockId = BlockId {
    height: Height(812),
    hash: BlockHash([9; 32]),
};
const EXPIRES: UnixSeconds = UnixSeconds(2_000_000_000);

fn organiser() -> Key {
    Key::from_secret(&[1; 32])
}

fn issue(pool: PoolId, named: Option<BlockId>, uses: u32) -> NewInvite {
    let secret = TicketSecret::new([2; SECRET_BYTES]);
    NewInvite::issue(&organiser(), secret, pool, named, uses, EXPIRES)
}

#[test]
fn a_short_text_and_what_the_node_keeps_are_the_whole() {
    for named in [None, Some(NAMED)] {
        let new = issue(POOL, named, 20);
        assert!(new.public.is_signed());
        let text = new.short.to_string();
        assert_eq!(text.len(), TEXT_BYTES);
        let InviteText::Short(short) = text.parse().unwrap() else {
            panic!("{text}");
        };
        assert_eq!(short.ticket(), new.public.given.ticket.key);
        let whole = short.complete(&new.public.to_string()).unwrap();
        assert_eq!(whole.to_string(), new.whole.to_string());
        assert_eq!(whole.named, named);
        let held = whole.ticket.unwrap();
        let account = Key::from_secret(&[3; 32]).account();
        assert!(held.admit(POOL, &account).is_signed_for(POOL, &account));
        // What was long stays readable where either may stand.
        let text = new.whole.to_string();
        assert!(matches!(text.parse().unwrap(), InviteText::Whole(_)));
    }
}

/// With the longest address and port of IPv4 a link fits a QR code of version 4 at the lowest level of correction.
#[test]
fn a_short_link_fits_a_small_code() {
    let text = issue(POOL, Some(NAMED), 20).short.to_string();
    let link = format!("http://255.255.255.255:65535/join#{text}");
    assert_eq!(link.len(), 78);
}

#[test]
fn a_node_that_lies_is_caught() {
    let new = issue(POOL, Some(NAMED), 20);
    let other_block = BlockId {
        hash: BlockHash([8; 32]),
        ..NAMED
    };
    for lie in [
        issue(PoolId([8; 32]), Some(NAMED), 20),
        issue(POOL, Some(other_block), 20),
        issue(POOL, None, 20),
        issue(POOL, Some(NAMED), 21),
    ] {
        // Signed by the organiser, and for the very ticket.
        assert!(lie.public.is_signed());
        assert_eq!(lie.public.given.ticket.key, new.short.ticket());
        let error = new.short.complete(&lie.public.to_string()).unwrap_err();
        assert_eq!(error, InviteError::Other);
    }
    let text = new.public.to_string();
    let cut = text.get(..text.len() - 1).unwrap();
    let long = "A".repeat(100_000);
    for lie in ["", "A", cut, &format!("{text}AAAA"), &long, "ü"] {
        let error = new.short.complete(lie).unwrap_err();
        assert_eq!(error, InviteError::Other, "{lie}");
    }
}

/// An organiser's program that writes nonsense into its own link lets nobody in, and is no panic.
#[test]
fn what_the_link_names_is_checked_too() {
    let new = issue(POOL, Some(NAMED), 20);
    let naming = |bytes: &[u8]| ShortInvite {
        secret: new.short.secret.clone(),
        hash: hash(bytes),
    };
    let good = new.public.to_bytes();
    let complete = |bytes: &[u8]| naming(bytes).complete(&Base64UrlUnpadded::encode_string(bytes));
    assert!(complete(&good).is_ok());
    for at in 0..good.len() {
        let mut bytes = good.clone();
        *bytes.get_mut(at).unwrap() ^= 1;
        assert!(complete(&bytes).is_err(), "{at}");
        assert!(complete(good.get(..at).unwrap()).is_err(), "{at}");
    }
}

#[test]
fn no_change_of_what_a_node_keeps_keeps_its_signatures() {
    let good = issue(POOL, Some(NAMED), 20).public;
    let bytes = good.to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        *changed.get_mut(at).unwrap() ^= 1;
        let read = PublicInvite::from_bytes(&changed);
        assert!(!read.is_ok_and(|read| read.is_signed()), "{at}");
    }
    let text = good.to_string();
    assert_eq!(text.parse::<PublicInvite>().unwrap(), good);
    assert!(format!("{text}AAAA").parse::<PublicInvite>().is_err());
    assert!("A".repeat(100_000).parse::<PublicInvite>().is_err());
}

#[test]
fn no_changed_character_goes_unseen() {
    let text = issue(POOL, None, 20).short.to_string();
    let all = || {
        (0..text.len()).flat_map(|at| {
            ["A", "B", "-", "_", "=", " ", "é"].map(|other| {
                let mut changed = text.clone();
                changed.replace_range(at..=at, other);
                changed
            })
        })
    };
    // Two bytes of sum let one of 65,536 by; the node then does not know the ticket, or gives what does not fit.
    for changed in all().filter(|changed| *changed != text) {
        assert!(changed.parse::<InviteText>().is_err(), "{changed}");
    }
    for at in 0..text.len() {
        assert!(text.get(..at).unwrap().parse::<InviteText>().is_err());
    }
    assert!(format!("{text}AAAA").parse::<InviteText>().is_err());
}

#[test]
fn later_versions_are_refused() {
    let mut bytes = vec![4; 31];
    bytes.extend(sum(&bytes));
    let text = Base64UrlUnpadded::encode_string(&bytes);
    let error = text.parse::<InviteText>().unwrap_err();
    assert_eq!(error, InviteError::Version { got: 4 });
}

#[test]
fn the_secret_is_not_shown() {
    let shown = format!("{:?}", issue(POOL, None, 20).short);
    assert!(shown.contains("TicketSecret(hidden)"), "{shown}");
}

/// The vectors that other programs read and write short links by.
#[test]
fn the_published_text_is_the_text() {
    #[derive(serde::Deserialize)]
    struct Vector {
        short: Vec<Published>,
    }
    #[derive(serde::Deserialize)]
    struct Published {
        secret: String,
        ticket: AccountId,
        text: String,
        public: String,
        whole: String,
    }
    let vector: Vector =
        serde_json::from_str(include_str!("../../../vectors/invite.json")).unwrap();
    assert_eq!(vector.short.len(), 2);
    for (published, named) in vector.short.iter().zip([None, Some(NAMED)]) {
        let new = issue(POOL, named, 20);
        assert_eq!(published.secret, "02".repeat(SECRET_BYTES));
        assert_eq!(published.ticket, new.short.ticket());
        assert_eq!(published.text, new.short.to_string());
        assert_eq!(published.public, new.public.to_string());
        assert_eq!(published.whole, new.whole.to_string());
    }
}
