//! What users and peers give unasked: transactions, blocks, gossip, and requests, of which some only the core can answer.

use bolao_ledger::{Block, Reason, Transaction, TxId, decode};
use bolao_openings::Kept;
use borsh::BorshDeserialize;

use crate::{
    chain::{BlockRejection, Chain, accepted},
    context::Context,
    core::Core,
    error::{CoreError, is_provable},
    io::{Accepted, Cause, Item, Output, PeerId, Rejection, Submission, Topic, Verdict},
    serve::{MAX_RESPONSE_BYTES, serve},
    sync::Syncing,
    wire::{Request, Response, Status},
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
            Topic::Transactions => check_transaction(&mut self.cx, &mut self.chain, peer, bytes)?,
            Topic::Blocks => self.check_block(peer, bytes)?,
        };
        let Self { cx, sync, .. } = self;
        let (verdict, blame) = match checked {
            Ok(verdict) => (verdict, None),
            // Until we have caught up, our own view is what may be wrong.
            Err(_) if sync.is_syncing(cx) => (Verdict::Ignore, None),
            Err(rejection) => (Verdict::Reject, Some(rejection)),
        };
        cx.out.push(Output::Verdict { token, verdict });
        if let Some(rejection) = blame {
            sync.blame(cx, peer, rejection);
        }
        Ok(())
    }

    pub(super) fn on_request(
        &mut self,
        peer: &PeerId,
        token: u64,
        request: Request,
    ) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes,
            ..
        } = self;
        let response = match request {
            Request::Status(status) => {
                let response = Response::Status(chain.status(cx));
                cx.out.push(Output::Respond { token, response });
                if !status.is_blank() {
                    self.on_status(peer, status, None)?;
                }
                return Ok(());
            }
            Request::PushTransactions(transactions) => {
                let new = take_transactions(cx, chain, sync, peer, transactions, true)?;
                new.map_or(Response::Refused, |_| Response::Ack)
            }
            Request::PushBlock(block) if cx.kind.is_certified() => {
                let response = Response::Ack;
                let answer = Output::Respond { token, response };
                cx.out.push_last(answer);
                return self.take_body(peer, *block);
            }
            Request::PushBlock(block) => return self.on_pushed_block(peer, token, *block),
            Request::PushKept(given) => return self.on_pushed_openings(peer, token, given),
            Request::Votes(given) if votes.is_some() => return self.on_votes(peer, token, given),
            Request::Votes(_) => Response::Refused,
            Request::Told(asked) => {
                let told = match votes {
                    Some(votes) => votes.tell_signed(cx, chain, &asked)?,
                    None => None,
                };
                let response = told.map_or(Response::Refused, Response::Told);
                let answer = Output::Respond { token, response };
                cx.out.push_last(answer);
                return Ok(());
            }
            other => serve(&chain.snapshot()?, &other, MAX_RESPONSE_BYTES)?,
        };
        cx.out.push(Output::Respond { token, response });
        Ok(())
    }

    /// Takes where a peer stands; `asked_ms` is when it was asked, if it answers.
    pub(super) fn on_status(
        &mut self,
        peer: &PeerId,
        status: Status,
        asked_ms: Option<u64>,
    ) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes,
            ..
        } = self;
        if let Some(votes) = votes {
            votes.compare_with(cx, chain, sync, peer, &status)?;
        }
        sync.on_status(cx, chain, peer, status, asked_ms);
        Ok(())
    }

    fn on_pushed_openings(
        &mut self,
        peer: &PeerId,
        token: u64,
        given: Vec<Kept>,
    ) -> Result<(), CoreError> {
        let clock = self.own_clock();
        let Self {
            cx,
            chain,
            sync,
            keeping,
            ..
        } = self;
        let taken = keeping.on_pushed_openings(cx, chain, clock, peer, token, given)?;
        if let Err(rejection) = taken {
            sync.blame(cx, peer, rejection);
        }
        Ok(())
    }

    fn check_block(
        &mut self,
        peer: &PeerId,
        bytes: &[u8],
    ) -> Result<Result<Verdict, Rejection>, CoreError> {
        let max = self.cx.genesis.limits.block_bytes_max();
        let block: Block = match read(bytes, max, Reason::BlockTooLarge) {
            Ok(block) => block,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let hash = block.hash();
        let accepted = self.accept_block(block, Cause::Gossip)?;
        let Self {
            cx, chain, sync, ..
        } = self;
        Ok(match accepted {
            Ok(Accepted::Block { tip: true, .. }) => Ok(Verdict::Accept),
            // Nobody has applied a block of another branch: whoever is given it could only blame the giver.
            Ok(_) => Ok(Verdict::Ignore),
            Err(BlockRejection {
                blame: true,
                rejection,
            }) => Err(rejection),
            Err(BlockRejection { rejection, .. }) => match rejection.reason {
                Reason::AlreadyKnown if chain.is_applied(&hash, bytes)? => Ok(Verdict::Accept),
                Reason::UnknownParent => {
                    sync.ask_status(cx, peer, true);
                    Ok(Verdict::Ignore)
                }
                _ => Ok(Verdict::Ignore),
            },
        })
    }

    fn on_pushed_block(
        &mut self,
        peer: &PeerId,
        token: u64,
        block: Block,
    ) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(block, Cause::Pushed)?;
        let Self { cx, sync, .. } = self;
        if let Ok(Accepted::Block { tip: true, .. }) = result {
            let topic = Topic::Blocks;
            cx.out.push(Output::Publish { topic, bytes });
        }
        let reason = result.as_ref().err().map(|it| it.rejection.reason);
        let response = match reason {
            None | Some(Reason::AlreadyKnown) => Response::Ack,
            Some(_) => Response::Refused,
        };
        cx.out.push(Output::Respond { token, response });
        match result {
            Err(BlockRejection {
                blame: true,
                rejection,
            }) if !sync.is_syncing(cx) => sync.blame(cx, peer, rejection),
            Err(_) if reason == Some(Reason::UnknownParent) => sync.ask_status(cx, peer, true),
            _ => {}
        }
        Ok(())
    }
}

/// Takes what local users submit.
pub(super) fn on_submit(
    cx: &mut Context,
    chain: &mut Chain,
    sync: &mut Syncing,
    submissions: Vec<Submission>,
) -> Result<(), CoreError> {
    let submissions = submissions.into_iter().map(|it| (it.token, it.transaction));
    let results = chain.accept_transactions(cx, submissions, None)?;
    let accepted = accepted(&results);
    let replies = results.into_iter();
    cx.out
        .extend(replies.map(|(token, result)| Output::Reply { token, result }));
    for id in accepted {
        chain.publish_transaction(cx, &id);
        sync.push(cx, Item::Transaction(id));
    }
    Ok(())
}

/// Gives the verdict on a gossiped transaction; an error is the sender's fault.
fn check_transaction(
    cx: &mut Context,
    chain: &mut Chain,
    peer: &PeerId,
    bytes: &[u8],
) -> Result<Result<Verdict, Rejection>, CoreError> {
    let max = cx.genesis.limits.transaction_bytes_max();
    let transaction: Transaction = match read(bytes, max, Reason::TxTooLarge) {
        Ok(transaction) => transaction,
        Err(rejection) => return Ok(Err(rejection)),
    };
    let witness = transaction.witness_id();
    let id = transaction.id();
    let mut results = chain.accept_transactions(cx, [(0, transaction)], Some(peer))?;
    Ok(match results.pop().map(|(_, result)| result) {
        Some(Ok(_)) => Ok(Verdict::Accept),
        // A push may have come before the gossip, which others still wait for.
        Some(Err(rejection)) if rejection.reason == Reason::AlreadyKnown => Ok(chain
            .mempool()
            .get(&id)
            .filter(|known| known.get().witness_id() == witness)
            .map_or(Verdict::Ignore, |_| Verdict::Accept)),
        Some(Err(rejection)) if is_provable(rejection.reason) => Err(rejection),
        Some(Err(_)) | None => Ok(Verdict::Ignore),
    })
}

/// Takes transactions that a peer sent; gives those that are new, if it keeps to the protocol.
pub(super) fn take_transactions(
    cx: &mut Context,
    chain: &mut Chain,
    sync: &mut Syncing,
    peer: &PeerId,
    transactions: Vec<Transaction>,
    publish: bool,
) -> Result<Option<Vec<TxId>>, CoreError> {
    let transactions = transactions.into_iter().map(|transaction| (0, transaction));
    let results = chain.accept_transactions(cx, transactions, Some(peer))?;
    let new = accepted(&results);
    if publish {
        for id in &new {
            chain.publish_transaction(cx, id);
        }
    }
    let refusals = results.into_iter().filter_map(|(_, result)| result.err());
    let at_fault = { refusals }.find(|refusal| is_provable(refusal.reason));
    if let Some(rejection) = at_fault {
        sync.blame(cx, peer, rejection);
        return Ok(None);
    }
    Ok(Some(new))
}

/// Decodes a message of at most so many bytes.
fn read<T: BorshDeserialize>(bytes: &[u8], max: usize, too_long: Reason) -> Result<T, Rejection> {
    if bytes.len() > max {
        let message = format!("got {} bytes, wanted at most {max}", bytes.len());
        return Err(Rejection::new(too_long, message));
    }
    Ok(decode(bytes)?)
}
