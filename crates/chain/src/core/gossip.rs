//! Gossip messages and the requests that only the core can answer.

use bolao_ledger::{Block, BlockHash, Reason, Transaction, decode};

use super::Core;
use crate::{
    core::blocks::Refused,
    error::{CoreError, is_provable},
    io::{Accepted, Cause, Output, PeerId, Rejection, Topic, Verdict},
    serve::{ServeLimits, serve},
    wire::{Request, Response},
};

impl Core {
    pub(super) fn on_gossip(
        &mut self,
        peer: &PeerId,
        token: u64,
        topic: Topic,
        bytes: &[u8],
    ) -> Result<(), CoreError> {
        let judged = match topic {
            Topic::Transactions => self.judge_transaction(peer, bytes)?,
            Topic::Blocks => self.judge_block(peer, bytes)?,
        };
        let (verdict, blame) = match judged {
            Ok(verdict) => (verdict, None),
            // Until we have caught up, our own view is what may be wrong.
            Err(_) if self.is_syncing() => (Verdict::Ignore, None),
            Err(rejection) => (Verdict::Reject, Some(rejection)),
        };
        self.out.push(Output::Verdict { token, verdict });
        if let Some(rejection) = blame {
            self.blame(peer, rejection);
        }
        Ok(())
    }

    /// What to do with the message; an error is the sender's fault.
    fn judge_transaction(
        &mut self,
        peer: &PeerId,
        bytes: &[u8],
    ) -> Result<Result<Verdict, Rejection>, CoreError> {
        let max = self.genesis.limits.transaction_bytes_max();
        if bytes.len() > max {
            let message = format!("got {} bytes, wanted at most {max}", bytes.len());
            return Ok(Err(Rejection::new(Reason::TxTooLarge, message)));
        }
        let transaction = match decode::<Transaction>(bytes) {
            Ok(transaction) => transaction,
            Err(error) => return Ok(Err(Rejection::new(error.reason(), error))),
        };
        let witness = transaction.witness_id();
        let id = transaction.id();
        let mut results = self.accept_transactions([(0, transaction)], Some(peer))?;
        Ok(match results.pop().map(|(_, result)| result) {
            Some(Ok(_)) => Ok(Verdict::Accept),
            // A push may have come before the gossip, which others still wait for.
            Some(Err(rejection)) if rejection.reason == Reason::AlreadyKnown => Ok(self
                .mempool
                .get(&id)
                .filter(|known| known.get().witness_id() == witness)
                .map_or(Verdict::Ignore, |_| Verdict::Accept)),
            Some(Err(rejection)) if is_provable(rejection.reason) => Err(rejection),
            Some(Err(_)) | None => Ok(Verdict::Ignore),
        })
    }

    fn judge_block(
        &mut self,
        peer: &PeerId,
        bytes: &[u8],
    ) -> Result<Result<Verdict, Rejection>, CoreError> {
        let max = self.genesis.limits.block_bytes_max();
        if bytes.len() > max {
            let message = format!("got {} bytes, wanted at most {max}", bytes.len());
            return Ok(Err(Rejection::new(Reason::BlockTooLarge, message)));
        }
        let block = match decode::<Block>(bytes) {
            Ok(block) => block,
            Err(error) => return Ok(Err(Rejection::new(error.reason(), error))),
        };
        let hash = block.hash();
        Ok(match self.accept_block(block, Cause::Gossip)? {
            Ok(Accepted::Block { tip: true, .. }) => Ok(Verdict::Accept),
            // Nobody has applied a block of another branch: whoever is given it could only blame the giver.
            Ok(_) => Ok(Verdict::Ignore),
            Err(Refused {
                blame: true,
                rejection,
            }) => Err(rejection),
            Err(Refused { rejection, .. }) => match rejection.reason {
                Reason::AlreadyKnown if self.is_applied(&hash, bytes)? => Ok(Verdict::Accept),
                Reason::UnknownParent => {
                    self.ask_status(peer, true);
                    Ok(Verdict::Ignore)
                }
                _ => Ok(Verdict::Ignore),
            },
        })
    }

    /// Whether this very block is in the main chain.
    fn is_applied(&self, hash: &BlockHash, bytes: &[u8]) -> Result<bool, CoreError> {
        let snapshot = self.snapshot()?;
        let Some(record) = snapshot.header(hash)? else {
            return Ok(false);
        };
        Ok(snapshot.is_main(&record)? && snapshot.block_bytes(hash)?.as_deref() == Some(bytes))
    }

    pub(super) fn on_request(
        &mut self,
        peer: &PeerId,
        token: u64,
        request: Request,
    ) -> Result<(), CoreError> {
        match request {
            Request::Status(status) => {
                let response = Response::Status(self.status());
                self.out.push(Output::Respond { token, response });
                self.on_status(peer, status);
            }
            Request::PushTransactions(transactions) => {
                let fair = self.take_transactions(peer, transactions, true)?;
                let response = if fair {
                    Response::Ack
                } else {
                    Response::Refused
                };
                self.out.push(Output::Respond { token, response });
            }
            Request::PushBlock(block) => self.on_pushed_block(peer, token, *block)?,
            other => {
                let response = serve(&self.snapshot()?, &other, ServeLimits::default())?;
                self.out.push(Output::Respond { token, response });
            }
        }
        Ok(())
    }

    fn on_pushed_block(
        &mut self,
        peer: &PeerId,
        token: u64,
        block: Block,
    ) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(block, Cause::Pushed)?;
        let refused = match result {
            Ok(Accepted::Block { tip: true, .. }) => {
                self.out.push(Output::Publish {
                    topic: Topic::Blocks,
                    bytes,
                });
                None
            }
            Ok(_) => None,
            Err(refused) => Some(refused),
        };
        let known = refused
            .as_ref()
            .is_none_or(|refused| refused.rejection.reason == Reason::AlreadyKnown);
        let response = if known {
            Response::Ack
        } else {
            Response::Refused
        };
        self.out.push(Output::Respond { token, response });
        match refused {
            Some(Refused {
                blame: true,
                rejection,
            }) if !self.is_syncing() => self.blame(peer, rejection),
            Some(refused) if refused.rejection.reason == Reason::UnknownParent => {
                self.ask_status(peer, true);
            }
            _ => {}
        }
        Ok(())
    }
}
