//! Gossip messages and the requests that only the core can answer.

use bolao_ledger::{Block, BlockHash, Reason, Transaction, decode};

use borsh::BorshDeserialize;

use super::Core;
use crate::{
    core::blocks::BlockRejection,
    error::{CoreError, is_provable},
    io::{Accepted, Cause, Output, PeerId, Rejection, Topic, Verdict},
    serve::{MAX_RESPONSE_BYTES, serve},
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
        let checked = match topic {
            Topic::Transactions => self.check_transaction(peer, bytes)?,
            Topic::Blocks => self.check_block(peer, bytes)?,
        };
        let (verdict, blame) = match checked {
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

    /// Gives the verdict on a gossiped transaction; an error is the sender's fault.
    fn check_transaction(
        &mut self,
        peer: &PeerId,
        bytes: &[u8],
    ) -> Result<Result<Verdict, Rejection>, CoreError> {
        let max = self.genesis.limits.transaction_bytes_max();
        let transaction: Transaction = match read(bytes, max, Reason::TxTooLarge) {
            Ok(transaction) => transaction,
            Err(rejection) => return Ok(Err(rejection)),
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

    fn check_block(
        &mut self,
        peer: &PeerId,
        bytes: &[u8],
    ) -> Result<Result<Verdict, Rejection>, CoreError> {
        let max = self.genesis.limits.block_bytes_max();
        let block: Block = match read(bytes, max, Reason::BlockTooLarge) {
            Ok(block) => block,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let hash = block.hash();
        Ok(match self.accept_block(block, Cause::Gossip)? {
            Ok(Accepted::Block { tip: true, .. }) => Ok(Verdict::Accept),
            // Nobody has applied a block of another branch: whoever is given it could only blame the giver.
            Ok(_) => Ok(Verdict::Ignore),
            Err(BlockRejection {
                blame: true,
                rejection,
            }) => Err(rejection),
            Err(BlockRejection { rejection, .. }) => match rejection.reason {
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
                self.compare_with(peer, &status)?;
                self.on_status(peer, status, None);
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
            Request::PushBlock(block) if !self.genesis.consensus.mines() => {
                let response = Response::Ack;
                self.promises_nothing
                    .push(Output::Respond { token, response });
                self.take_body(*block)?;
            }
            Request::PushBlock(block) => self.on_pushed_block(peer, token, *block)?,
            Request::PushKept(given) => self.on_pushed_openings(peer, token, given)?,
            Request::Votes(votes) => self.on_votes(peer, token, votes)?,
            Request::Told(asked) => self.tell_signed(token, &asked)?,
            other => {
                let response = serve(&self.snapshot()?, &other, MAX_RESPONSE_BYTES)?;
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
        if let Ok(Accepted::Block { tip: true, .. }) = result {
            let topic = Topic::Blocks;
            self.out.push(Output::Publish { topic, bytes });
        }
        let reason = result.as_ref().err().map(|it| it.rejection.reason);
        let response = match reason {
            None | Some(Reason::AlreadyKnown) => Response::Ack,
            Some(_) => Response::Refused,
        };
        self.out.push(Output::Respond { token, response });
        match result {
            Err(BlockRejection {
                blame: true,
                rejection,
            }) if !self.is_syncing() => self.blame(peer, rejection),
            Err(_) if reason == Some(Reason::UnknownParent) => self.ask_status(peer, true),
            _ => {}
        }
        Ok(())
    }
}

/// Decodes a message of at most so many bytes.
fn read<T: BorshDeserialize>(bytes: &[u8], max: usize, too_long: Reason) -> Result<T, Rejection> {
    if bytes.len() > max {
        let message = format!("got {} bytes, wanted at most {max}", bytes.len());
        return Err(Rejection::new(too_long, message));
    }
    Ok(decode(bytes)?)
}
