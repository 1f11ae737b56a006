//! Many cores that find one chain, and one core against peers that do not play fair.

use bolao_chain::{
    Cause, CoreConfig, Event, Input, Item, Output, Request, Response, Status, StoredChain, audit,
};
use bolao_ledger::{Block, BlockHash, BlockId, Height, Work, encode};
use bolao_simulator::Sim;

use crate::pool::{Player, Recipe, Solo, chain, genesis, peer};

/// A core that forgets branches as soon as it may.
fn pruning() -> CoreConfig {
    CoreConfig {
        keep_side_bodies: 1,
        keep_side_headers: 0,
        ..CoreConfig::default()
    }
}

#[test]
fn a_network_with_partitions_and_losses_converges() {
    for seed in 0..24 {
        let mut net = Sim::new(&genesis(), 0, seed);
        for _ in 0..5 {
            // A branch that is pruned and grows comes again.
            net.add(if seed % 2 == 0 {
                pruning()
            } else {
                CoreConfig::default()
            });
        }
        net.links.gossip_loss_percent = 40;
        net.links.jitter_ms = 20 + 40 * (seed % 8);
        let pool = net.genesis().pool_id();
        net.connect_all();
        let mut nonces = [0_u64; 6];
        for _ in 0..60 {
            let span = net.roll(700);
            net.run_ms(span);
            let (a, b) = (net.roll(5) as usize, net.roll(5) as usize);
            match net.roll(10) {
                0 | 1 if a != b => net.disconnect(a, b),
                2 if a != b => net.connect(a, b),
                3..6 => drop(net.mine(a)),
                _ => {
                    let who = net.roll(6) as usize;
                    let player = Player::new(50 + who as u8);
                    let nonce = nonces[who];
                    nonces[who] += 1;
                    let transaction = if nonce == 0 {
                        player.join(pool, &format!("Player {who}"))
                    } else {
                        player.bet(pool, nonce, 1 + (nonce % 2) as u16, nonce % 9)
                    };
                    net.submit(a, transaction);
                }
            }
        }
        net.connect_all();
        let healed = net.run_until(20_000, |net| net.agree() && net.pending_agree());
        assert!(healed, "seed {seed} does not converge: {}", net.state());
        assert!(net.blamed().is_empty(), "seed {seed}: {:?}", net.blamed());
        let snapshot = net.core(4).reader().snapshot().unwrap();
        let source = StoredChain {
            genesis: net.genesis(),
            snapshot: &snapshot,
        };
        let report = audit(&source, |_, _| {}).unwrap();
        assert_eq!(report.tip, net.tip(0));
    }
}

#[test]
fn two_thousand_blocks_from_several_peers() {
    let mut net = Sim::new(&genesis(), 3, 1);
    net.run_ms(3_000_000);
    let blocks = chain(net.tip(0), 1, 20, 1, 2_000);
    for block in &blocks {
        for node in 0..3 {
            net.give(node, block.clone());
        }
    }
    let late = net.add(CoreConfig::default());
    for node in 0..3 {
        net.connect(late, node);
    }
    assert!(net.run_until(60_000, Sim::agree));
    net.run_ms(1_000);
    assert!(net.blamed().is_empty(), "{:?}", net.blamed());
    let events = net.events(late);
    assert!(
        events
            .iter()
            .any(|it| matches!(it, Event::SyncProgress { .. }))
    );
    assert!(events.contains(&Event::SyncDone {
        height: Height(2_000)
    }));
    let moves = events
        .iter()
        .filter(|it| matches!(it, Event::TipChanged(change) if change.cause == Cause::Sync))
        .count();
    assert!(moves < 500, "{moves} writes for 2,000 blocks");
}

#[test]
fn a_new_transaction_and_block_are_delivered_and_confirmed() {
    let mut net = Sim::new(&genesis(), 2, 3);
    net.links.gossip_loss_percent = 100;
    net.connect_all();
    net.run_ms(500);
    let join = Player::new(3).join(net.genesis().pool_id(), "Anna");
    let id = join.id();
    net.submit(0, join);
    net.run_ms(400);
    assert_eq!(net.core(1).pending(), 1);
    let delivered = |net: &Sim, item| {
        let peer = Sim::peer(1);
        net.events(0).contains(&Event::Delivered { item, peer })
    };
    assert!(delivered(&net, Item::Transaction(id)));
    let hash = net.mine(0).hash();
    net.run_ms(400);
    assert_eq!(net.tip(1), hash);
    assert!(delivered(&net, Item::Block(hash)));
}

#[test]
fn what_was_submitted_apart_is_everywhere_within_seconds() {
    let mut net = Sim::new(&genesis(), 2, 4);
    let pool = net.genesis().pool_id();
    net.submit(0, Player::new(3).join(pool, "Anna"));
    net.submit(1, Player::new(4).join(pool, "Bert"));
    net.connect_all();
    assert!(net.run_until(2_500, |net| net.core(0).pending() == 2
        && net.core(1).pending() == 2));
}

#[test]
fn rounds_tell_catching_up_from_new_blocks() {
    let mut net = Sim::new(&genesis(), 2, 5);
    net.mine(0);
    net.connect_all();
    net.input(
        1,
        Input::SyncNow {
            token: 1,
            peers: Vec::new(),
        },
    );
    net.run_ms(2_000);
    assert_eq!(net.rounds(1), [(1, 1)]);
    assert!(net.agree());
    net.mine(0);
    net.run_ms(1_000);
    assert!(net.agree());
    net.input(
        1,
        Input::SyncNow {
            token: 2,
            peers: Vec::new(),
        },
    );
    net.run_ms(1_000);
    assert_eq!(net.rounds(1), [(1, 1), (2, 1)]);
    net.disconnect(0, 1);
    net.mine(0);
    net.mine(1);
    net.mine(1);
    net.connect_all();
    net.input(
        0,
        Input::SyncNow {
            token: 3,
            peers: Vec::new(),
        },
    );
    net.run_ms(2_000);
    assert_eq!(net.rounds(0), [(3, 1)]);
    assert!(net.agree());
}

#[test]
fn a_round_without_peers_ends_at_once() {
    let mut solo = Solo::new();
    let out = solo.handle(Input::SyncNow {
        token: 4,
        peers: Vec::new(),
    });
    assert!(out.contains(&Output::SyncRound {
        token: 4,
        replacements: 0
    }));
}

/// A peer that the test plays itself.
struct Mallory {
    solo: Solo,
    sent: Vec<(u64, Request)>,
}

impl Mallory {
    fn before(mut solo: Solo, tip: BlockHash, height: u64, work: Work) -> Self {
        solo.handle(Input::PeerConnected {
            peer: peer("mallory"),
        });
        let status = Status {
            pool: solo.pool(),
            tip: BlockId {
                height: Height(height),
                hash: tip,
            },
            work,
            time: 0,
            pending_digest: [0; 32],
        };
        let mut mallory = Self {
            solo,
            sent: Vec::new(),
        };
        mallory.collect();
        let (id, _) = mallory.sent.remove(0);
        mallory.answer(id, Response::Status(status));
        mallory
    }

    fn collect(&mut self) {
        for output in &self.solo.out {
            if let Output::SendRequest { id, request, .. } = output {
                self.sent.push((*id, request.clone()));
            }
        }
    }

    fn answer(&mut self, id: u64, response: Response) {
        self.solo.handle(Input::Response {
            peer: peer("mallory"),
            id,
            result: Ok(response),
        });
        self.collect();
    }

    fn heard_sync_end(&self, height: u64) -> bool {
        let height = Height(height);
        let mut events = self.solo.events();
        events.any(|event| *event == Event::SyncDone { height })
    }

    fn next_headers(&mut self) -> Option<u64> {
        let at = self
            .sent
            .iter()
            .position(|(_, it)| matches!(it, Request::Headers { .. }))?;
        Some(self.sent.remove(at).0)
    }

    fn next_blocks(&mut self) -> Option<(u64, Vec<BlockHash>)> {
        let at = self
            .sent
            .iter()
            .position(|(_, it)| matches!(it, Request::Blocks { .. }))?;
        match self.sent.remove(at) {
            (id, Request::Blocks { hashes }) => Some((id, hashes)),
            _ => None,
        }
    }
}

/// A branch whose block has another body than its header says, by its maker's own doing.
#[test]
fn a_download_that_ends_by_an_invalid_body_says_so() {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    let mut recipe = Recipe::on(solo.tip(), 1, 20);
    let mut unsigned = Player::new(3).join(solo.pool(), "Anna");
    unsigned.signature.0[0] ^= 1;
    recipe.transactions = vec![unsigned];
    let block = recipe.mined();
    let mut mallory = Mallory::before(solo, block.hash(), 1, huge());
    let id = mallory.next_headers().unwrap();
    mallory.answer(id, Response::Headers(vec![block.header]));
    let (id, _) = mallory.next_blocks().unwrap();
    mallory.answer(id, Response::Blocks(vec![encode(&block)]));
    assert!(!mallory.solo.core.is_syncing());
    assert!(mallory.heard_sync_end(0));
}

fn huge() -> Work {
    Work::from_be_bytes([0x01; 32])
}

#[test]
fn headers_of_little_work_leave_nothing_behind() {
    let mut solo = Solo::new();
    solo.now.unix.0 += 5_000;
    let start = solo.tip();
    for block in chain(start, 1, 10, 1, 60) {
        solo.give(block).unwrap();
    }
    let side = chain(start, 1, 10, 2, 50);
    let headers = side.iter().map(|block| block.header).collect();
    let mut mallory = Mallory::before(solo, BlockHash([9; 32]), 1_000_000, huge());
    let id = mallory.next_headers().unwrap();
    mallory.answer(id, Response::Headers(headers));
    let snapshot = mallory.solo.core.reader().snapshot().unwrap();
    for block in &side {
        assert!(snapshot.header(&block.hash()).unwrap().is_none());
    }
    assert!(!mallory.solo.core.is_syncing());
    mallory.solo.handle(Input::Tick);
    mallory.collect();
    assert!(mallory.next_headers().is_none(), "asked again at once");
}

#[test]
fn headers_without_work_are_a_violation() {
    let mut block = Recipe::on(genesis().pool_id().into(), 1, 10).unmined();
    while block.header.meets_own_target() {
        block.header = block.header.with_nonce(block.header.nonce + 1);
    }
    let mut mallory = Mallory::before(Solo::new(), block.hash(), 1, huge());
    let id = mallory.next_headers().unwrap();
    mallory.answer(id, Response::Headers(vec![block.header]));
    assert!(mallory.solo.blamed().is_some());
}

fn offered(count: u64) -> (Mallory, Vec<Block>) {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    let blocks = chain(solo.tip(), 1, 20, 2, count);
    let mut mallory = Mallory::before(solo, blocks.last().unwrap().hash(), count, huge());
    let id = mallory.next_headers().unwrap();
    let headers = blocks.iter().map(|block| block.header).collect();
    mallory.answer(id, Response::Headers(headers));
    (mallory, blocks)
}

#[test]
fn withheld_bodies_do_not_stop_the_chain() {
    let (mut mallory, blocks) = offered(10);
    let (id, hashes) = mallory.next_blocks().unwrap();
    assert_eq!(hashes.len(), 10);
    mallory.answer(id, Response::Blocks(Vec::new()));
    assert!(!mallory.solo.core.is_syncing());
    let own = mallory.solo.mine();
    assert_eq!(mallory.solo.tip(), own.hash());
    // Later the bodies are asked for again, and come.
    mallory.solo.now.mono_ms += 11_000;
    mallory.solo.handle(Input::Tick);
    mallory.collect();
    let (id, _) = mallory.next_blocks().unwrap();
    mallory.answer(id, Response::Blocks(blocks.iter().map(encode).collect()));
    assert_eq!(mallory.solo.tip(), blocks[9].hash());
}

#[test]
fn a_download_that_lost_its_peer_goes_on_with_the_next() {
    let (mut mallory, blocks) = offered(4);
    mallory.next_blocks().unwrap();
    mallory.solo.handle(Input::PeerDisconnected {
        peer: peer("mallory"),
    });
    assert!(!mallory.solo.core.is_syncing());
    mallory.solo.handle(Input::Tick);
    let solo = mallory.solo;
    let mut again = Mallory::before(solo, blocks[3].hash(), 4, huge());
    assert!(again.next_headers().is_none(), "they are here already");
    let (id, _) = again.next_blocks().unwrap();
    again.answer(id, Response::Blocks(blocks.iter().map(encode).collect()));
    assert_eq!(again.solo.tip(), blocks[3].hash());
}

#[test]
fn a_spoilt_body_is_the_senders_fault_and_not_the_blocks() {
    let (mut mallory, blocks) = offered(3);
    let (id, _) = mallory.next_blocks().unwrap();
    let mut spoilt = blocks[0].clone();
    spoilt
        .transactions
        .push(Player::new(3).join(mallory.solo.pool(), "Anna"));
    mallory.answer(id, Response::Blocks(vec![encode(&spoilt)]));
    assert!(mallory.solo.blamed().is_some());
    assert!(mallory.heard_sync_end(0), "given up, and nobody was told");
    for block in &blocks {
        mallory.solo.give(block.clone()).unwrap();
    }
    assert_eq!(mallory.solo.tip(), blocks[2].hash());
}

#[test]
fn the_good_part_of_a_spoilt_branch_is_kept() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    solo.now.unix.0 += 1_000;
    let mut blocks = chain(solo.tip(), 1, 20, 2, 5);
    let mut recipe = Recipe::on(blocks[4].hash(), 6, 26);
    recipe.transactions = vec![Player::new(3).bet(pool, 0, 1, 1)];
    blocks.push(recipe.mined());
    blocks.extend(chain(blocks[5].hash(), 7, 27, 2, 4));
    let mut mallory = Mallory::before(solo, blocks[9].hash(), 10, huge());
    let id = mallory.next_headers().unwrap();
    let headers = blocks.iter().map(|block| block.header).collect();
    mallory.answer(id, Response::Headers(headers));
    let (id, _) = mallory.next_blocks().unwrap();
    mallory.answer(id, Response::Blocks(blocks.iter().map(encode).collect()));
    assert_eq!(mallory.solo.tip(), blocks[4].hash());
    assert!(!mallory.solo.core.is_syncing());
    assert!(mallory.heard_sync_end(5));
    let snapshot = mallory.solo.core.reader().snapshot().unwrap();
    let last = snapshot.header(&blocks[9].hash()).unwrap().unwrap();
    assert!(last.invalid.is_some());
}

#[test]
fn a_silent_peer_times_out_and_another_is_asked() {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    let blocks = chain(solo.tip(), 1, 20, 2, 2);
    let mut mallory = Mallory::before(solo, blocks[1].hash(), 2, huge());
    mallory.next_headers().unwrap();
    mallory.solo.now.mono_ms += 6_000;
    mallory.solo.handle(Input::Tick);
    assert!(!mallory.solo.core.is_syncing());
}
