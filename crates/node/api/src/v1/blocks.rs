//! Blocks.

use bolao_chain::stamp;
use bolao_ledger::{Block, BlockHash, Genesis, Height, ValidatorsHash, decode};
use bolao_store::{HeaderRecord, Snapshot};

use super::{
    page::{self, InPage, Page, PageQuery},
    read::{Reply, tagged_json},
};
use crate::{
    body::{BlockBody, CoinbaseBody, DatedBlock},
    extract::InPath,
    problem::Problem,
    state::Api,
};

impl BlockBody {
    fn new(rules: &Genesis, record: &HeaderRecord, body: Option<&Block>, main_chain: bool) -> Self {
        let header = &record.header;
        let genesis = record.height == Height::ZERO;
        Self {
            at: DatedBlock {
                id: record.block,
                time: header.time(),
            },
            previous: header.previous,
            merkle_root: BlockHash(header.merkle_root).to_string(),
            bits: format!("{:08x}", header.bits().to_consensus()),
            nonce: header.nonce,
            version: header.version,
            work: format!("{:x}", record.work),
            main_chain,
            transactions: match body {
                Some(block) => Some(block.transactions.len()),
                None => genesis.then_some(0),
            },
            coinbase: body.map(|block| CoinbaseBody {
                miner: block.coinbase.miner,
                message: String::from_utf8_lossy(block.coinbase.words(rules)).into_owned(),
                // # Rule Q11: the message begins with it.
                validators: rules.consensus.voting().and_then(|_| {
                    let hash = block.coinbase.message.first_chunk();
                    hash.map(|hash| ValidatorsHash(*hash))
                }),
            }),
            stamp: None,
        }
    }
}

/// Bodies read for one page, bytes; the page ends at the block that goes beyond.
const BODIES_A_PAGE: usize = 8 * 1024 * 1024;

/// The blocks of the main chain, the last first.
#[utoipa::path(get, path = "/api/v1/blocks", tag = "chain", params(PageQuery),
    responses((status = OK, body = Page<BlockBody>)))]
pub(crate) async fn blocks(api: Api, InPage(page): InPage<Height>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = api.backend.reader().genesis();
        let tip = snapshot.tip()?.height;
        let mut next = match page.after {
            None => Some(tip),
            Some(after) => after.min(tip.next()).checked_sub(1),
        };
        let mut items = Vec::new();
        let mut read = 0_usize;
        while let Some(height) = next.filter(|_| items.len() < page.limit && read < BODIES_A_PAGE) {
            if let Some(record) = snapshot.header_at(height)? {
                let bytes = snapshot.block_bytes(&record.hash)?;
                read = read.saturating_add(bytes.as_ref().map_or(0, Vec::len));
                let body = bytes.and_then(|bytes| decode::<Block>(&bytes).ok());
                items.push(BlockBody::new(rules, &record, body.as_ref(), true));
            }
            next = height.checked_sub(1);
        }
        let next_cursor = next.map(|next| page::cursor(&next.next()));
        Ok(Page { items, next_cursor })
    })
    .await
}

/// One block, of any branch.
#[utoipa::path(get, path = "/api/v1/blocks/{block}", tag = "chain",
    params(("block" = String, Path, description = "A hash, or a height of the main chain")),
    responses((status = OK, body = BlockBody)))]
pub(crate) async fn block(api: Api, InPath(block): InPath<String>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = api.backend.reader().genesis();
        let record = find_block(snapshot, &block)?;
        let main_chain = snapshot.hash_at(record.height)? == Some(record.hash);
        let body = snapshot.block(&record.hash)?;
        let block = BlockBody::new(rules, &record, body.as_ref(), main_chain);
        let stamp = if main_chain {
            stamp(snapshot, rules, record.height)?
        } else {
            None
        };
        Ok(BlockBody { stamp, ..block })
    })
    .await
}

/// The block with a hash, or at a height of the main chain.
fn find_block(snapshot: &Snapshot, which: &str) -> Result<HeaderRecord, Problem> {
    // 64 digits are a hash even where they are decimal.
    let found = match (which.parse::<BlockHash>(), which.parse().map(Height)) {
        (Ok(hash), _) => snapshot.header(&hash)?,
        (Err(_), Ok(height)) => snapshot.header_at(height)?,
        (Err(_), Err(_)) => {
            return Err(Problem::bad_request(
                "wanted a block's hash (64 hexadecimal digits) or a height",
            ));
        }
    };
    found.ok_or_else(|| Problem::not_found(format!("this node has no block {which}")))
}
