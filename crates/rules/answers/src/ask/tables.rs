//! Tables, and who tipped what in a round.

use std::sync::Arc;

use bolao_ledger::{AccountId, Place, RoundWon, table::Paid};

use super::{Answer, Asked, Query, Refused, found, game_of_code};
use crate::{
    Chain, Scope, Table,
    body::{
        BasisBody, CellBody, FeeBody, LiveStandingsBody, MatchBody, MatrixBody, MatrixRow,
        PlayerRef, RecapBody, StandingBody, StandingsBody,
    },
    page::{LIMIT_MAX, Paging, all},
    round,
};

/// The most winners of a round that are named.
const MOST_WINNERS: usize = 8;

/// Cells of one page of the matrix; a page ends before the player who would go beyond.
const CELLS_A_PAGE: usize = 20_000;

impl<C: Chain> Asked<'_, C> {
    /// The table that a query of one names.
    ///
    /// # Errors
    /// As [`Refused`] says.
    pub fn table_of(&self, stage: Option<&str>, from: Option<&str>) -> Answer<Arc<Table>, C> {
        let rules = &self.genesis.rules;
        let scope = match (stage, from) {
            (None, None) => Scope::Pool,
            (Some(stage), None) => Scope::Stage(found::stage(self.chain, rules, stage)?),
            (None, Some(code)) => {
                let fixture = game_of_code(self.chain, rules, code)?.entry.fixture;
                Scope::From(fixture.kickoff.ok_or_else(|| {
                    let code = fixture.code;
                    Refused::BadRequest(format!("`from`: the match {code} has no kick-off yet"))
                })?)
            }
            (Some(_), Some(_)) => {
                return Err(Refused::BadRequest(
                    "got `stage` and `from`, wanted at most one of them".to_owned(),
                ));
            }
        };
        Ok((self.table)(scope)?)
    }

    fn asked_table(&self, query: &Query) -> Answer<Arc<Table>, C> {
        self.table_of(query.value("stage"), query.value("from"))
    }

    fn basis(&self, table: &Table) -> Result<BasisBody, C::Error> {
        let tip = self.chain.last_block()?.hash;
        Ok(BasisBody::new(&tip, table))
    }

    fn lines(&self, table: &Table, places: &[Place]) -> Result<Vec<StandingBody>, C::Error> {
        let line = |place| StandingBody::new(self.chain, table, place);
        all(places.iter().map(line))
    }

    pub(super) fn standings(&self, query: &Query) -> Answer<StandingsBody, C> {
        let page: Paging<u64> = query.page()?;
        let table = self.asked_table(query)?;
        let (places, next_cursor) = page.part(&table.places);
        Ok(StandingsBody {
            basis: self.basis(&table)?,
            items: self.lines(&table, places)?,
            won: self.won(&table)?,
            recap: self.recap(&table, page.after.is_none())?,
            fee: self.fee(&table, query)?,
            next_cursor,
        })
    }

    /// The entry fees that are paid, on the first page of the whole pool's table.
    fn fee(&self, table: &Table, query: &Query) -> Result<Option<FeeBody>, C::Error> {
        let is_whole = ["stage", "from", "cursor"].map(|it| query.value(it)) == [None; 3];
        let fee = self.genesis.rules.features.fee.as_ref();
        let Some(fee) = fee.filter(|_| is_whole) else {
            return Ok(None);
        };
        let paid = self.chain.scan::<Paid>(&(), None, usize::MAX)?.len();
        let places = table.places.iter().map(|it| it.place);
        Ok(Some(FeeBody {
            amount: fee.amount,
            currency: fee.currency.to_string(),
            paid,
            shares: fee.shares(u64::try_from(paid).unwrap_or(u64::MAX), places),
        }))
    }

    /// Of a round that is over, on the first page of its table.
    fn recap(&self, table: &Table, is_first: bool) -> Result<Option<RecapBody>, C::Error> {
        if !is_first {
            return Ok(None);
        }
        table.recap(self.chain, &self.genesis.rules, || {
            (self.table)(Scope::Pool)
        })
    }

    fn won(&self, table: &Table) -> Result<Vec<RoundWon<PlayerRef>>, C::Error> {
        let names = &mut self.names();
        let named = |round: &RoundWon<AccountId>| {
            let first = round.players.get(..MOST_WINNERS).unwrap_or(&round.players);
            Ok(RoundWon {
                stage: round.stage.clone(),
                points: round.points,
                shared_by: round.shared_by,
                players: names.players(first)?,
            })
        };
        all(table.won.iter().map(named))
    }

    pub(super) fn standings_file(&self, query: &Query) -> Answer<Vec<StandingBody>, C> {
        let table = self.asked_table(query)?;
        Ok(self.lines(&table, &table.places)?)
    }

    pub(super) fn live_standings(&self) -> Answer<LiveStandingsBody, C> {
        let pool = (self.table)(Scope::Pool)?;
        let table = Table::as_it_stands(self.chain, &self.genesis.rules, &pool, self.live)?;
        let most = table.places.len().min(LIMIT_MAX.into());
        let places = table.places.get(..most).unwrap_or_default();
        Ok(LiveStandingsBody {
            basis: self.basis(&table)?,
            items: self.lines(&table, places)?,
        })
    }

    pub(super) fn matrix(&self, query: &Query) -> Answer<MatrixBody, C> {
        let rules = &self.genesis.rules;
        let mut page: Paging<u64> = query.page()?;
        let stage = found::stage(self.chain, rules, &query.about)?;
        let games = round(self.chain, rules, &stage)?;
        let table = (self.table)(Scope::Stage(stage.clone()))?;
        let rows = CELLS_A_PAGE
            .checked_div(games.len())
            .unwrap_or(CELLS_A_PAGE);
        page.limit = page.limit.min(rows.max(1));
        let (places, next_cursor) = page.part(&table.places);
        let mut items = Vec::new();
        for (line, place) in self.lines(&table, places)?.into_iter().zip(places) {
            let cells = games.iter().map(|game| {
                let bet = self.chain.bet(game.no(), &place.account)?;
                let of = |bet| CellBody::new(self.chain, rules, game, &place.account, &bet);
                bet.map(of).transpose()
            });
            items.push(MatrixRow {
                player: line.player,
                tally: line.tally,
                cells: all(cells)?,
            });
        }
        let now = self.now()?;
        let columns = games.iter().map(|game| MatchBody::new(game, now));
        Ok(MatrixBody {
            stage: stage.to_string(),
            basis: self.basis(&table)?,
            matches: columns.collect(),
            next_cursor,
            items,
        })
    }
}
