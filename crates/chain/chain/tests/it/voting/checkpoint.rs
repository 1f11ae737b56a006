//! Newcomers whose invitation names a final block, and validators of long ago who sign another history.

use std::path::Path;

use bolao_chain::{
    Core, CoreConfig, CoreError, Event, FinalError, Input, MissingCheckpoint, Output, Request,
    Response, Status, serve,
};
use bolao_ledger::{BlockId, Genesis, Height};
use bolao_store::Store;

use super::{config, pool_of};
use crate::pool::{Player, Solo, at, peer};

const MAX_BYTES: usize = 1 << 20;

/// A history that the only validator made: a block for each of these players.
fn history(genesis: &Genesis, players: &[u8]) -> Solo {
    let mut solo = Solo::with(genesis, config(0));
    for who in players {
        let join = Player::new(*who).join(genesis.pool_id(), &format!("Player {who}"));
        solo.submit(join).unwrap();
    }
    let blocks = u64::try_from(players.len()).unwrap();
    assert_eq!(solo.core.tip().height, Height(blocks));
    solo
}

pub(crate) fn place(solo: &Solo, height: u64) -> BlockId {
    let height = Height(height);
    let snapshot = solo.core.reader().snapshot().unwrap();
    let hash = snapshot.hash_at(height).unwrap().unwrap();
    BlockId { height, hash }
}

pub(crate) fn named(named: Option<BlockId>) -> CoreConfig {
    CoreConfig {
        named,
        ..CoreConfig::default()
    }
}

/// What a node answers.
fn answer(of: &Solo, request: &Request) -> Response {
    if let Request::Status(_) = request {
        let tip = of.core.tip();
        return Response::Status(Status {
            pool: of.pool(),
            tip: tip.block,
            work: tip.work,
            time: 0,
            pending_digest: [0; 32],
        });
    }
    let snapshot = of.core.reader().snapshot().unwrap();
    serve(&snapshot, request, MAX_BYTES).unwrap()
}

/// Lets a node talk with peers for a minute; the names of those that it blames.
pub(crate) fn talk(new: &mut Solo, peers: &[(&str, &Solo)]) -> Result<Vec<String>, CoreError> {
    let blamed = talk_for(new, peers, 60, &mut Vec::new())?;
    for (name, _) in peers {
        let peer = peer(name);
        new.core.handle(new.now, Input::PeerDisconnected { peer })?;
    }
    Ok(blamed)
}

/// The same for so many seconds; they stay connected, and what the node says besides is kept.
fn talk_for(
    new: &mut Solo,
    peers: &[(&str, &Solo)],
    seconds: u64,
    said: &mut Vec<Output>,
) -> Result<Vec<String>, CoreError> {
    let connected = peers
        .iter()
        .map(|(name, _)| Input::PeerConnected { peer: peer(name) });
    let mut inputs: Vec<Input> = connected.collect();
    let mut blamed = Vec::new();
    for _ in 0..seconds {
        inputs.push(Input::Tick);
        while let Some(input) = (!inputs.is_empty()).then(|| inputs.remove(0)) {
            for output in new.core.handle(new.now, input)? {
                match output {
                    Output::SendRequest {
                        peer: to,
                        id,
                        request,
                    } => {
                        let (_, of) = peers.iter().find(|(name, _)| peer(name) == to).unwrap();
                        inputs.push(Input::Response {
                            peer: to,
                            id,
                            result: Ok(answer(of, &request)),
                        });
                    }
                    Output::Misbehaved { peer, .. } => blamed.push(peer.to_string()),
                    other => said.push(other),
                }
            }
        }
        new.now.unix.0 += 1;
        new.now.mono_ms += 1_000;
    }
    Ok(blamed)
}

/// The true history, and another one by the same key.
fn histories(genesis: &Genesis) -> (Solo, Solo) {
    (
        history(genesis, &[3, 4, 5, 6, 7, 8]),
        history(genesis, &[3, 9, 10, 11]),
    )
}

#[test]
fn a_newcomer_with_an_invitation_takes_nothing_of_another_history() {
    let genesis = pool_of(1);
    let (friend, liar) = histories(&genesis);
    let invited = place(&friend, 3);
    let mut new = Solo::with(&genesis, named(Some(invited)));
    let blamed = talk(&mut new, &[("liar", &liar)]).unwrap();
    assert_eq!(new.core.tip().height, Height(0));
    assert_eq!(blamed, [""; 0], "anybody can write a link");
    // With both it takes the friend's; it is then proven that the validator has signed two.
    let both = [("friend", &friend), ("liar", &liar)];
    let error = talk(&mut new, &both).unwrap_err();
    let proven = matches!(&error, CoreError::Final(FinalError::Conflict { known, .. }) if *known == place(&friend, known.height.0));
    assert!(proven, "{error}");
    assert!(new.core.tip().height >= invited.height);
    let mut new = Solo::with(&genesis, named(Some(invited)));
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!(new.core.tip(), friend.core.tip());
    // Without one it cannot know: this is what the invitation is for.
    let mut fooled = Solo::with(&genesis, named(None));
    talk(&mut fooled, &[("liar", &liar)]).unwrap();
    assert_eq!(fooled.core.tip(), liar.core.tip());
    // What is below the named block is believed as far as it leads there.
    let mut short = Solo::with(&genesis, named(Some(place(&liar, 1))));
    talk(&mut short, &[("liar", &liar)]).unwrap();
    assert_eq!(short.core.tip(), liar.core.tip());
}

#[test]
fn a_peer_that_does_not_reach_the_named_block_is_not_believed_yet() {
    let genesis = pool_of(1);
    let (friend, _) = histories(&genesis);
    let behind = history(&genesis, &[3]);
    let mut new = Solo::with(&genesis, named(Some(place(&friend, 4))));
    let blamed = talk(&mut new, &[("behind", &behind)]).unwrap();
    assert_eq!((new.core.tip().height, blamed.len()), (Height(0), 0));
    talk(&mut new, &[("behind", &behind), ("friend", &friend)]).unwrap();
    assert_eq!(new.core.tip(), friend.core.tip());
}

/// The last that watchers heard of the block that is sought.
fn sought(outputs: &[Output]) -> Option<MissingCheckpoint> {
    let mut told = outputs.iter().filter_map(|output| match output {
        Output::Event(Event::MissingCheckpoint(it)) => Some(*it),
        _ => None,
    });
    told.next_back().expect("watchers hear of it")
}

#[test]
fn another_link_takes_the_place_of_a_wrong_one_at_once() {
    let genesis = pool_of(1);
    let (friend, liar) = histories(&genesis);
    let wrong = place(&liar, 3);
    let mut new = Solo::with(&genesis, named(Some(wrong)));
    let blamed = talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!((new.core.tip().height, blamed.len()), (Height(0), 0));
    let peers = [("friend", &friend)];
    let mut told = Vec::new();
    talk_for(&mut new, &peers, 60, &mut told).unwrap();
    let is_elsewhere = true;
    let block = wrong;
    let at_last = Some(MissingCheckpoint {
        block,
        is_elsewhere,
    });
    assert_eq!(sought(&told), at_last);
    let invited = Input::MissingCheckpoint(place(&friend, 3));
    told = new.core.handle(new.now, invited).unwrap();
    assert_eq!(sought(&told).map(|it| it.is_elsewhere), Some(false));
    talk_for(&mut new, &peers, 5, &mut told).unwrap();
    assert_eq!(new.core.tip(), friend.core.tip());
    assert_eq!(sought(&told), None);
}

#[test]
fn a_home_with_final_blocks_takes_none_of_a_link() {
    let genesis = pool_of(1);
    let (friend, liar) = histories(&genesis);
    let before = history(&genesis, &[3, 4, 5]);
    let mut new = Solo::with(&genesis, named(None));
    talk(&mut new, &[("before", &before)]).unwrap();
    let (height, hash) = (Height(40), place(&liar, 3).hash);
    for link in [place(&liar, 2), place(&liar, 4), BlockId { height, hash }] {
        let input = Input::MissingCheckpoint(link);
        assert!(new.core.handle(new.now, input).is_ok());
    }
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!(new.core.tip(), friend.core.tip());
}

#[test]
fn final_blocks_outweigh_the_invitation() {
    let genesis = pool_of(1);
    let (friend, liar) = histories(&genesis);
    // The same as the liar's, as long as he had made two blocks.
    let early = history(&genesis, &[3, 9]);
    let dir = tempfile::tempdir().unwrap();
    let kept = |name: &str, of: &Solo| {
        let path = dir.path().join(name);
        let store = Store::create(&path, &genesis).unwrap();
        let core = Core::new(store, CoreConfig::default(), at(10)).unwrap();
        let (now, out) = (at(10), Vec::new());
        let mut solo = Solo { core, now, out };
        talk(&mut solo, &[("there", of)]).unwrap();
        assert_eq!(solo.core.tip(), of.core.tip());
        path
    };
    let again = |path: &Path| {
        let store = Store::open(path).unwrap();
        Core::new(store, named(Some(place(&friend, 3))), at(100))
    };
    for (name, of) in [("beyond", &liar), ("right", &friend)] {
        let core = again(&kept(name, of)).unwrap();
        let (now, out) = (at(100), Vec::new());
        let mut kept = Solo { core, now, out };
        talk(&mut kept, &[("there", of)]).unwrap();
        assert_eq!(kept.core.tip(), of.core.tip());
    }
    let core = again(&kept("below", &early)).unwrap();
    let (now, out) = (at(100), Vec::new());
    let mut below = Solo { core, now, out };
    // That the validator has signed two histories is another matter.
    let error = talk(&mut below, &[("friend", &friend)]).unwrap_err();
    assert!(
        matches!(error, CoreError::Final(FinalError::Conflict { .. })),
        "{error}"
    );
}
