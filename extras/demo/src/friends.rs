//! The friends: keys of their own, and what they sign and send to whichever node is near.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, bail};
use bolao_api::body::NonceBody;
use bolao_client::{ApiError, Client};
use bolao_ledger::{
    AccountId, Action, Chips, Fixture, Invitation, MatchNo, Name, Nonce, OpenBet, Opening, Outcome,
    PoolId, Prediction, Reason, Score, TxBody, actions,
};
use bolao_wallet::{Draft, HeldTicket, Key, KeyIndex, Keyring, Phrase};
use tokio::time::sleep;

/// The number of times that somebody signs anew: their own node was quicker with the same nonce, or the block that passes a
/// kick-off is late.
const TRIES: usize = 50;
/// From one try to the next.
const PAUSE: Duration = Duration::from_millis(200);

/// Somebody who plays.
#[derive(Debug)]
pub(crate) struct Friend {
    pub(crate) name: &'static str,
    /// Whether a node of their own opens their tips.
    pub(crate) has_node: bool,
    key: Key,
    pool: PoolId,
    next: Nonce,
    /// The last seal on each match: the score, and the nonce that its salt is made from.
    sealed: BTreeMap<MatchNo, (Prediction, Nonce)>,
}

impl Friend {
    /// The owner of a node, who has not joined yet.
    pub(crate) fn owner(name: &'static str, key: Key, pool: PoolId) -> Self {
        Self {
            name,
            has_node: true,
            key,
            pool,
            next: Nonce::ZERO,
            sealed: BTreeMap::new(),
        }
    }

    /// Somebody without a node: a wallet is all it takes.
    pub(crate) fn guest(name: &'static str, pool: PoolId) -> anyhow::Result<Self> {
        let phrase = Phrase::generate().context("cannot make a wallet")?;
        let key = Keyring::new(&phrase).key(KeyIndex::PLAYER);
        Ok(Self {
            has_node: false,
            ..Self::owner(name, key, pool)
        })
    }

    pub(crate) fn account(&self) -> AccountId {
        self.key.account()
    }

    /// Gives the invitation that a ticket's holder shows to join; it fits this account alone.
    pub(crate) fn admitted(&self, ticket: &HeldTicket) -> Invitation {
        ticket.admit(self.pool, &self.account())
    }

    /// Enters the pool; organisers need no invitation.
    pub(crate) async fn join(
        &mut self,
        node: &Client,
        invitation: Option<Invitation>,
    ) -> anyhow::Result<()> {
        let (name, invitation) = (Name::new(self.name)?, invitation.map(Box::new));
        self.act(node, Action::Join(actions::Join { name, invitation }))
            .await
    }

    /// Signs an action and sends it.
    pub(crate) async fn act(&mut self, node: &Client, action: Action) -> anyhow::Result<()> {
        let sent = self.submit(node, |draft, _| draft.body(action.clone()));
        sent.await.map(drop)
    }

    /// Places or replaces sealed tips.
    pub(crate) async fn seal(&mut self, node: &Client, tips: &[OpenBet]) -> anyhow::Result<()> {
        let pool = self.pool;
        let nonce = self
            .submit(node, |draft, key| draft.seal_bets(key, pool, tips))
            .await?;
        for tip in tips {
            self.sealed.insert(tip.match_no, (tip.prediction, nonce));
        }
        Ok(())
    }

    /// Whether a bet on a match was sealed.
    pub(crate) fn has_sealed(&self, no: MatchNo) -> bool {
        self.sealed.contains_key(&no)
    }

    /// Opens what was sealed on these matches.
    pub(crate) async fn open(&mut self, node: &Client, matches: &[MatchNo]) -> anyhow::Result<()> {
        let openings: Vec<Opening> = matches
            .iter()
            .filter_map(|no| {
                let (prediction, nonce) = self.sealed.get(no)?;
                Some(Opening {
                    match_no: *no,
                    prediction: *prediction,
                    salt: self.key.salt(self.pool, *no, *nonce),
                })
            })
            .collect();
        self.act(node, Action::Open(actions::Open { openings }))
            .await
    }

    /// Schedules matches, as an organiser.
    pub(crate) async fn schedule(
        &mut self,
        node: &Client,
        fixtures: &[Fixture],
    ) -> anyhow::Result<()> {
        for fixture in fixtures {
            let fixture = fixture.clone();
            self.act(node, Action::Schedule(actions::Schedule { fixture }))
                .await?;
        }
        Ok(())
    }

    /// Takes the next nonce from the node again, after transactions with later ones were dropped. All nodes must have the same last
    /// block.
    pub(crate) fn forget_dropped(&mut self) {
        self.next = Nonce::ZERO;
    }

    /// Signs what became of a match, as an organiser.
    pub(crate) async fn record(
        &mut self,
        node: &Client,
        match_no: MatchNo,
        outcome: &Outcome,
    ) -> anyhow::Result<()> {
        let outcome = outcome.clone();
        self.act(node, Action::Result(actions::Result { match_no, outcome }))
            .await
    }

    /// Signs and sends; gives the nonce. It is used up only if the node takes the transaction.
    async fn submit(
        &mut self,
        node: &Client,
        body: impl Fn(&mut Draft, &Key) -> TxBody,
    ) -> anyhow::Result<Nonce> {
        let account = self.account();
        let path = format!("/api/v1/accounts/{account}/nonce");
        let mut tries = 0;
        loop {
            tries += 1;
            let known: NonceBody = node.read(&path).await?;
            let nonce = Nonce(known.next_nonce).max(self.next);
            let mut draft = Draft::new(account, nonce);
            let transaction = self.key.sign(self.pool, body(&mut draft, &self.key));
            match node.submit(&transaction).await {
                Ok(_) => {
                    self.next = draft.next_nonce();
                    return Ok(nonce);
                }
                Err(error) if tries < TRIES && is_overtaken(&error) => sleep(PAUSE).await,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether a nonce was taken meanwhile, or the block that passes a kick-off has not come yet.
fn is_overtaken(error: &anyhow::Error) -> bool {
    let passing = [
        Reason::BadNonce,
        Reason::NoncePending,
        Reason::OpeningTooEarly,
    ];
    ApiError::is_any(error, &passing)
}

/// The node's words if it refused something for the reason with this code.
pub(crate) fn refusal(result: anyhow::Result<()>, reason: Reason) -> anyhow::Result<String> {
    let code = reason.code();
    match result {
        Ok(()) => bail!("the node took what it should refuse as {code}"),
        Err(error) => match error.downcast_ref::<ApiError>() {
            Some(refused) if refused.code.as_deref() == Some(code) => Ok(refused.detail.clone()),
            _ => Err(error.context(format!("wanted a refusal as {code}"))),
        },
    }
}

/// A bet with a stake.
pub(crate) fn tip(no: MatchNo, score: &str, stake: u64) -> anyhow::Result<OpenBet> {
    Ok(OpenBet {
        match_no: no,
        prediction: score.parse::<Score>()?.into(),
        stake: Chips(stake),
    })
}
