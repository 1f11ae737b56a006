#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::{Genesis, Name, Nonce, PoolId, Ticket, actions::NextRule};
use bolao_store::Store;
use bolao_wallet::{Draft, HeldTicket, Key};

use super::*;

const LATER: UnixSeconds = UnixSeconds(4_000_000_000);

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn key(seed: u8) -> Key {
    Key::from_secret(&[seed; 32])
}

fn node(of: &str) -> PeerId {
    of.parse().unwrap()
}

fn here() -> PeerId {
    node("12D3KooWGQmdpzHXCqLno4mMxWXKNFQHASBeF99gTm2JR8Vu5Bdc")
}

/// A pool of Ana's to which one comes by invitation.
fn core() -> Core {
    core_of(|_| ())
}

fn core_of(change: impl FnOnce(&mut Genesis)) -> Core {
    let mut genesis = Genesis {
        organisers: vec![key(1).account()],
        membership: Membership::Invite,
        ..Genesis::article()
    };
    change(&mut genesis);
    let store = Store::in_memory(&genesis).unwrap();
    Core::new(store, CoreConfig::default(), now()).unwrap()
}

fn pass(player: &Key, pool: PoolId, node: &PeerId) -> Pass {
    let time = UnixSeconds(7);
    Pass {
        time,
        signature: player.say(&look_of_node(&node.to_string()), pool, time),
        invited: None,
    }
}

fn invited(held: &HeldTicket, pool: PoolId, node: &PeerId) -> Pass {
    let mut pass = pass(&key(9), pool, node);
    pass.invited = Some(TicketProof {
        ticket: *held.ticket(),
        organiser_signature: held.organiser_signature(),
        signature: held.say(&look_of_node(&node.to_string()), pool, pass.time),
    });
    pass
}

fn whose(core: &Core, pass: &Pass) -> Option<Holder> {
    holder(&core.reader(), pass, &here(), now().unix).unwrap()
}

#[test]
fn a_pass_is_of_one_node_and_of_whoever_may_look() {
    let core = core();
    let pool = core.genesis().pool_id();
    let own = pass(&key(1), pool, &here());
    assert_eq!(whose(&core, &own), Some(Holder::Player));
    let other = node("12D3KooWEr2X97xb7mdfTjTeBBbATF6m2kKMVdwq11kertXfDUoF");
    let elsewhere = PoolId([9; 32]);
    for pass in [
        pass(&key(1), pool, &other),
        pass(&key(1), elsewhere, &here()),
        pass(&key(2), pool, &here()),
        Pass {
            time: UnixSeconds(8),
            ..own
        },
    ] {
        assert_eq!(whose(&core, &pass), None, "{pass:?}");
    }
}

/// They have no ticket to show, before they join and after.
#[test]
fn whoever_played_in_the_pool_before_may_look() {
    let players = [2, 3].map(|seed| (key(seed).account(), name(&format!("Player {seed}"))));
    let mut core = core_of(|it| {
        it.rules.features.next = Some(NextRule::of(PoolId([7; 32]), players));
        it.version = it.rules.genesis_version();
    });
    let pool = core.genesis().pool_id();
    let looks = |core: &Core| [2, 3, 4].map(|seed| whose(core, &pass(&key(seed), pool, &here())));
    let wanted = [Some(Holder::Player), Some(Holder::Player), None];
    assert_eq!(looks(&core), wanted);
    let body = Draft::new(key(2).account(), Nonce::ZERO).enter(pool, name("Player 2"), None);
    let join = Input::submit(1, key(2).sign(pool, body));
    core.handle(now(), join).unwrap();
    assert_eq!(looks(&core), wanted);
}

#[test]
fn whoever_waits_to_join_may_look() {
    let mut core = core();
    let (pool, player) = (core.genesis().pool_id(), key(2));
    let own = pass(&player, pool, &here());
    assert_eq!(whose(&core, &own), None);
    let held = HeldTicket::issue(&key(1), key(3), pool, 5, LATER);
    let name = Name::new("Bruno").unwrap();
    let body = Draft::new(player.account(), Nonce::ZERO).enter(pool, name, Some(&held));
    let join = Input::submit(1, player.sign(pool, body));
    core.handle(now(), join).unwrap();
    assert_eq!(whose(&core, &own), Some(Holder::Player));
}

#[test]
fn a_ticket_lets_in_as_long_as_somebody_may_join_with_it() {
    let core = core();
    let pool = core.genesis().pool_id();
    let held =
        |organiser, uses, expires| HeldTicket::issue(&key(organiser), key(3), pool, uses, expires);
    let good = invited(&held(1, 5, LATER), pool, &here());
    assert_eq!(whose(&core, &good), Some(Holder::Ticket));
    let other = node("12D3KooWEr2X97xb7mdfTjTeBBbATF6m2kKMVdwq11kertXfDUoF");
    let forged = |ticket: Ticket| {
        let mut pass = good.clone();
        pass.invited.as_mut().unwrap().ticket = ticket;
        pass
    };
    let ticket = *held(1, 5, LATER).ticket();
    for pass in [
        invited(&held(2, 5, LATER), pool, &here()),
        invited(&held(1, 0, LATER), pool, &here()),
        invited(&held(1, 5, UnixSeconds(1_600_000_000)), pool, &here()),
        invited(&held(1, 5, LATER), pool, &other),
        forged(Ticket { uses: 50, ..ticket }),
        forged(Ticket {
            key: key(4).account(),
            ..ticket
        }),
    ] {
        assert_eq!(whose(&core, &pass), None, "{pass:?}");
    }
}
