//! Bodies, from every peer that says it has a better branch than ours; first from those that failed least, and of them from
//! those that gave headers to show for it.

use bolao_ledger::{Block, BlockHash, Reason, TxId, decode};
use bolao_store::HeaderRecord;

use super::{Failures, Purpose, download::Download};
use crate::{
    chain::Chain,
    context::Context,
    error::CoreError,
    io::{Event, PeerId, Rejection},
    sync::{Next, Syncing},
    wire::Request,
};

/// The most requests for blocks that one peer has not answered: while one answer is checked and connected, the next ones
/// are on their way.
const REQUESTS_PER_PEER: usize = 3;

fn is_bodies(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Bodies { .. })
}

impl Syncing {
    /// Asks for what is missing.
    pub(crate) fn fetch_bodies(&mut self, cx: &mut Context, chain: &mut Chain) {
        let now = cx.now.mono_ms;
        let tip_rank = chain.tip().rank();
        while let Some(download) = &self.download {
            let missing = download.missing();
            if missing.is_empty() {
                break;
            }
            let waiting = download.is_waiting();
            let target = download.target();
            let able: Vec<_> = self
                .peers
                .iter()
                .filter(|(_, peer)| peer.bodies.may_be_asked(now))
                .filter(|(_, peer)| peer.says(|status| chain.is_ahead(status)))
                .map(|(id, peer)| {
                    let claims_only = peer.shown.is_none_or(|shown| shown <= tip_rank);
                    let order = (peer.bodies.count, claims_only);
                    (order, self.asked_of(id, is_bodies), id)
                })
                .collect();
            let room = self.asked(|it| is_bodies(&it.purpose)) < cx.config.requests_in_all / 3;
            let nobody = able.is_empty();
            let freest = able
                .into_iter()
                .filter(|(_, busy, id)| {
                    room && *busy < REQUESTS_PER_PEER && self.may_request(cx, id)
                })
                .min()
                .map(|(_, _, id)| id.clone());
            match freest {
                Some(peer) => {
                    if let Some(download) = &mut self.download {
                        download.ask(&missing);
                    }
                    let hashes = missing.clone();
                    self.request(
                        cx,
                        &peer,
                        Purpose::Bodies { hashes },
                        Request::Blocks { hashes: missing },
                    );
                }
                None if waiting || !nobody => break,
                None => self.stall(cx, chain, target),
            }
        }
    }

    /// Nobody gives the bodies of this branch: another one may have its turn.
    fn stall(&mut self, cx: &Context, chain: &mut Chain, target: BlockHash) {
        self.download = None;
        let offered = self
            .peers
            .values()
            .any(|peer| peer.says(|status| chain.is_ahead(status)));
        if !offered {
            // The next status of somebody who has more is reason to look again.
            return;
        }
        chain.branches().stall(target, cx.now.mono_ms);
    }

    pub(crate) fn on_bodies(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        peer: &PeerId,
        hashes: &[BlockHash],
        blocks: Vec<Vec<u8>>,
    ) -> Result<(), CoreError> {
        let Some(download) = &mut self.download else {
            return Ok(());
        };
        download.last_peer = Some(peer.clone());
        if let Some(peer) = self.peers.get_mut(peer) {
            if blocks.is_empty() {
                peer.bodies.failed(cx.now.mono_ms);
            } else {
                peer.bodies = Failures::default();
            }
        }
        let fault = self.take_bodies(cx, chain, hashes, blocks)?;
        if let Some(download) = &mut self.download {
            download.unasked(hashes);
        }
        if let Some(rejection) = fault {
            self.blame(cx, peer, rejection);
        }
        Ok(())
    }

    /// Checks bodies, the signatures of all together; gives what their sender is at fault for. Those after such a one are
    /// not looked at.
    fn take_bodies(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        hashes: &[BlockHash],
        bodies: Vec<Vec<u8>>,
    ) -> Result<Option<Rejection>, CoreError> {
        let mut fault = None;
        let (mut wanted, mut blocks) = (Vec::new(), Vec::new());
        for (hash, bytes) in hashes.iter().zip(bodies) {
            if !self.download.as_ref().is_some_and(|it| it.wants(hash)) {
                continue;
            }
            match decode_body(hash, &bytes) {
                Ok(block) => {
                    wanted.push(*hash);
                    blocks.push(block);
                }
                Err(rejection) => {
                    fault = Some(rejection);
                    break;
                }
            }
        }
        let waiting = |id: &TxId| chain.mempool().get(id);
        let verify = cx.config.verify;
        let checked = Block::check_all(blocks, &cx.genesis, cx.pool, verify, waiting);
        for (hash, checked) in wanted.iter().zip(checked) {
            match checked {
                Ok(block) => {
                    if let Some(download) = &mut self.download {
                        download.put(block);
                    }
                }
                Err(error) => {
                    let forgeable = error.is_body_mutation();
                    let rejection = Rejection::from(error);
                    if !forgeable && let Some(record) = chain.snapshot()?.header(hash)? {
                        chain.remember_invalid(&record, &rejection)?;
                        self.download = None;
                    }
                    return Ok(Some(rejection));
                }
            }
        }
        Ok(fault)
    }

    pub(crate) fn send_progress(&mut self, cx: &mut Context, chain: &Chain) {
        let Some(download) = &self.download else {
            return;
        };
        let event = Event::SyncProgress {
            height: chain.tip().height,
            target_height: download.target_height(),
            peer: download.last_peer.clone(),
        };
        self.announced_sync = true;
        cx.emit(event);
    }

    /// Fetches the bodies of a branch, from the block above the fork on; what was fetched for another one is kept where both hold it.
    pub(crate) fn fetch(&mut self, path: Option<Vec<HeaderRecord>>) {
        let before = self.download.take();
        self.download = path.map(|path| Download::new(path, before));
    }

    /// The next step of what is fetched, if anything is.
    pub(crate) fn next_step(&mut self) -> Option<Next> {
        Some(self.download.as_mut()?.take_next())
    }
}

fn decode_body(hash: &BlockHash, bytes: &[u8]) -> Result<Block, Rejection> {
    let block: Block = decode(bytes)?;
    if block.hash() == *hash {
        Ok(block)
    } else {
        let message = format!("got block {}, wanted {hash}", block.hash());
        Err(Rejection::new(Reason::BadEncoding, message))
    }
}
