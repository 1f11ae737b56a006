//! The table: of the pool, of a round, or from a match on.

use bolao_ledger::{Place, Text};
use bolao_views::{Scope, Table};
use serde_json::Value;

use super::{Own, View, all};
use crate::{
    check::unreadable,
    object::{object, put},
};

fn counts(table: &Table, place: &Place) -> Value {
    let standing = &place.standing;
    object!({
        "place": place.place,
        "points": standing.points,
        "exact": standing.exact,
        "differences": standing.differences,
        "tendencies": standing.tendencies,
        "missing": table.missing(standing),
        "tips": standing.bets,
    })
}

impl View<'_> {
    /// Everybody who has joined, the best first.
    pub(crate) fn table(&self, scope: &Scope) -> Own<Table> {
        Table::read(self.state, &self.genesis.rules, scope).map_err(unreadable)
    }

    pub(crate) fn tally(&self, table: &Table, place: &Place) -> Own<Value> {
        let mut row = counts(table, place);
        if let Value::Object(row) = &mut row {
            put(row, "player", &self.player(&place.account)?);
        }
        Ok(row)
    }

    /// The table as the page shows it.
    pub(crate) fn standings(&self, stage: Option<&Text<64>>) -> Own<Vec<Value>> {
        let table = &self.table(&stage.cloned().map_or(Scope::Pool, Scope::Stage))?;
        let row = |place: &Place| {
            let mut row = counts(table, place);
            if let Value::Object(row) = &mut row {
                put(row, "account", &place.account);
                put(row, "name", &self.name(&place.account)?);
                put(row, "chips", &self.chips(&place.account)?);
            }
            Ok(row)
        };
        all(table.places.iter().map(row))
    }
}
