use super::*;

#[test]
fn missed_events_do_not_end_a_sync() {
    let syncing = SyncStatus {
        state: SyncState::Blocks,
        headers: Height(9),
        blocks: Height(2),
        target: Height(9),
        clock_ahead_s: None,
        clock_agrees: false,
        clock_doubt: None,
    };
    let further = SyncStatus {
        blocks: Height(5),
        ..syncing
    };
    assert_eq!(after_missed(syncing, Height(5)), further);
    assert_eq!(after_missed(syncing, Height(9)), synced(Height(9)));
    assert_eq!(
        after_missed(synced(Height(2)), Height(3)),
        synced(Height(3))
    );
}
