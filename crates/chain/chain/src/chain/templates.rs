//! Making templates for miners.

use bolao_headers::{bits_at, bits_hold_until};
use bolao_ledger::{
    AccountId, BlockContext, Coinbase, EXTRA_NONCE_BYTES, HEADER_BYTES, Header, Ledger,
    MAX_MESSAGE_BYTES, Overlay, StateView as _, Transaction, UnixSeconds, ValidatorsHash, encode,
    merkle_branch, merkle_root,
};
use bolao_work::Job;

use crate::{
    chain::Chain,
    changes::NextChange,
    context::Context,
    error::{ConnectError, CoreError},
    io::{Event, Now},
    template::{Template, coinbase_prefix, header_time},
};

/// The pause between two events that more transactions are ready, in milliseconds: a template costs what all that is ready
/// costs.
const PAUSE_MS: u64 = 1_000;

/// The transactions of a template.
struct Chosen {
    transactions: Vec<Transaction>,
    /// When they would do something else.
    changes_at: Option<UnixSeconds>,
    /// Of the validators after them, where somebody votes.
    validators: Option<ValidatorsHash>,
}

/// Whether miners are to hear of a new template, and when they last did.
#[derive(Debug, Default)]
pub(crate) struct TemplateNews {
    sent_ms: Option<u64>,
    is_stale: bool,
}

impl TemplateNews {
    /// Notes that a template made now would be another one; `at_once` to tell miners without delay.
    pub(crate) fn changed(&mut self, at_once: bool) {
        self.is_stale = true;
        if at_once {
            self.sent_ms = None;
        }
    }

    /// When miners hear of it, if they are to and did a moment ago.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let sent = self.sent_ms.filter(|_| self.is_stale)?;
        Some(sent.saturating_add(PAUSE_MS))
    }

    /// Whether they are to hear now.
    fn take(&mut self, now_ms: u64) -> bool {
        let is_due = self.due_ms().is_none_or(|due| due <= now_ms);
        is_due && std::mem::take(&mut self.is_stale)
    }
}

impl Chain {
    /// Has miners told that a template made now would be another one.
    pub(crate) fn template_changed(&mut self) {
        self.template_news.changed(true);
    }

    /// Sends miners the event, if it is time.
    pub(crate) fn send_stale_template(&mut self, cx: &mut Context) {
        let now_ms = cx.now.mono_ms;
        if self.template_news.take(now_ms) && cx.kind.is_mined() {
            self.template_news.sent_ms = Some(now_ms);
            cx.emit(Event::TemplateStale);
        }
    }

    /// Gives the block that a miner may work on now; a message is cut to what the rules leave of 64 bytes. `wanted`:
    /// even without transactions.
    pub(crate) fn template(
        &self,
        cx: &Context,
        now: Now,
        (miner, message): (AccountId, &[u8]),
        wanted: bool,
    ) -> Result<Template, CoreError> {
        let height = self.tip.height.next();
        let time = now.unix.max(self.median_time);
        let room = [0; MAX_MESSAGE_BYTES].into_iter();
        let words = message.iter().copied();
        let message = room.take(Coinbase::room(&cx.genesis)).chain(words);
        let mut coinbase = Coinbase {
            height,
            miner,
            message: message.take(MAX_MESSAGE_BYTES).collect(),
            extra_nonce: [0; EXTRA_NONCE_BYTES],
        };
        let frame = HEADER_BYTES + encode(&coinbase).len() + 4;
        let Chosen {
            transactions,
            changes_at,
            validators,
        } = self.choose_transactions(cx, BlockContext { height, time }, frame)?;
        if let Some(hash) = validators
            && let Some(place) = coinbase.message.first_chunk_mut()
        {
            *place = hash.0;
        }
        let leaves: Vec<_> = std::iter::once(coinbase.witness_id())
            .chain(transactions.iter().map(Transaction::witness_id))
            .collect();
        let bits = bits_at(&cx.genesis, self.tip.height, self.tip.time, time);
        let eases = bits_hold_until(&cx.genesis, self.tip.height, self.tip.time, time);
        let header = Header {
            version: 1,
            previous: self.tip.hash,
            merkle_root: merkle_root(&leaves),
            time: header_time(time),
            bits: bits.to_consensus(),
            nonce: 0,
        };
        let latest = now.unix.0.saturating_add(cx.genesis.most_ahead_s().into());
        // The last second before the transactions would do something else.
        let last_time = changes_at.map_or(u32::MAX, |at| {
            header_time(UnixSeconds(at.0.saturating_sub(1)))
        });
        // Another time may want another target.
        let last_time = last_time.min(eases.map_or(u32::MAX, header_time));
        let job = Job {
            id: String::new(),
            height: height.0,
            header: header.to_bytes(),
            target: header.target().to_le_bytes(),
            coinbase_prefix: coinbase_prefix(&coinbase),
            merkle_branch: merkle_branch(&leaves, 0),
            min_time: header_time(self.median_time),
            max_time: header_time(UnixSeconds(latest)).min(last_time),
            last_time,
            transactions: u64::try_from(transactions.len()).unwrap_or(u64::MAX),
            wanted: wanted || !transactions.is_empty(),
        };
        Ok(Template {
            job,
            coinbase,
            transactions: transactions.into(),
        })
    }

    /// Chooses the ready transactions that still apply at this time, within the pool's limits; `frame` is the size of the rest of
    /// the block, in bytes.
    fn choose_transactions(
        &self,
        cx: &Context,
        context: BlockContext,
        frame: usize,
    ) -> Result<Chosen, CoreError> {
        let limits = &cx.genesis.limits;
        let ledger = Ledger::of_pool(&cx.genesis, cx.pool);
        let mut overlay = Overlay::new(self.snapshot()?);
        ledger
            .begin_block(&mut overlay, context)
            .or_else(|error| ConnectError::rejection(error).map(drop))?;
        let mut used = frame;
        let mut chosen = Vec::new();
        // # Rule B13: the pool's time may be later than the block's.
        let mut changes = NextChange::after(overlay.totals()?.clock);
        for transaction in self.mempool.ready() {
            if chosen.len() >= limits.transactions_max() {
                break;
            }
            let with = used.saturating_add(transaction.encoded_bytes());
            if with > limits.block_bytes_max() {
                continue;
            }
            let changes_with = changes.with(&cx.genesis, &overlay, transaction.get())?;
            match ledger.apply_transaction(&mut overlay, context, transaction) {
                Ok(_) => {
                    used = with;
                    changes = changes_with;
                    chosen.push(transaction.get().clone());
                }
                // It waits for the next tip, which drops it if it still does not apply.
                Err(error) => drop(ConnectError::rejection(error)?),
            }
        }
        let set = overlay.validator_set_after(context.height)?;
        Ok(Chosen {
            transactions: chosen,
            changes_at: changes.at(),
            validators: set.map(|set| set.hash()),
        })
    }
}
