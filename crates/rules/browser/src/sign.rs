//! What the held keys sign, but for transactions.

use bolao_ledger::{Opening, UnixSeconds, ValidatorKey, encode};
use bolao_openings::Entropy;
use bolao_wallet::PushAddress;

use crate::{keys::Held, object::AnswerText, pool::Open, question::Asked, refusal::Refusal};

/// The opening of a seal of the held keys, in the chain or in what waits; nothing where the seal is another's. `nonce` is that of the
/// transaction that sealed.
pub(crate) fn opening(
    held: &Held,
    open: &Open,
    asked: &mut Asked,
) -> Result<Option<Opening>, Refusal> {
    let (match_no, nonce) = (asked.take("match_no")?, asked.take("nonce")?);
    let commitment = asked.bytes("commitment")?;
    Ok(held.key().opening(open.id, match_no, nonce, &commitment))
}

/// Deals what opens a seal of the held keys to keepers. `round` says which deal of it this is: the node's `next_round`.
pub(crate) fn deal(held: &Held, open: &Open, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let Some(opening) = opening(held, open, asked)? else {
        return Ok(AnswerText::null());
    };
    let (round, entropy) = (asked.take("round")?, Entropy(*asked.bytes("entropy")?));
    let keepers: Vec<ValidatorKey> = asked.take("keepers")?;
    let deal = held
        .key()
        .deal(open.id, &opening, round, &keepers, &entropy);
    let deal = deal.map_err(|error| Refusal::new("not-dealt", error))?;
    Ok(AnswerText::of(&hex::encode(encode(&deal))))
}

/// Signs that the held keys' player is to be told of news at a browser's address.
pub(crate) fn subscribe(
    held: &Held,
    open: &Open,
    asked: &mut Asked,
) -> Result<AnswerText, Refusal> {
    let address: PushAddress = asked.take("subscription")?;
    Ok(AnswerText::of(&held.key().subscribe(open.id, &address)))
}

/// Signs what an organiser tells a node, such as `live PtCh 1-0 63`, at a time in seconds.
pub(crate) fn say(held: &Held, open: &Open, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let text: String = asked.take("text")?;
    let at = UnixSeconds(asked.take("at")?);
    Ok(AnswerText::of(&held.key().say(&text, open.id, at)))
}
