//! What is taken of what players and peers give.

use std::collections::BTreeMap;

use bolao_ledger::{Reason, StateView as _, UnixSeconds, ValidatorKey, encode, table::Matches};
use bolao_openings::{Deal, DealError, Kept, NotKept, SealId};
use bolao_store::{Snapshot, StoreError};

use crate::{
    core::Core,
    error::{CoreError, is_provable},
    io::{Accepted, Output, PeerId, Rejection},
    wire::Response,
};

/// The most bytes of what is kept, as far as all deals are as long as the one in question.
const MAX_KEPT_BYTES: u64 = 64 << 20;

impl From<DealError> for Rejection {
    fn from(error: DealError) -> Self {
        let reason = match error {
            DealError::Signature => Reason::BadSignature,
            _ => Reason::BadEncoding,
        };
        Self::new(reason, error)
    }
}

impl From<NotKept> for Rejection {
    fn from(error: NotKept) -> Self {
        Self::new(Reason::BadSignature, error)
    }
}

/// Whether all was taken that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum All {
    Taken,
    /// Some of it may be taken later.
    NotYet,
}

/// More than was kept before.
struct News {
    kept: Kept,
    /// Whether this node added to it.
    own: bool,
}

/// What does not change while one input is handled.
struct Judge<'a> {
    core: &'a Core,
    snapshot: Snapshot,
    begun_until: UnixSeconds,
    validators: Vec<ValidatorKey>,
}

impl Core {
    /// What a player deals: all of it is taken, or nothing.
    pub(crate) fn on_deals(&mut self, token: u64, deals: Vec<Deal>) -> Result<(), CoreError> {
        let given: Vec<Kept> = deals.into_iter().map(Kept::from).collect();
        let count = given.len();
        let result = self.take_kept(given, None)?;
        let result = result.map(|_| Accepted::Deals { count });
        self.out.push(Output::Reply { token, result });
        Ok(())
    }

    /// What a peer passes on.
    pub(crate) fn on_pushed_openings(
        &mut self,
        peer: &PeerId,
        token: u64,
        given: Vec<Kept>,
    ) -> Result<(), CoreError> {
        let taken = self.take_kept(given, Some(peer))?;
        let response = if taken.is_ok() {
            Response::Ack
        } else {
            Response::Refused
        };
        self.out.push(Output::Respond { token, response });
        match taken {
            // The seal itself may be on its way.
            Ok(All::NotYet) => self.compare_openings_with(peer),
            Ok(All::Taken) => {}
            Err(rejection) => self.blame(peer, rejection),
        }
        Ok(())
    }

    /// Takes what is good and new. Of a player's the first that is not good is the error, and nothing is taken; of a peer's only
    /// what no honest node has: what is not for now here may be elsewhere.
    pub(super) fn take_kept(
        &mut self,
        given: Vec<Kept>,
        from: Option<&PeerId>,
    ) -> Result<Result<All, Rejection>, CoreError> {
        if !self.genesis.has_keepers() {
            let message = "this pool has no keepers: they are the validators of a pool of sealed bets that anybody may open; \
                           open your bets yourself within the opening window";
            let refused = Rejection::new(Reason::UnknownAction, message);
            return Ok(if from.is_none() {
                Err(refused)
            } else {
                Ok(All::Taken)
            });
        }
        let snapshot = self.snapshot()?;
        let validators = snapshot.validators_after(self.tip.height)?;
        let judge = Judge {
            begun_until: self.begun_until(&snapshot)?,
            validators: validators.into_iter().map(|it| it.key).collect(),
            core: self,
            snapshot,
        };
        let mut changed: BTreeMap<SealId, News> = BTreeMap::new();
        let mut all = All::Taken;
        for kept in given {
            let seal = kept.seal();
            match judge.judge(changed.get(&seal), kept)? {
                Ok(news) => changed.extend(news.map(|news| (seal, news))),
                Err(rejection) if from.is_none() || is_provable(rejection.reason) => {
                    return Ok(Err(rejection));
                }
                Err(_) => all = All::NotYet,
            }
        }
        self.look_at_openings_soon();
        let (own, others) = changed.into_values().partition(|news| news.own);
        let kept = |news: Vec<News>| news.into_iter().map(|news| news.kept).collect();
        // Whoever gave it lacks what this node added.
        self.keep(kept(own), None)?;
        self.keep(kept(others), from)?;
        Ok(Ok(all))
    }
}

impl Judge<'_> {
    /// What is kept of a seal with what was given besides, if that is more than before. `earlier` was given in the same go.
    fn judge(
        &self,
        earlier: Option<&News>,
        given: Kept,
    ) -> Result<Result<Option<News>, Rejection>, StoreError> {
        let (core, seal) = (self.core, given.seal());
        let known = match earlier {
            Some(earlier) => Some(earlier.kept.clone()),
            None => self.snapshot.kept(&seal)?,
        };
        let Some(game) = self.snapshot.get::<Matches>(&seal.match_no)? else {
            let message = format!("there is no match {}", seal.match_no);
            return Ok(Err(Rejection::new(Reason::UnknownMatch, message)));
        };
        let begun = game.has_begun_at(self.begun_until);
        let (mut kept, mut is_news) = match known {
            Some(known) if known.deal.body == given.deal.body => (known, false),
            Some(known) if !given.replaces(&known) => {
                let message = format!(
                    "the opening of the bet on match {} was dealt in round {} already: deal in round {}",
                    seal.match_no,
                    known.deal.body.round,
                    known.deal.body.round.saturating_add(1),
                );
                return Ok(Err(Rejection::new(Reason::AlreadyKnown, message)));
            }
            _ => {
                if let Err(rejection) = self.check(&seal, &given.deal)? {
                    return Ok(Err(rejection));
                }
                (Kept::from(given.deal.clone()), true)
            }
        };
        match kept.merge(core.pool, given, begun) {
            Ok(more) => is_news |= more,
            Err(error) => return Ok(Err(error.into())),
        }
        let own = core.add_own(&mut kept, begun) || earlier.is_some_and(|news| news.own);
        Ok(Ok((is_news || own).then_some(News { kept, own })))
    }

    /// Whether a deal is to be kept. What costs least is looked at first.
    fn check(&self, seal: &SealId, deal: &Deal) -> Result<Result<(), Rejection>, StoreError> {
        let core = self.core;
        if !core.is_sealed(&self.snapshot, seal)? {
            let message = format!(
                "there is no seal on match {} that this deal could open: send the bet first, and deal before its opening window ends",
                seal.match_no
            );
            return Ok(Err(Rejection::new(Reason::NothingToOpen, message)));
        }
        let stranger = deal.body.handed.iter().map(|handed| handed.keeper);
        let stranger = { stranger }.find(|keeper| !self.validators.contains(keeper));
        if let Some(keeper) = stranger {
            let message =
                format!("{keeper} is no validator's key now: ask for the keepers and deal again");
            return Ok(Err(Rejection::new(Reason::UnknownValidator, message)));
        }
        let bytes = u64::try_from(encode(deal).len()).unwrap_or(u64::MAX);
        if self.snapshot.kept_count()?.saturating_mul(bytes) >= MAX_KEPT_BYTES {
            let message = "this node keeps as many openings as it can: try another node, or open your bets yourself";
            return Ok(Err(Rejection::new(Reason::MempoolFull, message)));
        }
        Ok(deal.check(core.pool).map_err(Rejection::from))
    }
}
