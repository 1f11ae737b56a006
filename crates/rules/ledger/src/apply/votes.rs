//! What organisers sign: a signature is a vote, and what as many as the rules want have signed alike takes effect.

use std::cmp::Reverse;

use super::{
    ApplyError, RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    hashes::TxId,
    outcome::{Outcome, Status},
    state::{
        Act, Acts, Due, Effect, Match, MatchResult, Move, Moves, ResultVersion, ResultVersions,
        Results, StateView, Terms, Vote, Votes, is_later,
    },
    units::UnixSeconds,
};

/// The organisers who have signed the same vote, the one who signs now included.
pub(crate) fn signers<K, V: PartialEq>(
    votes: &[(K, V)],
    organiser: impl Fn(&K) -> &AccountId,
    id: AccountId,
    vote: &V,
) -> Vec<AccountId> {
    let alike = votes.iter().filter(|(_, cast)| cast == vote);
    let others = alike
        .map(|(key, _)| *organiser(key))
        .filter(|other| *other != id);
    let mut signers = Vec::new();
    for signer in others.chain([id]) {
        signed_by(&mut signers, signer);
    }
    signers
}

/// Adds one to signers, which stand in the order of the accounts.
fn signed_by(signers: &mut Vec<AccountId>, id: AccountId) {
    if let Err(place) = signers.binary_search(&id) {
        signers.insert(place, id);
    }
}

impl<S: StateView> Run<'_, S> {
    /// Records a vote; gives the signers if it completes the quorum, and then leaves it to the caller to note the act with its
    /// effect.
    ///
    /// # Rule S8: what takes effect on a match spends every vote on that match: nobody completes a quorum with what was
    /// signed before the match was as it is now.
    pub(crate) fn vote(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
    ) -> Applied<Option<Vec<AccountId>>, S> {
        let votes = self.scan::<Votes>(&(vote.kind(), no), usize::MAX)?;
        let signers = signers(&votes, |(_, _, organiser)| organiser, id, vote);
        if signers.len() < self.quorum(vote)? {
            self.put::<Votes>(&(vote.kind(), no, id), vote)?;
            self.note_act(no, id, tx, vote, signers, None)?;
            return Ok(None);
        }
        let kinds = Vote::KINDS.into_iter().filter(|_| vote.is_of_item());
        for kind in kinds.chain([vote.kind()]) {
            for (key, _) in self.scan::<Votes>(&(kind, no), usize::MAX)? {
                self.remove::<Votes>(&key)?;
            }
        }
        Ok(Some(signers))
    }

    pub(crate) fn note_act(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        signers: Vec<AccountId>,
        effect: Option<Effect>,
    ) -> Applied<(), S> {
        let act = Act {
            organiser: id,
            signers,
            vote: vote.clone(),
            match_no: no,
            effect,
            tx,
            height: self.at.height,
            time: self.at.time,
        };
        let seq = self.totals.acts;
        self.totals.acts = fits(seq.checked_add(1))?;
        self.put::<Acts>(&seq, &act)
    }

    /// Puts a match as an act has changed it, and notes the act.
    pub(crate) fn change_match(
        &mut self,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        signers: Vec<AccountId>,
        before: Option<Terms>,
        game: Match,
    ) -> Applied<(), S> {
        let effect = Effect::Match {
            before: before.map(Box::new),
            after: Box::new(game.terms()),
        };
        let no = game.fixture.no;
        self.put_game(game);
        self.note_act(no, id, tx, vote, signers, Some(effect))
    }

    /// # Rule S4: a match that has kicked off, or has a record other than `postponed`, is not changed any more, unless it was
    /// # put off and has had neither a schedule nor a day since.
    pub(crate) fn check_not_played(&self, game: &Match) -> Applied<(), S> {
        let recorded = self
            .get::<Results>(&game.fixture.no)?
            .is_some_and(|result| result.outcome.status != Status::Postponed);
        if !game.postponed && (recorded || game.has_begun_at(self.at.time)) {
            let code = game.fixture.code.to_string();
            return Err(RuleError::MatchStarted { code }.into());
        }
        Ok(())
    }

    /// Keeps what became of a match's kick-off.
    pub(crate) fn note_move(
        &mut self,
        before: &Match,
        after: &Match,
        signers: Vec<AccountId>,
    ) -> Applied<(), S> {
        let (from, to) = (before.fixture.kickoff, after.fixture.kickoff);
        // A match that is put off may keep its kick-off in the book, but it stands no more.
        let to = to.filter(|_| !after.postponed);
        let from = from.filter(|_| !before.postponed);
        if from == to || (from.is_none() && !before.postponed) {
            return Ok(());
        }
        let no = after.fixture.no;
        let last = self.overlay.last_move(no).map_err(ApplyError::State)?;
        let last = last.and_then(|last| last.earliest);
        let left = from.filter(|_| is_later(from, to));
        // The act is noted after what it changes.
        let seq = self.totals.acts;
        let (height, time) = (self.at.height, self.at.time);
        self.put::<Moves>(
            &(no, Reverse(seq)),
            &Move {
                from,
                to,
                earliest: last.into_iter().chain(left).min(),
                signers,
                height,
                time,
            },
        )
    }

    /// One more organiser signs the record that stands, and takes back what it has signed against it.
    pub(crate) fn cosign(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        mut current: MatchResult,
    ) -> Applied<(), S> {
        self.remove::<Votes>(&(vote.kind(), no, id))?;
        signed_by(&mut current.signers, id);
        self.note_act(no, id, tx, vote, current.signers.clone(), None)?;
        let key = (no, current.version);
        if let Some(mut version) = self.get::<ResultVersions>(&key)? {
            version.signers.clone_from(&current.signers);
            self.put::<ResultVersions>(&key, &version)?;
        }
        self.put::<Results>(&no, &current)
    }

    /// Puts a record in place of the one before.
    pub(crate) fn put_record(
        &mut self,
        no: MatchNo,
        before: Option<MatchResult>,
        outcome: &Outcome,
        signers: Vec<AccountId>,
        final_at: Option<UnixSeconds>,
    ) -> Applied<(), S> {
        let version = match &before {
            Some(result) => fits(result.version.checked_add(1))?,
            None => 0,
        };
        if let Some(due) = before.as_ref().and_then(|result| result.final_at) {
            self.remove::<Due>(&(due, no))?;
        }
        if let Some(due) = final_at {
            self.put::<Due>(&(due, no), &())?;
        }
        let (height, time) = (self.at.height, self.at.time);
        self.put::<ResultVersions>(
            &(no, version),
            &ResultVersion {
                outcome: outcome.clone(),
                signers: signers.clone(),
                height,
                time,
            },
        )?;
        self.put::<Results>(
            &no,
            &MatchResult {
                outcome: outcome.clone(),
                version,
                signers,
                since: time,
                final_at,
                settled: None,
                objections: before.map_or(0, |result| result.objections),
            },
        )
    }

    /// The end of the dispute window of a record that is made now, but not before the openings end that are waited for.
    pub(crate) fn disputed_until(&self, openings_end: Option<UnixSeconds>) -> UnixSeconds {
        let window_s = self.genesis.rules.dispute_window_s.into();
        let end = UnixSeconds(self.at.time.0.saturating_add(window_s));
        end.max(openings_end.unwrap_or_default())
    }
}
