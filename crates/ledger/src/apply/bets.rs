//! Bets, seals and openings.

use super::{
    RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    action::{NewBet, Opening},
    fixture::MatchNo,
    hashes::TxId,
    rules::BetMode,
    seal::seal_commitment,
    state::{Account, Bet, Bets, BetsByAccount, Cause, Match, MatchSet, Prediction, StateView},
    units::Chips,
};

impl<S: StateView> Run<'_, S> {
    /// Places bets, open or sealed; gives the matches of those that are void.
    pub(super) fn place(
        &mut self,
        id: AccountId,
        account: &mut Account,
        tx: TxId,
        mode: BetMode,
        bets: Vec<NewBet>,
    ) -> Applied<Vec<MatchNo>, S> {
        // # Rule D4: a pool's bets are all open or all sealed.
        match self.genesis.rules.bets {
            wanted if wanted == mode => {}
            BetMode::Open => return Err(RuleError::BetsAreOpen.into()),
            BetMode::Sealed => return Err(RuleError::BetsAreSealed.into()),
        }
        let (min, max) = (self.genesis.rules.stake_min, self.genesis.rules.stake_max);
        let mut changes: Vec<(Option<Bet>, NewBet)> = Vec::new();
        let mut void = Vec::new();
        let mut available = account.chips;
        let mut needed = Chips::ZERO;
        for new in bets {
            let now = self.at.time;
            let is_open = self.game(new.match_no)?.is_open_at(now);
            // # Rule C5: a stake is within the rules' limits.
            if !(min..=max).contains(&new.stake) {
                return Err(RuleError::BadStake {
                    got: new.stake,
                    min,
                    max,
                }
                .into());
            }
            // # Rule D1: a bet counts only in a block whose time is before the deadline; a later one is void, changes
            // # nothing and locks no stake.
            if !is_open {
                void.push(new.match_no);
                continue;
            }
            // # Rule D2: a later bet by the same player on the same match replaces the earlier one.
            let replaced = self.get_to_change::<Bets>(&(new.match_no, id))?;
            let freed = replaced.map_or(Chips::ZERO, |bet| bet.stake);
            available = fits(available.checked_add(freed.0))?;
            needed = fits(needed.checked_add(new.stake.0))?;
            changes.push((replaced, new));
        }
        // # Rule C2: a player stakes no more than the chips at hand, those freed by replaced bets included.
        if needed > available {
            return Err(RuleError::NotEnoughChips { needed, available }.into());
        }
        for freeing in [true, false] {
            for (replaced, new) in &changes {
                let freed = replaced.map_or(Chips::ZERO, |bet| bet.stake);
                let cause = new.match_no;
                match (
                    freed.0.checked_sub(new.stake.0),
                    new.stake.0.checked_sub(freed.0),
                ) {
                    (Some(less), _) if less > 0 && freeing => {
                        self.credit(&id, account, Chips(less), Cause::Freed(cause))?;
                    }
                    (_, Some(more)) if more > 0 && !freeing => {
                        self.debit(&id, account, Chips(more), Cause::Staked(cause))?;
                    }
                    _ => {}
                }
            }
        }
        for (replaced, new) in changes {
            self.put_bet(id, tx, replaced, new)?;
        }
        Ok(void)
    }

    fn put_bet(
        &mut self,
        id: AccountId,
        tx: TxId,
        replaced: Option<Bet>,
        new: NewBet,
    ) -> Applied<(), S> {
        let no = new.match_no;
        let freed = replaced.map_or(Chips::ZERO, |bet| bet.stake);
        let game = self.game(no)?;
        let pot = game
            .pot
            .checked_sub(freed.0)
            .and_then(|pot| pot.checked_add(new.stake.0));
        game.pot = fits(pot)?;
        if replaced.is_some_and(|bet| bet.score().is_none()) {
            game.unopened = fits(game.unopened.checked_sub(1))?;
        }
        if matches!(new.prediction, Prediction::Sealed(_)) {
            game.unopened = fits(game.unopened.checked_add(1))?;
        }
        if replaced.is_none() {
            game.bets = fits(game.bets.checked_add(1))?;
            let key = (id, MatchSet::part(no));
            let set = self.get_to_change::<BetsByAccount>(&key)?;
            self.put::<BetsByAccount>(&key, &set.unwrap_or_default().with(no))?;
            self.totals.bets = fits(self.totals.bets.checked_add(1))?;
        }
        let bet = Bet {
            prediction: new.prediction,
            stake: new.stake,
            height: self.at.height,
            time: self.at.time,
            tx,
            opened: None,
        };
        self.put::<Bets>(&(no, id), &bet)
    }

    pub(super) fn open(&mut self, id: AccountId, openings: &[Opening]) -> Applied<Vec<MatchNo>, S> {
        let mut changes: Vec<(Match, Bet, Opening)> = Vec::new();
        let mut void = Vec::new();
        for opening in openings {
            let game = self.game(opening.match_no)?.clone();
            let code = || game.fixture.code.to_string();
            // # Rule O1: only the seal that stood at the deadline can be opened, and only once.
            let bet = self.get::<Bets>(&(opening.match_no, id))?;
            let bet = bet.ok_or_else(|| RuleError::NothingToOpen { code: code() })?;
            let Prediction::Sealed(commitment) = bet.prediction else {
                return Err(RuleError::NothingToOpen { code: code() }.into());
            };
            // # Rule O2: seals are opened from kick-off on: until then a match may be moved and take bets again, and nobody
            // # can follow another's bet.
            if !game.has_begun_at(self.at.time) {
                return Err(RuleError::OpeningTooEarly { code: code() }.into());
            }
            // # Rule O3: an opening fits its commitment.
            let salted = seal_commitment(
                self.pool,
                &id,
                opening.match_no,
                opening.score,
                &opening.salt,
            );
            if salted != commitment {
                return Err(RuleError::BadOpening { code: code() }.into());
            }
            // # Rule O4: a seal that is not opened by the end of the window counts as no bet and leaves its stake in
            // # the pot; an opening that comes later is void.
            let ends = game.openings_end(self.genesis.rules.opening_window_s);
            if ends.is_some_and(|ends| ends <= self.at.time) {
                void.push(opening.match_no);
                continue;
            }
            changes.push((game, bet, *opening));
        }
        for (mut game, mut bet, opening) in changes {
            let no = opening.match_no;
            bet.prediction = Prediction::Open(opening.score);
            bet.opened = Some(self.at.height);
            game.unopened = fits(game.unopened.checked_sub(1))?;
            self.put::<Bets>(&(no, id), &bet)?;
            self.score_opened(&game, id, &bet)?;
            self.put_game(game);
        }
        Ok(void)
    }
}
