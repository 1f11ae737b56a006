//! Wishes of the node's own, carried out with the wallet's keys.

use bolao_acting::{Acting, Fact, Part, Refusal, Step, Wish};
use bolao_api::NodeError;
use bolao_chain::{Proposal, Rejection, rehearse};
use bolao_ledger::{AccountId, MatchNo, Nonce, Reason, TxId};
use bolao_store::StoreError;
use bolao_wallet::{Draft, Key};

use crate::{
    clock::now,
    reading::read,
    sign::signing::{SignError, Signer},
};

/// The outcome of a wish.
#[derive(Debug)]
pub(crate) struct Fulfilled {
    /// The transactions that were taken.
    pub(crate) ids: Vec<TxId>,
    /// The matches whose bets or openings are left out.
    pub(crate) left_out: Vec<MatchNo>,
}

impl Signer {
    /// Carries out a wish from a nonce on, or gives the refusal. Since the caller holds the wallet, nothing is waited for.
    pub(crate) async fn fulfil(
        &self,
        key: &Key,
        nonce: Nonce,
        wish: Wish,
    ) -> Result<Fulfilled, SignError> {
        let mut acting = Acting::<Rejection>::new(self.reader().genesis(), wish).at(nonce);
        let (mut ids, mut fact) = (Vec::new(), Fact::Start);
        loop {
            fact = match acting.next(fact) {
                Step::Done => {
                    let left_out = acting.left_out().iter().map(|(no, _)| *no).collect();
                    return Ok(Fulfilled { ids, left_out });
                }
                Step::Refused { refusal, .. } => return Err(refusal.error.into()),
                Step::Try { parts, alone } => {
                    Fact::Verdicts(self.verdicts(key, parts, alone).await?)
                }
                Step::Send { part, nonce } => self.send(key, &part, nonce, &mut ids).await?,
                Step::Nonce | Step::Pause { .. } | Step::Lost => {
                    return Err(NodeError::Stopped.into());
                }
            };
        }
    }

    async fn send(
        &self,
        key: &Key,
        part: &Part,
        nonce: Nonce,
        ids: &mut Vec<TxId>,
    ) -> Result<Fact<Rejection>, SignError> {
        let mut draft = Draft::new(key.account(), nonce);
        let Some(body) = part.draft(&mut draft, key, self.reader().genesis()) else {
            return Ok(Fact::Refused(refusal(not_joined(key.account()))));
        };
        match self.submit(key.sign(self.pool(), body)).await {
            Ok(id) => {
                ids.push(id);
                Ok(Fact::Taken)
            }
            Err(SignError::Node(NodeError::Rejected(rejection))) => {
                Ok(Fact::Refused(refusal(rejection)))
            }
            Err(error) => Err(error),
        }
    }

    async fn verdicts(
        &self,
        key: &Key,
        parts: Vec<Part>,
        alone: bool,
    ) -> Result<Vec<Result<(), Refusal<Rejection>>>, SignError> {
        let account = key.account();
        if parts.contains(&Part::Join) {
            return Ok(vec![Err(refusal(not_joined(account)))]);
        }
        let (key, reader) = (key.clone(), self.reader().clone());
        let verdicts = read(self.reader(), move |snapshot| {
            let genesis = reader.genesis();
            let action = |part: &Part| {
                let mut draft = Draft::new(account, Nonce::ZERO);
                Some(part.draft(&mut draft, &key, genesis)?.action)
            };
            let unsigned = |action| Proposal::Unsigned {
                account,
                nonce: None,
                action,
                alone,
            };
            let proposals = parts.iter().filter_map(action).map(unsigned).collect();
            let now = now().unix;
            rehearse(
                snapshot,
                genesis,
                now,
                proposals,
                || Ok(()),
                |it| Ok::<_, StoreError>(it.verdict.map(drop).map_err(refusal)),
            )
        });
        Ok(verdicts.await.ok_or(NodeError::Stopped)?)
    }
}

fn refusal(rejection: Rejection) -> Refusal<Rejection> {
    Refusal {
        reason: Some(rejection.reason),
        error: rejection,
    }
}

/// The node joins by itself, under the name that its player chose.
fn not_joined(account: AccountId) -> Rejection {
    Rejection {
        reason: Reason::UnknownAccount,
        message: format!("the account {account} has not joined the pool"),
    }
}
