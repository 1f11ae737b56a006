//! The way to the final block that an invitation names: whom this node asks for it, as long as the chain seeks that block.

use bolao_ledger::{BlockId, Header};

use crate::{
    chain::{Chain, NamedWay},
    context::Context,
    error::CoreError,
    io::PeerId,
    sync::{InFlight, Purpose, Syncing},
    wire::{MAX_HEADERS, Request},
};

impl Syncing {
    /// Whether every peer whose chain is so long has another block there, and there is one.
    pub(crate) fn all_lack(&self, named: BlockId) -> bool {
        let reach = self
            .peers
            .values()
            .filter(|peer| peer.says(|status| status.tip.height >= named.height));
        let mut lack = reach.map(|peer| peer.lacks_named).peekable();
        lack.peek().is_some() && lack.all(|it| it)
    }

    /// Asks for what is missing of the way to the named block. Says whether blocks have to wait for it.
    pub(crate) fn seek_named(&mut self, cx: &mut Context, chain: &mut Chain) -> bool {
        let now = cx.now.mono_ms;
        let Some((named, from)) = chain.named_to_seek() else {
            return false;
        };
        let is_search = |it: &InFlight| matches!(it.purpose, Purpose::Checkpoint);
        if self.requests.open().any(is_search) {
            return true;
        }
        let may = self.peers.iter().filter(|(id, peer)| {
            peer.says(|status| status.tip.height >= named.height)
                && peer.bodies.may_be_asked(now)
                && self.may_request(cx, id)
        });
        let first = may.min_by_key(|(id, peer)| {
            let is_other = from != Some(*id);
            (is_other, peer.bodies.count, peer.turn, *id)
        });
        let Some(peer) = first.map(|(id, _)| id.clone()) else {
            return true;
        };
        let locator = vec![chain.seek_named_of(cx, &peer)];
        let limit = u32::try_from(MAX_HEADERS).unwrap_or(u32::MAX);
        self.request(
            cx,
            &peer,
            Purpose::Checkpoint,
            Request::Headers { locator, limit },
        );
        self.took_turn(&peer);
        true
    }

    /// An answer to what [`Self::seek_named`] asked.
    pub(crate) fn on_named(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        peer: &PeerId,
        headers: &[Header],
    ) -> Result<(), CoreError> {
        let way = chain.on_named(cx, peer, headers)?;
        if way != NamedWay::Open {
            self.gave_nothing(cx, peer);
        }
        if way == NamedWay::Elsewhere
            && let Some(known) = self.peers.get_mut(peer)
        {
            known.lacks_named = true;
        }
        Ok(())
    }
}
