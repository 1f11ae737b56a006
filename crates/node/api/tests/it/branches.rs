//! `GET /api/v1/branches`: what a node knows beside its main chain.

use bolao_api::{ApiConfig, ReadNode as _, body::BranchesBody};
use bolao_ledger::{BlockHash, UnixSeconds};
use bolao_store::{Durability, StoreError};

use crate::{app::App, node::easy};

/// A block beside the main chain, of which the header alone is known.
fn beside(app: &App, on: BlockHash, after_s: u64) -> BlockHash {
    let snapshot = app.node.reader().snapshot().unwrap();
    let below = snapshot.header(&on).unwrap().unwrap();
    let mut tip = snapshot.tip().unwrap();
    tip.block = below.block;
    tip.time = UnixSeconds(below.header.time().0);
    let block = app
        .node
        .template_on(&tip, UnixSeconds(tip.time.0 + after_s), Vec::new());
    let header = block.header;
    app.node
        .store()
        .write::<_, StoreError>(Durability::Volatile, |tables| {
            let chain = tables.header_chain(&on)?.unwrap();
            let checked = chain.check(&app.node.genesis, &header).unwrap();
            tables.put_header(&checked)?;
            Ok(checked.hash)
        })
        .unwrap()
}

/// A pool with a block beside its main chain.
pub fn one_beside() -> App {
    let app = App::new(easy(), ApiConfig::default());
    let main: Vec<BlockHash> = (0..2).map(|_| app.node.mine_now()).collect();
    beside(&app, main[0], 11);
    app
}

async fn told(app: &App) -> BranchesBody {
    let json = app.json("/api/v1/branches").await;
    let body: BranchesBody = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), json);
    body
}

#[tokio::test]
async fn branches_are_told_with_where_they_leave() {
    let app = App::new(easy(), ApiConfig::default());
    let main: Vec<BlockHash> = (0..4).map(|_| app.node.mine_now()).collect();
    let none = told(&app).await;
    assert_eq!((none.tip.block.height.0, none.branches.len()), (4, 0));
    assert_eq!((none.last_final, none.left_out), (None, 0));

    // Two on the first block, another one on the lower of them.
    let low = beside(&app, main[0], 11);
    let high = beside(&app, low, 12);
    let other = beside(&app, low, 13);
    let found = told(&app).await;
    let [first, second] = &found.branches[..] else {
        panic!("{found:?}");
    };
    let hashes = |branch: &bolao_api::body::BranchBody| {
        let blocks = branch.blocks.iter();
        blocks.map(|block| block.at.hash).collect::<Vec<_>>()
    };
    assert_eq!((first.length, second.length), (2, 1));
    assert_eq!((first.from.at.hash, first.from.at.height.0), (main[0], 1));
    assert_eq!((second.from.at.hash, second.from.at.height.0), (low, 2));
    let mut leaves = [hashes(first)[0], hashes(second)[0]];
    let mut wanted = [high, other];
    leaves.sort();
    wanted.sort();
    assert_eq!(leaves, wanted);
    assert_eq!(hashes(first)[1], low);
    assert!(first.from.main_chain && !second.from.main_chain);
}

#[tokio::test]
async fn of_many_branches_the_first_are_told() {
    let app = App::new(easy(), ApiConfig::default());
    let main: Vec<BlockHash> = (0..2).map(|_| app.node.mine_now()).collect();
    for after_s in 20..40 {
        beside(&app, main[0], after_s);
    }
    let mut on = main[0];
    for _ in 0..20 {
        on = beside(&app, on, 50);
    }
    let found = told(&app).await;
    assert_eq!((found.branches.len(), found.left_out), (16, 5));
    let longest = &found.branches[0];
    assert_eq!((longest.length, longest.blocks.len()), (20, 16));
    assert_eq!(
        (longest.blocks[0].at.hash, longest.from.at.hash),
        (on, main[0])
    );
}

#[tokio::test]
async fn a_branch_that_leaves_another_below_what_is_told_of_that_says_which() {
    let app = App::new(easy(), ApiConfig::default());
    let main: Vec<BlockHash> = (0..2).map(|_| app.node.mine_now()).collect();
    let low = beside(&app, main[0], 50);
    let mut on = low;
    for _ in 0..19 {
        on = beside(&app, on, 50);
    }
    let other = beside(&app, low, 60);
    let found = told(&app).await;
    let [long, short] = &found.branches[..] else {
        panic!("{found:?}");
    };
    assert_eq!((long.blocks[0].at.hash, long.from_branch), (on, None));
    assert!(long.blocks.iter().all(|block| block.at.hash != low));
    assert_eq!((short.blocks[0].at.hash, short.from.at.hash), (other, low));
    assert_eq!(short.from_branch, Some(0));
}
