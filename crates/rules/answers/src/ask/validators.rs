//! The pool, who votes on its blocks, who opens seals, and what waits for signatures.

use bolao_ledger::{
    AccountId, BlockContext, FoldedCode, Height, Ledger, MatchNo, SetChange, TxBody, Validator,
    Vote,
    table::{Cheats, Codes, Coming, Stakes},
};
use bolao_openings::{few, needed};

use super::{Answer, Asked, Query, Refused, no_match};
use crate::{
    Chain, Signed, appointments,
    body::{
        AppointmentBody, CandidateBody, ChangeBody, ComingBody, GuiltyBody, KeeperBody,
        KeepersBody, OutsidePoolBody, Page, PoolBody, ValidatorsBody, VoterBody, WaitingBody,
        moment,
    },
    offers,
    page::{Paging, all},
    waiting, waiting_of_match,
};

/// The most proofs of double votes that are named.
pub const MOST_GUILTY: usize = 100;
/// The most proofs against a validator that are named.
const MOST_PROOFS: usize = 16;

impl<C: Chain> Asked<'_, C> {
    pub(super) fn pool(&self) -> Answer<PoolBody, C> {
        let (genesis, totals, names) = (self.genesis, self.chain.totals()?, &mut self.names());
        let keepers: Vec<_> = self.keepers_now()?.iter().map(|one| one.account).collect();
        let could_look = if few(keepers.len()) {
            names.players(&keepers)?
        } else {
            Vec::new()
        };
        Ok(PoolBody {
            outside: OutsidePoolBody::new(self.pool, genesis),
            could_look,
            organisers: names.players(&self.chain.organisers(genesis)?)?,
            matches: totals.matches,
            totals,
        })
    }

    fn keepers_now(&self) -> Result<Vec<Validator>, C::Error> {
        let height = self.chain.last_block()?.height;
        self.chain.keepers_after(self.genesis, height)
    }

    /// The keepers, who open seals of players who are away.
    pub fn keepers(&self) -> Result<KeepersBody, C::Error> {
        let (keepers, names) = (self.keepers_now()?, &mut self.names());
        let rows = keepers.iter().map(|one| {
            let (keeper, key) = (names.player(&one.account)?, one.key);
            Ok::<_, C::Error>(KeeperBody { keeper, key })
        });
        Ok(KeepersBody {
            has_keepers: self.genesis.has_keepers(),
            needed: needed(keepers.len()),
            host_could_look: few(keepers.len()),
            keepers: all(rows)?,
        })
    }

    /// The validators, and how they change.
    ///
    /// # Errors
    /// The chain cannot be read.
    pub fn validators(&self) -> Result<ValidatorsBody, C::Error> {
        let height = self.chain.last_block()?.height;
        let (set, names) = (self.chain.validators_after(height)?, &mut self.names());
        let mut validators = Vec::new();
        for one in &set {
            let staked = self.chain.get::<Stakes>(&one.account)?.unwrap_or_default();
            let cheated = self.chain.scan::<Cheats>(&one.account, None, MOST_PROOFS)?;
            validators.push(VoterBody {
                validator: names.validator(one)?,
                staked: staked.chips.0,
                cheated: cheated.into_iter().map(|((_, vote), _)| vote.0).collect(),
            });
        }
        let organisers = self.chain.organisers(self.genesis)?.len();
        let mut waiting = Vec::new();
        for signed in appointments(self.chain)? {
            waiting.push(AppointmentBody {
                validator: names.validator(&signed.what)?,
                signers: names.players(&signed.signers)?,
                signatures_needed: {
                    let vote = Vote::Appoint(signed.what);
                    self.genesis.quorum(&vote, organisers)
                },
            });
        }
        let mut coming = Vec::new();
        for ((at, _), wanted) in self.chain.scan::<Coming>(&(), None, usize::MAX)? {
            let (validator, at) = (names.validator(&wanted)?, moment(at));
            coming.push(ComingBody { validator, at });
        }
        let mut candidates = Vec::new();
        for (id, key) in offers(self.chain, &set)? {
            let player = names.player(&id)?;
            candidates.push(CandidateBody { player, key });
        }
        let mut guilty = Vec::new();
        for ((id, vote), cheat) in self.chain.scan::<Cheats>(&(), None, MOST_GUILTY)? {
            guilty.push(GuiltyBody {
                player: names.player(&id)?,
                vote: vote.0,
                transaction: cheat.tx.to_string(),
                time: moment(cheat.time),
                cut: cheat.cut.0,
            });
        }
        Ok(ValidatorsBody {
            validators,
            waiting,
            coming,
            notice_s: match self.genesis.consensus.set_change() {
                Some(SetChange::Appointed { .. }) => self.genesis.rules.notice_s,
                _ => 0,
            },
            at_once: self.weight_at_once(height)?,
            change: { self.genesis.consensus.set_change() }
                .map(|change| ChangeBody::new(change, organisers)),
            offers: candidates,
            guilty,
        })
    }

    fn weight_at_once(&self, height: Height) -> Result<Option<u64>, C::Error> {
        if self.genesis.rules.notice_s == 0 {
            return Ok(None);
        }
        self.chain.weight_at_once(height)
    }

    pub(super) fn votes(&self, query: &Query) -> Answer<Page<WaitingBody>, C> {
        let page: Paging<(u8, MatchNo, AccountId)> = query.page()?;
        let (chain, wanted) = (self.chain, page.wanted());
        let mut found = match query.value("match") {
            Some(which) => waiting_of_match(chain, self.number(which)?, page.after)?,
            None => waiting(chain, page.after, wanted)?,
        };
        found.truncate(wanted);
        let names = &mut self.names();
        let organisers = chain.organisers(self.genesis)?.len();
        page.page(found, |waiting| waiting.key).map(|waiting| {
            let signable = self.is_signable(&waiting)?;
            let needed = self.genesis.quorum(&waiting.what, organisers);
            Ok(WaitingBody::new(names, needed, &waiting, signable)?)
        })
    }

    /// The number of a match or question by its code, else that number itself: what is only proposed has no code yet.
    fn number(&self, which: &str) -> Answer<MatchNo, C> {
        let coded = self.chain.get::<Codes>(&FoldedCode::of(which))?;
        let no = coded.or_else(|| which.parse().ok().map(MatchNo));
        no.ok_or_else(|| Refused::NotFound(no_match(which)))
    }

    /// Tells whether one of its signers could sign it again by now, and so whoever else organises can.
    fn is_signable(
        &self,
        waiting: &Signed<Vote, (u8, MatchNo, AccountId)>,
    ) -> Result<bool, C::Error> {
        let (_, match_no, account) = waiting.key;
        let Some(known) = self.chain.account(&account)? else {
            return Ok(false);
        };
        let body = TxBody {
            account,
            nonce: known.next_nonce,
            action: waiting.what.action(match_no),
        };
        let height = self.chain.last_block()?.height;
        let context = BlockContext {
            height: height.next(),
            time: self.now()?,
        };
        let ledger = Ledger::of_pool(self.genesis, self.pool);
        self.chain.could_hold(ledger, context, &body)
    }
}
