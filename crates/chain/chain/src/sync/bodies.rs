//! Bodies, from every peer that says it has a better branch than ours; first from those that failed least, and of them from
//! those that gave headers to show for it.

use bolao_ledger::{Block, BlockHash, CheckedBlock, Reason, TxId, decode};
use bolao_store::{Durability, HeaderRecord, StoreError};

use super::{Failures, Purpose, download::Next};
use crate::{
    core::Core,
    error::CoreError,
    io::{Cause, Event, PeerId, Rejection},
    wire::Request,
};

/// The most requests for blocks that one peer has not answered: while one answer is checked and connected, the next ones
/// are on their way.
const REQUESTS_PER_PEER: usize = 3;

fn is_bodies(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Bodies { .. })
}

impl Core {
    /// Connects what is here and asks for what is missing.
    pub(crate) fn fetch_bodies(&mut self) -> Result<(), CoreError> {
        self.connect_bodies()?;
        let now = self.now.mono_ms;
        let tip_rank = self.tip.rank();
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
                .filter(|(_, peer)| {
                    let status = peer.status.as_ref();
                    status.is_some_and(|status| self.is_ahead(status))
                })
                .map(|(id, peer)| {
                    let claims_only = peer.shown.is_none_or(|shown| shown <= tip_rank);
                    let order = (peer.bodies.count, claims_only);
                    (order, self.asked_of(id, is_bodies), id)
                })
                .collect();
            let room = self.asked(|it| is_bodies(&it.purpose)) < self.config.requests_in_all / 3;
            let nobody = able.is_empty();
            let freest = able
                .into_iter()
                .filter(|(_, busy, id)| room && *busy < REQUESTS_PER_PEER && self.may_request(id))
                .min()
                .map(|(_, _, id)| id.clone());
            match freest {
                Some(peer) => {
                    if let Some(download) = &mut self.download {
                        download.ask(&missing);
                    }
                    let hashes = missing.clone();
                    self.request(
                        &peer,
                        Purpose::Bodies { hashes },
                        Request::Blocks { hashes: missing },
                    );
                }
                None if waiting || !nobody => break,
                None => self.stall(target),
            }
        }
        Ok(())
    }

    /// Nobody gives the bodies of this branch: another one may have its turn.
    fn stall(&mut self, target: BlockHash) {
        self.download = None;
        let offered = self.peers.values().any(|peer| {
            let status = peer.status.as_ref();
            status.is_some_and(|status| self.is_ahead(status))
        });
        if !offered {
            // The next status of somebody who has more is reason to look again.
            return;
        }
        self.branches.stall(target, self.now.mono_ms);
    }

    pub(super) fn on_bodies(
        &mut self,
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
                peer.bodies.failed(self.now.mono_ms);
            } else {
                peer.bodies = Failures::default();
            }
        }
        let fault = self.take_bodies(hashes, blocks)?;
        if let Some(download) = &mut self.download {
            download.unasked(hashes);
        }
        if let Some(rejection) = fault {
            self.blame(peer, rejection);
        }
        Ok(())
    }

    /// Checks bodies, the signatures of all together; gives what their sender is at fault for. Those after such a one are
    /// not looked at.
    fn take_bodies(
        &mut self,
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
        let waiting = |id: &TxId| self.mempool.get(id);
        let verify = self.config.verify;
        let checked = Block::check_all(blocks, &self.genesis, self.pool, verify, waiting);
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
                    if !forgeable && let Some(record) = self.snapshot()?.header(hash)? {
                        self.remember_invalid(&record, &rejection)?;
                        self.download = None;
                    }
                    return Ok(Some(rejection));
                }
            }
        }
        Ok(fault)
    }

    /// Connects what can be connected.
    fn connect_bodies(&mut self) -> Result<(), CoreError> {
        while let Some(download) = &mut self.download {
            let reached = match download.take_next() {
                Next::Missing => return Ok(()),
                Next::End => {
                    self.download = None;
                    self.branches.look_again();
                    return Ok(());
                }
                Next::Stored(hash) => hash,
                Next::Bodies(batch) => match self.take_batch(batch)? {
                    Some(hash) => hash,
                    None => continue,
                },
            };
            let record = self.record(reached)?;
            if self.beats_tip(&record)
                && self.may_follow(reached)?
                && !self.switch_to(reached, Cause::Sync)?
            {
                self.download = None;
                return Ok(());
            }
            self.send_progress();
        }
        Ok(())
    }

    pub(crate) fn record(&self, hash: BlockHash) -> Result<HeaderRecord, CoreError> {
        let record = self.snapshot()?.header(&hash)?;
        Ok(record.ok_or(StoreError::UnknownHeader { hash })?)
    }

    /// Connects bodies on the tip; or stores those of another branch, and then says up to where.
    fn take_batch(&mut self, batch: Vec<CheckedBlock>) -> Result<Option<BlockHash>, CoreError> {
        let snapshot = self.snapshot()?;
        let mut blocks = Vec::with_capacity(batch.len());
        for block in &batch {
            let hash = block.hash();
            let record = snapshot.header(&hash)?;
            blocks.push((*record.ok_or(StoreError::UnknownHeader { hash })?, block));
        }
        drop(snapshot);
        let Some((first, last)) = blocks.first().zip(blocks.last()) else {
            return Ok(None);
        };
        if first.0.header.previous != self.tip.hash {
            let reached = last.0.hash;
            self.store
                .write::<_, StoreError>(Durability::Volatile, |tables| {
                    blocks
                        .iter()
                        .try_for_each(|(_, block)| tables.put_body(block))
                })?;
            self.judge_soon();
            return Ok(Some(reached));
        }
        if let Err((hash, _)) = self.extend_tip(&blocks, None, Cause::Sync)? {
            // Those under the invalid one are good, and nobody is to send them again.
            let good = blocks
                .iter()
                .position(|(record, _)| record.hash == hash)
                .unwrap_or(0);
            self.download = None;
            if let Some(good) = blocks.get(..good).filter(|good| !good.is_empty()) {
                // What fails now too is remembered as invalid, as any other.
                drop(self.extend_tip(good, None, Cause::Sync)?);
            }
        } else {
            self.send_progress();
        }
        Ok(None)
    }

    fn send_progress(&mut self) {
        let Some(download) = &self.download else {
            return;
        };
        let event = Event::SyncProgress {
            height: self.tip.height,
            target_height: download.target_height(),
            peer: download.last_peer.clone(),
        };
        self.announced_sync = true;
        self.emit(event);
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
