//! Ten thousand players, written into the store without playing.

use std::collections::BTreeMap;

use bolao_ledger::{
    Account, AccountId, Bet, Cause, Chips, Genesis, Height, HistoryEntry, HistoryPage, Ledger,
    MatchNo, MatchResult, MatchSet, Name, Nonce, Outcome, Placed, Points, Score, Standing,
    StateView as _, Totals, TxId, UnixSeconds, encode, sha256d,
    table::{
        Accounts, Bets, BetsByAccount, History, Matches, Names, Results, RoundStandings, Standings,
        Table, TotalsTable, key_bytes,
    },
};

use bolao_api::ReadNode as _;
use bolao_store::{Durability, StoreError};

use crate::node::{TestNode, put_block};

impl TestNode {
    /// An empty block, and these entries beside it.
    pub fn put_state(&self, entries: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) {
        let tip = self.reader().snapshot().unwrap().tip().unwrap();
        let block = self.template(self.next_time().max(tip.time), Vec::new());
        let checked = block.check(&self.genesis, self.genesis.pool_id()).unwrap();
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                let height = tables.tip()?.height.next();
                let ledger = Ledger::new(&self.genesis);
                let applied = ledger.apply_block(&*tables, height, &checked).unwrap();
                put_block(tables, &self.genesis, &applied)?;
                entries
                    .into_iter()
                    .try_for_each(|(key, value)| tables.write_state(&key, &value))
            })
            .unwrap();
    }
}

impl TestNode {
    /// A block in which an account is said to have been given one chip, so many times.
    pub fn bloat_history(&self, id: &AccountId, times: u64) {
        let snapshot = self.reader().snapshot().unwrap();
        let height = snapshot.tip().unwrap().height.next();
        let mut account = snapshot.account(id).unwrap().unwrap();
        let mut entries = Vec::new();
        let mut pages: BTreeMap<(AccountId, u64), HistoryPage> = BTreeMap::new();
        for seq in account.history..account.history + times {
            account.chips.0 += 1;
            let line = HistoryEntry {
                cause: Cause::Received(*id),
                amount: Chips(1),
                balance: account.chips,
                height,
                time: self.next_time(),
            };
            let (page, _) = HistoryPage::place(seq);
            let key = (*id, page);
            let page = pages.entry(key).or_insert_with(|| {
                let there = snapshot.get::<History>(&key).unwrap();
                there.unwrap_or_default()
            });
            page.0.push(line);
        }
        for (key, page) in &pages {
            entries.push(entry::<History>(key, page));
        }
        account.history += times;
        entries.push(entry::<Accounts>(id, &account));
        self.put_state(entries);
    }
}

pub const PLAYERS: u32 = 10_000;

fn entry<T: Table>(key: &T::Key, value: &T::Value) -> (Vec<u8>, Vec<u8>) {
    (key_bytes::<T>(key), encode(value))
}

pub fn id(player: u32) -> AccountId {
    AccountId(sha256d(&player.to_le_bytes()))
}

/// Points that repeat, so that places are shared.
fn standing(player: u32) -> Standing {
    Standing {
        points: Points((player * 7_919 % 997).into()),
        exact: player % 5,
        differences: player % 3,
        tendencies: player % 7,
        bets: 1,
    }
}

/// A pool of so many players with standings, and with a tip each on a first match that has a
/// record.
pub fn crowd(genesis: Genesis) -> TestNode {
    let node = TestNode::new(genesis);
    let kickoff = UnixSeconds(node.genesis.created.0 + 1);
    let mut game = bolao_ledger::Match::new(node.genesis.matches[0].clone(), None, 0);
    game.fixture.kickoff = Some(kickoff);
    game.bets = PLAYERS;
    let no = MatchNo(1);
    let record = MatchResult {
        outcome: Outcome::played(Score::new(2, 1).unwrap()),
        version: 0,
        signers: Vec::new(),
        since: kickoff,
        final_at: Some(kickoff),
        settled: None,
        objections: 0,
    };
    let totals = Totals {
        accounts: PLAYERS.into(),
        matches: 2,
        bets: PLAYERS.into(),
        scored: 1,
        provisional: 1,
        ..Totals::default()
    };
    let stage = game.fixture.stage.clone();
    let mut entries = vec![
        entry::<Matches>(&no, &game),
        entry::<Results>(&no, &record),
        entry::<TotalsTable>(&(), &totals),
    ];
    for player in 0..PLAYERS {
        let id = id(player);
        let name = Name::new(&format!("Player {player}")).unwrap();
        let account = Account {
            name: name.clone(),
            next_nonce: Nonce(2),
            chips: Chips(1_000),
            joined: Height(1),
            history: 0,
        };
        let bet = Bet {
            placed: Placed::Open(
                Score::new((player % 4).into(), (player % 3).into())
                    .unwrap()
                    .into(),
            ),
            stake: Chips(0),
            height: Height(1),
            time: node.genesis.created,
            tx: TxId([0; 32]),
            opened: None,
        };
        entries.extend([
            entry::<Accounts>(&id, &account),
            entry::<Names>(&name.folded(), &id),
            entry::<Standings>(&id, &standing(player)),
            entry::<RoundStandings>(&(stage.clone(), id), &standing(player)),
            entry::<Bets>(&(no, id), &bet),
            entry::<BetsByAccount>(&(id, MatchSet::part(no)), &MatchSet::default().with(no)),
        ]);
    }
    node.put_state(entries);
    node
}
