//! What is taken of what players and peers give.

use std::collections::BTreeMap;

use bolao_ledger::{BettingClosed, OwnClock, Reason, StateView as _, ValidatorKey};
use bolao_openings::{Deal, DealError, Kept, NotKept, SealId};
use bolao_store::{KeptRoom, Snapshot, StoreError};

use crate::{
    chain::Chain,
    context::Context,
    error::{CoreError, is_provable},
    io::{Accepted, Output, PeerId, Rejection},
    keeping::{Keeping, Seals, add_own, betting_closed},
    wire::Response,
};

/// For each item of the pool an account may have so many deals: one of the seal that stands, one of that which is to replace it.
const DEALS_AN_ITEM: u64 = 2;
/// Of all the room the part that deals of those who have not joined yet may fill.
const NEWCOMERS_PART: u64 = 4;
/// For how long a deal that took another's place within its round keeps it, in milliseconds: each costs every node a write, and
/// its player can make any number, each with a lesser id.
const KEEPS_PLACE_MS: u64 = 60_000;

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
    /// Whether nothing was kept of this seal before.
    first: bool,
    /// Whether it takes the place of another deal of the same round.
    replaces: bool,
}

type Changed = BTreeMap<SealId, News>;

/// The judge of what is given, with all that does not change while one input is handled.
struct Judge<'a> {
    keeping: &'a Keeping,
    cx: &'a Context,
    snapshot: &'a Snapshot,
    seals: Seals<'a>,
    room: &'a KeptRoom,
    begun: BettingClosed,
    validators: Vec<ValidatorKey>,
}

impl Keeping {
    /// Takes what a player deals: all of it, or nothing.
    pub(crate) fn on_deals(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        clock: OwnClock,
        token: u64,
        deals: Vec<Deal>,
    ) -> Result<(), CoreError> {
        let given: Vec<Kept> = deals.into_iter().map(Kept::from).collect();
        let count = given.len();
        let result = self.take_kept(cx, chain, clock, given, None)?;
        let result = result.map(|_| Accepted::Deals { count });
        cx.out.push(Output::Reply { token, result });
        Ok(())
    }

    /// Takes the openings that a peer passes on; an error is its fault.
    pub(crate) fn on_pushed_openings(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        clock: OwnClock,
        peer: &PeerId,
        token: u64,
        given: Vec<Kept>,
    ) -> Result<Result<(), Rejection>, CoreError> {
        let taken = self.take_kept(cx, chain, clock, given, Some(peer))?;
        let response = if taken.is_ok() {
            Response::Ack
        } else {
            Response::Refused
        };
        cx.out.push(Output::Respond { token, response });
        // The seal itself may be on its way.
        if taken == Ok(All::NotYet) {
            self.compare_soon_with(cx, peer);
        }
        Ok(taken.map(drop))
    }

    /// Takes what is good and new. Of a player's the first that is not good is the error, and nothing is taken; of a peer's only
    /// what no honest node has: what is not for now here may be elsewhere.
    pub(super) fn take_kept(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        clock: OwnClock,
        given: Vec<Kept>,
        from: Option<&PeerId>,
    ) -> Result<Result<All, Rejection>, CoreError> {
        if !cx.genesis.has_keepers() {
            let message = "this pool has no keepers: only validators of a pool whose sealed bets anyone may open can \
                be keepers; open your bets yourself within the opening window";
            let refused = Rejection::new(Reason::UnknownAction, message);
            return Ok(if from.is_none() {
                Err(refused)
            } else {
                Ok(All::Taken)
            });
        }
        let snapshot = chain.snapshot()?;
        let room = match self.room.take() {
            Some(room) => room,
            None => snapshot.kept_room()?,
        };
        let validators = snapshot.validators_after(chain.tip().height)?;
        let judge = Judge {
            begun: betting_closed(&snapshot, &cx.genesis, clock)?,
            validators: validators.into_iter().map(|it| it.key).collect(),
            seals: Seals::new(&snapshot, &cx.genesis),
            keeping: self,
            cx,
            snapshot: &snapshot,
            room: &room,
        };
        let judged = judge.judge_all(given, from);
        self.room = Some(room);
        let (changed, all) = match judged? {
            Ok(judged) => judged,
            Err(rejection) => return Ok(Err(rejection)),
        };
        if !changed.is_empty() {
            self.look_at_openings_soon(cx);
        }
        let keeps_place = cx.now.mono_ms.saturating_add(KEEPS_PLACE_MS);
        for (seal, _) in changed.iter().filter(|(_, news)| news.replaces) {
            self.replaced.insert(*seal, keeps_place);
        }
        let (own, others) = changed.into_values().partition(|news| news.own);
        let kept = |news: Vec<News>| news.into_iter().map(|news| news.kept).collect();
        // Whoever gave it lacks what this node added.
        self.keep(cx, chain, kept(own), None)?;
        self.keep(cx, chain, kept(others), from)?;
        Ok(Ok(all))
    }
}

impl Judge<'_> {
    /// Judges what was given: gives what of it is new, and whether all could be taken that was given.
    fn judge_all(
        mut self,
        given: Vec<Kept>,
        from: Option<&PeerId>,
    ) -> Result<Result<(Changed, All), Rejection>, StoreError> {
        let (mut changed, mut all) = (Changed::new(), All::Taken);
        for kept in given {
            let seal = kept.seal();
            match self.judge(&changed, kept)? {
                Ok(news) => changed.extend(news.map(|news| (seal, news))),
                Err(rejection) if from.is_none() || is_provable(rejection.reason) => {
                    return Ok(Err(rejection));
                }
                Err(_) => all = All::NotYet,
            }
        }
        Ok(Ok((changed, all)))
    }

    /// Merges what was given with what is kept of its seal, and gives that if it is more than before. `changed` was given in the
    /// same go.
    fn judge(
        &mut self,
        changed: &Changed,
        given: Kept,
    ) -> Result<Result<Option<News>, Rejection>, StoreError> {
        let (cx, seal) = (self.cx, given.seal());
        let earlier = changed.get(&seal);
        let known = match earlier {
            Some(earlier) => Some(earlier.kept.clone()),
            None => self.snapshot.kept(&seal)?,
        };
        let Some(item) = self.snapshot.item(seal.match_no)? else {
            let message = format!("there is no match {}", seal.match_no);
            return Ok(Err(Rejection::new(Reason::UnknownMatch, message)));
        };
        // # Rule H9: a node takes shares, only once the match has started for sure (O8).
        let begun = self.begun.has(&item);
        let first = earlier.map_or(known.is_none(), |earlier| earlier.first);
        let mut replaces = earlier.is_some_and(|earlier| earlier.replaces);
        let (mut kept, mut is_news) = match known {
            Some(known) if known.deal == given.deal => (known, false),
            // One key can sign one thing in many ways; what it did not sign is wrong, though its deal is here.
            Some(known) if known.deal.body == given.deal.body => {
                if let Err(error) = given.deal.check(cx.pool) {
                    return Ok(Err(error.into()));
                }
                (known, false)
            }
            Some(known) if !given.replaces(&known) || self.keeps_place(&known, &given) => {
                let message = format!(
                    "the opening of the bet on match {} was dealt in round {} already: deal in round {}",
                    seal.match_no,
                    known.deal.body.round,
                    known.deal.body.round.saturating_add(1),
                );
                return Ok(Err(Rejection::new(Reason::AlreadyKnown, message)));
            }
            known => {
                if let Err(rejection) = self.check(&seal, &given.deal)? {
                    return Ok(Err(rejection));
                }
                if let Err(rejection) = self.has_room(known.as_ref(), &given, changed)? {
                    return Ok(Err(rejection));
                }
                let round = given.deal.body.round;
                replaces |= known.is_some_and(|known| known.deal.body.round == round);
                (Kept::from(given.deal.clone()), true)
            }
        };
        match kept.merge(cx.pool, given, begun) {
            Ok(more) => is_news |= more,
            Err(error) => return Ok(Err(error.into())),
        }
        let own = add_own(cx, &mut kept, begun) || earlier.is_some_and(|news| news.own);
        Ok(Ok((is_news || own).then_some(News {
            kept,
            own,
            first,
            replaces,
        })))
    }

    /// Whether a deal stays for now although the other one, of the same round, would count.
    fn keeps_place(&self, known: &Kept, given: &Kept) -> bool {
        let until = self.keeping.replaced.get(&known.seal());
        until.is_some_and(|until| *until > self.cx.now.mono_ms)
            && known.deal.body.round == given.deal.body.round
    }

    /// Whether a deal is to be kept. What costs least is looked at first.
    fn check(&mut self, seal: &SealId, deal: &Deal) -> Result<Result<(), Rejection>, StoreError> {
        if !self.seals.may_be_opened(seal)? {
            let message = format!(
                "there is no seal on match {} that this deal could open: send the bet first, and deal before its opening window ends",
                seal.match_no
            );
            return Ok(Err(Rejection::new(Reason::NothingToOpen, message)));
        }
        let stranger = deal.body.handed.iter().map(|handed| handed.keeper);
        let stranger = { stranger }.find(|keeper| !self.validators.contains(keeper));
        if let Some(keeper) = stranger {
            let message = format!(
                "{keeper} is not a validator's key now: ask for the validators and deal again"
            );
            return Ok(Err(Rejection::new(Reason::UnknownValidator, message)));
        }
        Ok(deal.check(self.cx.pool).map_err(Rejection::from))
    }

    /// Whether there is room for a deal in place of what is known of its seal.
    fn has_room(
        &self,
        known: Option<&Kept>,
        given: &Kept,
        changed: &Changed,
    ) -> Result<Result<(), Rejection>, StoreError> {
        let account = given.deal.body.account;
        let full = |message| Ok(Err(Rejection::new(Reason::MempoolFull, message)));
        if known.is_none() {
            let items = self.snapshot.item_count()?;
            let most = items.saturating_mul(DEALS_AN_ITEM);
            let now = changed.iter().filter(|(_, news)| news.first);
            let now = now.filter(|(seal, _)| seal.account == account).count();
            let before = self.room.seals.get(&account).copied().unwrap_or_default();
            if u64::try_from(now).map_or(true, |now| now.saturating_add(before.into()) >= most) {
                return full(format!(
                    "this node keeps {most} openings of the account already, {DEALS_AN_ITEM} for each match: deal again once \
                     blocks have taken its bets"
                ));
            }
        }
        let part = match self.snapshot.account(&account)? {
            Some(_) => 1,
            None => NEWCOMERS_PART,
        };
        let keepers = |kept: &Kept| kept.deal.body.handed.len();
        let is_longer = known.is_none_or(|known| keepers(known) < keepers(given));
        if is_longer && self.room.bytes >= self.cx.config.kept_bytes / part {
            return full(
                "this node keeps as many openings as it can: try another node, or open your bets yourself"
                    .to_owned(),
            );
        }
        Ok(Ok(()))
    }
}
