//! Blocks, as this device knows them itself: their hashes, times and transactions are kept of every block that was replayed. Who made one
//! and who confirmed it is read from the bytes that a node sends of it, which must have that very hash, Merkle root and signatures.

use bolao_answers::{Lookup, body::moment};
use bolao_ledger::{
    AccountId, Block, BlockHash, Certificate, Decision, Height, StateView as _, decode, merkle_root,
};
use bolao_replay::{Decoder, Record};

use crate::{
    object::{AnswerText, object},
    question::Asked,
    refusal::{Refusal, unreadable},
    view::View,
};

/// The most blocks of one answer.
const MOST: u64 = 500;

fn lie(message: impl std::fmt::Display) -> Refusal {
    Refusal::new("broken-chain", message)
}

/// The last blocks below a height, the highest first.
pub(crate) fn list(view: View<'_>, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let (below, limit): (Option<Height>, u64) = (asked.take("below")?, asked.take("limit")?);
    let tip = view.tip.height;
    let end = below.map_or(tip.next(), |below| below.min(tip.next()));
    let heights = (0..end.0)
        .rev()
        .take(usize::try_from(limit.min(MOST)).unwrap_or(0));
    let blocks = heights.filter_map(|height| known(view, Height(height)));
    Ok(AnswerText::of(&blocks.collect::<Vec<_>>()))
}

/// A block by its hash or height; null where the chain has no such block.
pub(crate) fn one(view: View<'_>, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let which: String = asked.take("which")?;
    // 64 digits are a hash even where they are decimal.
    let height = match (which.parse::<BlockHash>(), which.parse()) {
        (Ok(hash), _) => view.replay.height_of(&hash),
        (Err(_), Ok(height)) => Some(Height(height)),
        (Err(_), Err(_)) => None,
    };
    Ok(height
        .and_then(|height| known(view, height))
        .unwrap_or_else(AnswerText::null))
}

fn known(view: View<'_>, height: Height) -> Option<AnswerText> {
    let (hash, time) = view.replay.block_at(height)?;
    let hash_at = |height| view.replay.block_at(height).map(|(hash, _)| hash);
    Some(object!({
        "height": height,
        "hash": hash,
        "previous": height.checked_sub(1).and_then(hash_at),
        "next": hash_at(height.next()),
        "time": moment(time),
        "transactions": view.booked_at(height).len(),
    }))
}

/// The beginning of a part of the chain, whose first block is the one at a height; null as long as that has not come.
pub(crate) fn read(view: View<'_>, height: Height, part: &[u8]) -> Result<AnswerText, Refusal> {
    let mut decoder = Decoder::default();
    decoder.feed(part);
    let mut block: Option<Block> = None;
    loop {
        let record = decoder.next_record();
        let record = record.map_err(|error| Refusal::new("bad-part", error))?;
        let certificate = match record {
            None => return Ok(AnswerText::null()),
            Some(Record::Tip(_) | Record::Proof { .. }) if block.is_none() => continue,
            Some(Record::Block(bytes)) if block.is_none() => {
                let read = decode(&bytes).map_err(|error| {
                    lie(format_args!(
                        "a block that this computer sent is damaged: {error}"
                    ))
                })?;
                block = Some(read);
                continue;
            }
            Some(Record::Certificate(bytes)) => Some(bytes),
            Some(_) => None,
        };
        let block = block.ok_or_else(|| lie("this computer sent no block"))?;
        return proven(view, height, &block, certificate.as_deref());
    }
}

/// A block's maker and signers.
fn proven(
    view: View<'_>,
    height: Height,
    block: &Block,
    certificate: Option<&[u8]>,
) -> Result<AnswerText, Refusal> {
    let hash = block.hash();
    let wanted = view.replay.block_at(height).map(|(hash, _)| hash);
    if wanted != Some(hash) || merkle_root(&block.leaves()) != block.header.merkle_root {
        return Err(lie(format_args!(
            "this computer sends another block {height} than the one that this device has checked"
        )));
    }
    let mut names = Lookup::new(&view);
    let miner = names.player(&block.coinbase.miner).map_err(unreadable)?;
    // Where work makes blocks, what confirms one may come with a later one.
    let certificate = certificate.filter(|_| view.replay.is_final_throughout());
    let signers = certificate.map(|bytes| signers(view, height, hash, bytes));
    let signers = signers
        .transpose()?
        .map(|accounts| names.players(&accounts).map_err(unreadable));
    let header = &block.header;
    Ok(object!({
        "miner": miner,
        "signers": signers.transpose()?,
        "merkle_root": BlockHash(header.merkle_root),
        "bits": format!("{:08x}", header.bits().to_consensus()),
        "nonce": header.nonce,
        "version": header.version,
    }))
}

/// Those whose signatures over a block are good.
fn signers(
    view: View<'_>,
    height: Height,
    hash: BlockHash,
    certificate: &[u8],
) -> Result<Vec<AccountId>, Refusal> {
    let below = height.checked_sub(1).unwrap_or_default();
    let set = view.validator_set_after(below).map_err(unreadable)?;
    let set = set.ok_or_else(|| lie("nobody may confirm blocks"))?;
    let certificate = Certificate::read(certificate).map_err(lie)?;
    let decision = Decision::plain(height, hash);
    let good = certificate.verify(&set, view.pool, height, decision);
    good.map_err(|error| lie(format_args!("what confirms block {height}: {error}")))?;
    let signers = certificate.signatures.keys().filter_map(|key| set.get(key));
    Ok(signers.map(|one| one.account).collect())
}
