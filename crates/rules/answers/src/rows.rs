//! Matches, tables, rounds, records and chips, as they are answered.

use bolao_ledger::{
    BlockHash, Genesis, HistoryEntry, ItemKind, Match, MatchResult, Place, Quorum, Rules, Score,
    StageRule, Text, UnixSeconds, table::Leaving,
};

use crate::{
    Chain, Game, Lookup, Table, addresses,
    body::{
        AddressVoteBody, BasisBody, HistoryBody, MatchBody, MatchRef, OrganiserVoteBody,
        OrganisersBody, PlayerRef, RecordBody, RoundBody, SilentBody, StandingBody, TallyBody,
        moment,
    },
    organiser_votes,
};

impl From<&Game> for MatchRef {
    fn from(game: &Game) -> Self {
        Self {
            no: game.no().0,
            code: game.entry.fixture.code.to_string(),
            kind: ItemKind::Match,
        }
    }
}

impl MatchBody {
    /// A match, at a time.
    #[must_use]
    pub fn new(game: &Game, now: UnixSeconds) -> Self {
        let record = game.result.clone();
        Self {
            entry: Match {
                stood: game.entry.stood.filter(|_| game.lacks_notice),
                ..game.entry.clone()
            },
            lacks_notice: game.lacks_notice,
            status: game.status(now),
            base: game.base,
            multiplier: game.multiplier,
            counts: game.counts.clone(),
            record: record.map(|it| RecordBody::new(it, game.score)),
            moved: game.moved.clone().map(Into::into),
        }
    }
}

impl RecordBody {
    /// A record as it is now, and the score of it that counts.
    #[must_use]
    pub fn new(record: MatchResult, score: Option<Score>) -> Self {
        Self {
            provisional: !record.is_settled(),
            signed: record.into(),
            score,
        }
    }
}

impl TallyBody {
    /// The tally of a player in a table.
    #[must_use]
    pub fn new(table: &Table, place: &Place) -> Self {
        Self {
            place: place.place,
            standing: place.standing,
            besides: table.besides(&place.account),
            missing: table.missing(&place.standing),
        }
    }
}

impl BasisBody {
    /// The records that a table rests on.
    #[must_use]
    pub fn new(tip: &BlockHash, table: &Table) -> Self {
        Self {
            tip: tip.to_string(),
            players: table.places.len(),
            scored: table.scored,
            provisional: table.provisional,
            rests_on_provisional: table.provisional > 0,
        }
    }
}

impl StandingBody {
    /// A line of a table.
    pub fn new<S: Chain>(chain: &S, table: &Table, place: &Place) -> Result<Self, S::Error> {
        let account = chain.account(&place.account)?;
        Ok(Self {
            before: table.before(&place.account),
            chips: account.as_ref().map_or(0, |account| account.chips.0),
            player: PlayerRef {
                account: place.account,
                name: account.map(|account| account.name.as_str().to_owned()),
            },
            tally: TallyBody::new(table, place),
        })
    }
}

impl RoundBody {
    /// A stage with its matches.
    #[must_use]
    pub fn new(rules: &Rules, stage: &Text<64>, games: &[Game]) -> Self {
        let kickoffs = || games.iter().filter_map(|game| game.entry.fixture.kickoff);
        let (base, multiplier) = games
            .first()
            .map_or((rules.base, 1), |game| (game.base, game.multiplier));
        Self {
            rule: StageRule {
                stage: stage.clone(),
                base,
                multiplier,
            },
            matches: games.iter().map(Into::into).collect(),
            scored: games.iter().filter(|game| game.score.is_some()).count(),
            provisional: games.iter().filter(|game| game.is_provisional()).count(),
            first_kickoff: kickoffs().min().map(moment),
            last_kickoff: kickoffs().max().map(moment),
        }
    }
}

impl HistoryBody {
    /// A change of a player's chips, by its place among all.
    #[must_use]
    pub fn new(seq: u64, entry: &HistoryEntry) -> Self {
        let gained = entry.cause.gives();
        let amount = i64::try_from(entry.amount.0).unwrap_or(i64::MAX);
        Self {
            seq,
            cause: entry.cause.into(),
            change: if gained { amount } else { -amount },
            balance: entry.balance.0,
            height: entry.height.0,
            time: moment(entry.time),
        }
    }
}

impl OrganisersBody {
    /// The organisers, and what some of them have signed about them and the page.
    pub fn new<S: Chain>(lookup: &mut Lookup<'_, S>, genesis: &Genesis) -> Result<Self, S::Error> {
        let chain = lookup.chain();
        let mut waiting = Vec::new();
        for signed in organiser_votes(chain)? {
            let (about, added) = signed.what;
            waiting.push(OrganiserVoteBody {
                player: lookup.player(&about)?,
                added,
                signers: lookup.players(&signed.signers)?,
            });
        }
        let mut signed = Vec::new();
        for waiting in addresses(chain)? {
            signed.push(AddressVoteBody {
                address: waiting.what.to_string(),
                signers: lookup.players(&waiting.signers)?,
            });
        }
        let organisers = chain.organisers(genesis)?;
        let mut silent = Vec::new();
        if genesis.rules.organisers_quorum != Quorum::of(0) {
            let leaving = chain.scan::<Leaving>(&(), None, usize::MAX)?;
            for id in &organisers {
                let own = leaving.iter().find(|((_, who), _)| who == id);
                silent.push(SilentBody {
                    organiser: lookup.player(id)?,
                    asked_from: moment(chain.asked_to_leave_from(genesis, id)?),
                    leaves: own.map(|((due, _), _)| moment(*due)),
                });
            }
        }
        let all = organisers.len();
        Ok(Self {
            organisers: lookup.players(&organisers)?,
            signatures_needed: genesis.rules.organisers_quorum.among(all),
            fewest: genesis.fewest_organisers(),
            silent,
            waiting,
            address: chain.address()?.map(|it| it.to_string()),
            addresses: signed,
            address_signatures_needed: genesis.address_quorum().among(all),
        })
    }
}
