//! The link of a relay goes down under bets, and returns: validators who know one another only through it go on.
//!
//! `BOLAO_OUTAGES` says how often.

use std::time::Duration;

use super::{
    cuts::{aim, cut_often},
    given,
    pool::Pool,
    row::Row,
};
use crate::networks::routers::Relayed;

/// The number of outages where nobody says.
const OUTAGES: usize = 15;

#[ignore = "part of make faults"]
#[tokio::test]
async fn outages_of_a_relay() {
    let Relayed { lab, authority, .. } = Relayed::start().await;
    let mut pool = Pool::of(lab, Relayed::HOMES.to_vec());
    let mut row = Row::new(
        "relay",
        "a relay's link down under bets for 1 to 8 s; until all have a final block that is new",
    );
    let count = (given("BOLAO_OUTAGES", OUTAGES), Duration::from_secs(1));
    cut_often(&mut pool, &mut row, count, |pool, is_up| {
        let switch = if is_up { "one" } else { "two" };
        pool.lab.plug(&[Relayed::RELAY], switch);
    })
    .await;
    let aim = aim(Duration::ZERO);
    pool.end(&mut row, aim);
    drop(authority);
    row.end(Some(aim)).check();
}
