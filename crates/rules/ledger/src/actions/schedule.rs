//! Adds a match, or changes its teams, kick-off or stage.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        RuleError,
        run::{Applied, Run},
    },
    check::TxCheckError,
    fixture::{Day, Fixture, ItemKind, MatchNo},
    genesis::Genesis,
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::{Said, SaidValue},
    state::{Codes, Match, StateView, Vote, deadline},
    template::sentences,
    units::UnixSeconds,
};

/// Adds a match, or changes its teams, kick-off or stage.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ScheduleAction))]
pub struct Schedule {
    /// The match as it is from now on.
    pub fixture: Fixture,
}

refusals! {
    /// The action has no refusals of its own.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    pub enum Refusal {}
}

sentences! {
    KICKOFF = "{who} signs the kick-off of {match}: {kickoff}.";
    NO_KICKOFF = "{who} signs {match} without a kick-off.";
}

impl Act for Schedule {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(_: &Genesis) -> bool {
        true
    }

    fn matches(&self) -> Vec<MatchNo> {
        vec![self.fixture.no]
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Fixture(&self.fixture)
    }

    fn vote(&self) -> Option<Vote> {
        Some(Vote::Schedule(self.fixture.clone()))
    }

    fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds> {
        let closes = deadline(&self.fixture, None, genesis.rules.deadline_lead_s);
        self.fixture.kickoff.into_iter().chain(closes).collect()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        // # Rule S24: a kick-off is at most 253402207200.
        if self.fixture.kickoff > Some(Day::LATEST) {
            Err(TxCheckError::BadDay)
        } else {
            Ok(())
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let who = ("who", by.into());
        let game = ("match", SaidValue::scheduled(&self.fixture));
        match self.fixture.kickoff {
            Some(kickoff) => KICKOFF.with([who, game, ("kickoff", kickoff.into())]),
            None => NO_KICKOFF.with([who, game]),
        }
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.schedule(by.id, by.tx, &self.fixture)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    fn schedule(&mut self, id: AccountId, tx: TxId, fixture: &Fixture) -> Applied<(), S> {
        let existing = self.find_game(fixture.no)?.cloned();
        let (rules, now) = (&self.genesis.rules, self.at.time);
        let sets_right = existing
            .as_ref()
            .is_some_and(|game| game.is_set_right_by(fixture, now, rules));
        // # Rule S2: a kick-off is moved only to a time that lies ahead of the block.
        if let Some(kickoff) = fixture
            .kickoff
            .filter(|kickoff| !sets_right && *kickoff <= self.at.time)
        {
            return Err(RuleError::KickoffInThePast {
                kickoff,
                now: self.at.time,
            }
            .into());
        }
        match &existing {
            Some(_) if sets_right => {}
            Some(game) => self.check_reschedule(game, fixture)?,
            None => self.check_new(fixture)?,
        }
        let vote = Vote::Schedule(fixture.clone());
        let Some(signers) = self.vote(fixture.no, id, tx, &vote)? else {
            return Ok(());
        };
        let terms = existing.as_ref().map(Match::terms);
        let game = match existing {
            Some(before) => {
                let game = before.rescheduled(fixture, now, rules);
                self.note_move(&before, &game, signers.clone())?;
                game
            }
            None => Match {
                since: self.at.time,
                ..self.new_match(fixture, None)?
            },
        };
        self.change_match(id, tx, &vote, signers, terms, game)
    }

    fn check_reschedule(&self, game: &Match, fixture: &Fixture) -> Applied<(), S> {
        let code = game.fixture.code.to_string();
        // # Rule S3: a number keeps its code for good, since bets name the number.
        if game.fixture.code.folded() != fixture.code.folded() {
            return Err(RuleError::MatchNumberTaken {
                no: fixture.no,
                code,
            }
            .into());
        }
        self.check_not_played(game)?;
        let (old, new) = (&game.fixture, fixture);
        if (&old.home, &old.away) == (&new.home, &new.away) {
            return Ok(());
        }
        let replaced = old.home.is_replaced_by(&new.home) || old.away.is_replaced_by(&new.away);
        let (rules, now) = (&self.genesis.rules, self.at.time);
        let after = game.rescheduled(fixture, now, rules);
        let allowed = if rules.notice_s == 0 {
            // # Rule S9: teams are changed only while the match takes bets, so that no bet changes its meaning for good.
            after.is_open_at(now, rules)
        } else {
            // # Rule S23: where changes need notice, and somebody has bet on the match, known teams stay, and placeholders are filled only
            // # as long as the bets that count go on counting.
            game.bets == 0 || (!replaced && !game.loses_bets(&after, rules))
        };
        if allowed {
            Ok(())
        } else {
            Err(RuleError::TeamsFixed { code }.into())
        }
    }

    fn check_new(&self, fixture: &Fixture) -> Applied<(), S> {
        // # Rule X1: where `notice_s` is above 0, a match has a lower number than questions.
        if self.genesis.rules.kind_of(fixture.no) != Some(ItemKind::Match) {
            return Err(RuleError::MatchNumberTaken {
                no: fixture.no,
                code: "questions".to_owned(),
            }
            .into());
        }
        // # Rule S5: codes are unique without regard to case.
        if self.get::<Codes>(&fixture.code.folded())?.is_some() {
            let code = fixture.code.to_string();
            return Err(RuleError::MatchCodeTaken { code }.into());
        }
        // # Rule S6: at most `limits.matches` matches.
        let max = self.genesis.limits.matches;
        if self.totals.matches >= u64::from(max) {
            return Err(RuleError::TooManyMatches { max }.into());
        }
        Ok(())
    }
}
