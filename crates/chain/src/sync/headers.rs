//! Headers first.
//!
//! One peer at a time is asked: the one that claims the most work. Headers are validated as they come. They are
//! stored once their branch has more work than our tip; until then at most [`MAX_BUFFERED`] of them are held, in
//! memory. So a peer whose chain has less work than it claimed leaves nothing behind.

use bolao_ledger::{BlockHash, Header, Height, Reason};
use bolao_store::{Durability, HeaderRecord, Snapshot, StoreError};

use super::{BACKOFF_MS, Purpose};
use crate::{
    core::Core,
    error::{CoreError, HeaderError},
    headers::{Lineage, check_not_too_new},
    io::{PeerId, Rejection},
    wire::{MAX_HEADERS, MAX_LOCATOR, Request},
};

/// The most headers that are held before their branch has more work than the tip's.
const MAX_BUFFERED: usize = 20_000;

/// Headers on their way.
#[derive(Debug)]
pub(crate) struct HeaderSync {
    peer: PeerId,
    /// What came so far and is not stored.
    buffer: Vec<HeaderRecord>,
    /// Its last header.
    top: Option<Lineage>,
}

/// How an answer ended.
enum End {
    /// There may be more.
    More,
    /// That was all, or what follows has to wait.
    Done,
    Violation(Rejection),
}

impl Core {
    /// Asks the peer that claims the most work for its headers, if there is one whose tip is not known.
    pub(crate) fn seek_headers(&mut self) -> Result<(), CoreError> {
        if self.header_sync.is_some() {
            return Ok(());
        }
        let now = self.now.mono_ms;
        let mut ahead: Vec<_> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.headers_after_ms <= now)
            .filter_map(|(id, peer)| Some((peer.status.as_ref()?, id)))
            .filter(|(status, _)| status.work > self.tip.work)
            .map(|(status, id)| (status.work, status.tip, id.clone()))
            .collect();
        if ahead.is_empty() {
            return Ok(());
        }
        ahead.sort_by_key(|(work, _, _)| std::cmp::Reverse(*work));
        let snapshot = self.snapshot()?;
        for (_, tip, peer) in ahead {
            if snapshot.header(&tip)?.is_none() {
                let sync = HeaderSync {
                    peer,
                    buffer: Vec::new(),
                    top: None,
                };
                return self.ask_headers(&snapshot, sync);
            }
        }
        Ok(())
    }

    fn ask_headers(&mut self, snapshot: &Snapshot, sync: HeaderSync) -> Result<(), CoreError> {
        let first = sync.top.as_ref().map(|top| top.record().hash);
        let request = Request::Headers {
            locator: self.locator(snapshot, first)?,
            limit: u32::try_from(MAX_HEADERS).unwrap_or(u32::MAX),
        };
        let peer = sync.peer.clone();
        self.header_sync = Some(sync);
        self.request(&peer, Purpose::Headers, request);
        Ok(())
    }

    /// Hashes of our chain, the highest first, ever sparser, and genesis.
    fn locator(
        &self,
        snapshot: &Snapshot,
        first: Option<BlockHash>,
    ) -> Result<Vec<BlockHash>, StoreError> {
        let aimed = self.download.as_ref().map(super::Download::target);
        let mut hashes: Vec<BlockHash> = first.into_iter().chain(aimed).collect();
        let mut height = self.tip.height;
        let mut step = 1;
        while hashes.len() + 1 < MAX_LOCATOR {
            hashes.extend(snapshot.hash_at(height)?);
            match height.checked_sub(step) {
                Some(lower) if lower > Height::ZERO => height = lower,
                _ => break,
            }
            if hashes.len() > 10 {
                step = step.saturating_mul(2);
            }
        }
        hashes.push(self.pool.into());
        Ok(hashes)
    }

    pub(super) fn on_headers(
        &mut self,
        peer: &PeerId,
        headers: Vec<Header>,
    ) -> Result<(), CoreError> {
        let Some(mut sync) = self.header_sync.take() else {
            return Ok(());
        };
        let snapshot = self.snapshot()?;
        let end = self.check_headers(&snapshot, &mut sync, headers)?;
        if let End::Violation(rejection) = end {
            self.blame(peer, rejection);
            return Ok(());
        }
        let work = sync.top.as_ref().map(|top| top.record().work);
        let better = work.is_some_and(|work| work > self.tip.work);
        if better {
            self.note_headers_of(peer, &sync);
            self.store_headers(std::mem::take(&mut sync.buffer))?;
        }
        let more = matches!(end, End::More) && sync.buffer.len() < MAX_BUFFERED;
        if more {
            return self.ask_headers(&snapshot, sync);
        }
        let promised = self
            .peers
            .get(peer)
            .and_then(|peer| peer.status.as_ref())
            .map(|status| status.tip);
        let kept = match promised {
            Some(tip) => self.snapshot()?.header(&tip)?.is_some(),
            None => true,
        };
        if !kept && let Some(peer) = self.peers.get_mut(peer) {
            peer.headers_after_ms = self.now.mono_ms + BACKOFF_MS;
        }
        Ok(())
    }

    /// Validates headers and puts the new ones into the buffer.
    fn check_headers(
        &self,
        snapshot: &Snapshot,
        sync: &mut HeaderSync,
        headers: Vec<Header>,
    ) -> Result<End, CoreError> {
        let full = headers.len() >= MAX_HEADERS;
        for header in headers {
            let hash = header.hash();
            if let Some(known) = snapshot.header(&hash)? {
                if known.status.invalid.is_some() {
                    let parent = hash;
                    return Ok(End::Violation(
                        HeaderError::InvalidAncestor { hash, parent }.into(),
                    ));
                }
                if sync.buffer.is_empty() {
                    sync.top = None;
                    continue;
                }
            }
            if sync.top.is_none() {
                sync.top = Lineage::load(snapshot, &header.previous())?;
            }
            let Some(top) = &mut sync.top else {
                return Ok(End::Violation(Rejection::new(
                    Reason::UnknownParent,
                    format!("the headers begin with {hash}, which builds on none that was named"),
                )));
            };
            match top.check(&self.genesis, &header) {
                Ok(()) => {}
                Err(HeaderError::UnknownParent { hash, .. }) => {
                    return Ok(End::Violation(Rejection::new(
                        Reason::UnknownParent,
                        format!("header {hash} does not build on the one before it"),
                    )));
                }
                Err(error) => return Ok(End::Violation(error.into())),
            }
            if check_not_too_new(&self.genesis, &header, self.now.unix).is_err() {
                return Ok(End::Done);
            }
            sync.buffer.push(top.push(header).clone());
        }
        Ok(if full { End::More } else { End::Done })
    }

    /// Whoever gave these headers has what they stand for.
    fn note_headers_of(&mut self, peer: &PeerId, sync: &HeaderSync) {
        let (Some(peer), Some(top)) = (self.peers.get_mut(peer), &sync.top) else {
            return;
        };
        let record = top.record();
        if let Some(status) = &mut peer.status
            && record.work > status.work
        {
            status.tip = record.hash;
            status.work = record.work;
            status.height = record.height;
        }
    }

    fn store_headers(&mut self, records: Vec<HeaderRecord>) -> Result<(), CoreError> {
        let Some(first) = records.first() else {
            return Ok(());
        };
        let parent = first.header.previous();
        self.store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                records
                    .iter()
                    .try_for_each(|record| tables.put_header(record))
            })?;
        match &mut self.download {
            Some(download) if download.target() == parent => download.extend(&records),
            _ => self.reconsider = true,
        }
        Ok(())
    }
}
