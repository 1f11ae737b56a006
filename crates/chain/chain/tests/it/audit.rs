//! Audits that are clean, and audits that find what was tampered with.

use bolao_chain::{AuditFailure, AuditSource, StoredChain, audit};
use bolao_ledger::{
    Bet, Block, BlockHash, Genesis, Height, decode, encode,
    table::{Accounts, Bets, BetsByAccount, Table},
};
use bolao_replay::StateEntry;
use bolao_store::StoreError;

use crate::pool::{Player, Solo};

fn played() -> Solo {
    let mut solo = Solo::new();
    let pool = solo.pool();
    for (nonce, seed) in (0_u64..).zip(3..6) {
        let player = Player::new(seed);
        solo.submit(player.join(pool, &format!("Player {seed}")))
            .unwrap();
        solo.submit(player.stake(pool, 1, 1, nonce, 10)).unwrap();
        solo.mine();
        solo.submit(player.stake(pool, 2, 2, nonce, 20)).unwrap();
        solo.mine();
    }
    solo
}

#[derive(Default)]
struct Tampered {
    block: Option<fn(u64, &mut Block)>,
    entry: Option<fn(&mut StateEntry) -> bool>,
    tip: bool,
}

struct Source<'a> {
    stored: StoredChain<'a>,
    tampered: Tampered,
}

impl AuditSource for Source<'_> {
    type Error = StoreError;

    fn genesis(&self) -> Result<Genesis, StoreError> {
        self.stored.genesis()
    }

    fn tip(&self) -> Result<(BlockHash, Height), StoreError> {
        let (hash, height) = self.stored.tip()?;
        Ok((
            hash,
            if self.tampered.tip {
                height.next()
            } else {
                height
            },
        ))
    }

    fn blocks(&self) -> Result<impl Iterator<Item = Result<Block, StoreError>>, StoreError> {
        let change = self.tampered.block;
        Ok((1_u64..)
            .zip(self.stored.blocks()?)
            .map(move |(height, block)| {
                let mut block = block?;
                if let Some(change) = change {
                    change(height, &mut block);
                }
                Ok(block)
            }))
    }

    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> Result<(), StoreError> {
        self.stored.state(&mut |mut entry| {
            if self.tampered.entry.is_none_or(|keep| keep(&mut entry)) {
                visit(entry);
            }
        })
    }
}

fn is_of<T: Table>(entry: &StateEntry) -> bool {
    entry.key.first() == Some(&T::ID)
}

fn audited(tampered: Tampered) -> AuditFailure {
    let solo = played();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let source = Source {
        stored: StoredChain {
            genesis: solo.core.genesis(),
            snapshot: &snapshot,
        },
        tampered,
    };
    audit(&source, |_, _| {}).unwrap_err()
}

#[test]
fn a_played_chain_is_clean() {
    let solo = played();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let source = StoredChain {
        genesis: solo.core.genesis(),
        snapshot: &snapshot,
    };
    let mut told = Vec::new();
    let report = audit(&source, |done, all| told.push((done, all))).unwrap();
    assert_eq!(report.tip, solo.tip());
    assert_eq!(
        (report.transactions, report.accounts, report.bets),
        (9, 3, 6)
    );
    assert_eq!(told.last(), Some(&(6, 6)));
}

#[test]
fn a_changed_block_is_found() {
    let failure = audited(Tampered {
        block: Some(|height, block| {
            if height == 4 {
                block.transactions.clear();
            }
        }),
        ..Tampered::default()
    });
    assert_eq!(failure.place, "block 4");
}

#[test]
fn a_changed_signature_is_found() {
    let failure = audited(Tampered {
        block: Some(|height, block| {
            if height == 2 {
                block.transactions[0].signature.0[5] ^= 1;
            }
        }),
        ..Tampered::default()
    });
    assert_eq!(failure.place, "block 2");
}

#[test]
fn a_changed_header_is_found() {
    let failure = audited(Tampered {
        block: Some(|height, block| {
            if height == 3 {
                block.header = block.header.with_nonce(block.header.nonce ^ 1);
            }
        }),
        ..Tampered::default()
    });
    assert!(
        failure.place == "block 3" || failure.place == "block 4",
        "{failure}"
    );
}

#[test]
fn a_changed_bet_is_found() {
    let failure = audited(Tampered {
        entry: Some(|entry| {
            if is_of::<Bets>(entry) {
                let mut bet: Bet = decode(&entry.value).unwrap();
                bet.stake.0 += 1;
                entry.value = encode(&bet);
            }
            true
        }),
        ..Tampered::default()
    });
    assert!(failure.place.starts_with("Bets "), "{failure}");
    assert_eq!(
        failure.what,
        "the stored state is not what follows from the blocks"
    );
}

#[test]
fn an_emptied_index_is_found() {
    let failure = audited(Tampered {
        entry: Some(|entry| !is_of::<BetsByAccount>(entry)),
        ..Tampered::default()
    });
    assert!(failure.place.starts_with("BetsByAccount "), "{failure}");
    assert_eq!(failure.what, "the blocks make it, it is not stored");
}

#[test]
fn a_missing_account_is_found() {
    let failure = audited(Tampered {
        entry: Some(|entry| !is_of::<Accounts>(entry)),
        ..Tampered::default()
    });
    assert!(failure.place.starts_with("Accounts "), "{failure}");
    assert_eq!(failure.what, "the blocks make it, it is not stored");
}

#[test]
fn a_wrong_tip_is_found() {
    let failure = audited(Tampered {
        tip: true,
        ..Tampered::default()
    });
    assert_eq!(failure.place, "tip");
}
