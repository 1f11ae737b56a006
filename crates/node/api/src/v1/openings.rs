//! What players deal to keepers, and what keepers hold.

use std::collections::BTreeMap;

use axum::{Json, http::StatusCode, response::IntoResponse as _};
use bolao_chain::Seals;
use bolao_ledger::{
    AccountId, Genesis, Item, Nonce, Placed, StateView as _, TxId, UnixSeconds, Validator, decode,
    table::KeyOwners,
};
use bolao_openings::{Deal, Kept, SealId, few};
use bolao_store::{Snapshot, StoreError};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    asked::ask,
    game::clock,
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{
        DealsBody, DealsTakenBody, DealtBody, DealtToBody, KeeperBody, KeepersBody, KeptSealBody,
        OpeningsBody, moment,
    },
    extract::{Body, InQuery, sent},
    problem::Problem,
    state::Api,
};

/// The most deals of one request.
const MOST_DEALS: usize = 128;
/// The most seals of one answer.
const MOST_SEALS: usize = 512;

/// The account whose seals are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpeningsQuery {
    /// The account.
    #[param(value_type = String)]
    account: AccountId,
}

/// The keepers of openings, how many of them it takes, and of each seal of an account who holds a share. What is here is no secret:
/// deals are encrypted, and shares are given out only after kick-off.
#[utoipa::path(get, path = "/api/v1/openings", tag = "pool", params(OpeningsQuery),
    responses((status = OK, body = OpeningsBody)))]
pub(crate) async fn openings(api: Api, InQuery(query): InQuery<OpeningsQuery>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        let keepers = ask(api, snapshot, clock(), &[], |asked| Ok(asked.keepers()?))?;
        Ok(found(snapshot, genesis, keepers, &query.account)?)
    })
    .await
}

/// A seal that can still be opened.
struct Sealed {
    item: Item,
    seal: SealId,
    nonce: Nonce,
    waits: bool,
}

fn found(
    snapshot: &Snapshot,
    genesis: &Genesis,
    keepers: KeepersBody,
    account: &AccountId,
) -> Result<OpeningsBody, StoreError> {
    let set = snapshot.keepers_after(genesis, snapshot.tip()?.height)?;
    let mut lookup = Lookup::new(snapshot);
    let seals = seals(snapshot, genesis, account)?;
    let window_s = genesis.rules.opening_window_s;
    let seals = seals.into_iter().map(|sealed| {
        let Sealed {
            item,
            seal,
            nonce,
            waits,
        } = sealed;
        let kept = snapshot.kept(&seal)?;
        let same = |kept: &Kept| {
            let dealt = kept.deal.body.handed.iter().map(|handed| handed.keeper);
            let mut today: Vec<_> = set.iter().map(|one| one.key).collect();
            today.sort_unstable();
            dealt.eq(today)
        };
        let deal = keepers.has_keepers && !kept.as_ref().is_some_and(same);
        let next_round = kept
            .as_ref()
            .map_or(Some(0), |kept| kept.deal.body.round.checked_add(1));
        let dealt = kept
            .map(|kept| dealt(&mut lookup, &set, &kept))
            .transpose()?;
        Ok(KeptSealBody {
            r#match: lookup.code(seal.match_no)?,
            commitment: hex::encode(seal.commitment),
            nonce: nonce.0,
            waits,
            begins: item.begins.map(moment),
            ends: item.openings_end(window_s).map(moment),
            will_open: dealt.as_ref().is_some_and(|it| it.holding >= it.needed),
            dealt,
            deal,
            next_round,
        })
    });
    Ok(OpeningsBody {
        seals: seals.collect::<Result<_, StoreError>>()?,
        keepers,
    })
}

/// The place of a seal: in the chain, or among what waits.
enum Place {
    Block(TxId),
    Waits(Nonce),
}

/// The seals of an account that can still be opened, those that begin first, [`MOST_SEALS`] at most, each with its transaction's
/// nonce and whether that waits for a block. No block is read for any other seal.
fn seals(
    snapshot: &Snapshot,
    genesis: &Genesis,
    account: &AccountId,
) -> Result<Vec<Sealed>, StoreError> {
    let seal = |match_no, commitment| SealId {
        match_no,
        account: *account,
        commitment,
    };
    let (mut openable, mut found) = (Seals::new(snapshot, genesis), BTreeMap::new());
    for no in snapshot.items_of(account, None)? {
        let bet = snapshot.bet(no, account)?;
        if let Some((Placed::Sealed(commitment), tx)) = bet.map(|bet| (bet.placed, bet.tx))
            && let Some(item) = openable.item_to_open(no)?
        {
            let place = (item.clone(), Place::Block(tx));
            found.insert(seal(no, commitment), place);
        }
    }
    for (seal, nonce) in openable.waiting_of(account)?.clone() {
        if let Some(item) = openable.item_to_open(seal.match_no)? {
            let place = (item.clone(), Place::Waits(nonce));
            found.entry(seal).or_insert(place);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(seal, (item, _))| (item.begins.unwrap_or(UnixSeconds(u64::MAX)), *seal));
    found.truncate(MOST_SEALS);
    let read = found.iter().filter_map(|(_, (_, place))| match place {
        Place::Block(tx) => Some(*tx),
        Place::Waits(_) => None,
    });
    let read = snapshot.confirmed_transactions(read)?;
    let sealed = found.into_iter().filter_map(|(seal, (item, place))| {
        let (nonce, waits) = match place {
            Place::Block(tx) => (read.get(&tx)?.body.nonce, false),
            Place::Waits(nonce) => (nonce, true),
        };
        Some(Sealed {
            item,
            seal,
            nonce,
            waits,
        })
    });
    Ok(sealed.collect())
}

fn dealt(lookup: &mut Lookup<'_>, set: &[Validator], kept: &Kept) -> Result<DealtBody, StoreError> {
    let (body, snapshot) = (&kept.deal.body, lookup.chain());
    let mut keepers = Vec::new();
    for (place, handed) in (0_u8..).zip(&body.handed) {
        let owner = match set.iter().find(|one| one.key == handed.keeper) {
            Some(one) => Some(one.account),
            // One who was replaced since.
            None => snapshot.get::<KeyOwners>(&handed.keeper)?,
        };
        let gave = kept.shares.contains_key(&place);
        keepers.push(DealtToBody {
            keeper: KeeperBody {
                keeper: lookup.player(&owner.unwrap_or(AccountId(handed.keeper.0)))?,
                key: handed.keeper,
            },
            holds: gave || kept.receipts.contains_key(&place),
            gave,
        });
    }
    Ok(DealtBody {
        round: body.round,
        needed: body.needed(),
        host_could_look: few(body.handed.len()),
        holding: keepers.iter().filter(|to| to.holds).count(),
        keepers,
    })
}

/// Deals what opens sealed bets to the keepers, so that they open them while their player is away. 202: all of it is kept here and on
/// its way to them; `GET` says who holds a share. 400 or 422: the first that is not good, and why; nothing is kept then.
///
/// A deal is of one seal, which stands in the chain or waits for a block, is signed by its player, and hands a share to each of the
/// keepers (`docs/PROTOCOL.md`, section 15). Of one seal the deal of the highest round is kept. The body is 256 KiB at most.
#[utoipa::path(post, path = "/api/v1/openings", tag = "pool", operation_id = "deal_openings", request_body = DealsBody,
    responses((status = ACCEPTED, body = DealsTakenBody)))]
pub(crate) async fn deal_openings(api: Api, headers: HeaderMap, Body(body): Body) -> Reply {
    const WANTED: &str = r#"{"deals": ["HEXADECIMAL", …]}"#;
    let submitted: DealsBody = sent(&headers, &body, WANTED)?;
    let count = submitted.deals.len();
    if count == 0 || count > MOST_DEALS {
        let problem = format!("got {count} deals, wanted 1 to {MOST_DEALS} in one request");
        return Err(Problem::bad_request(problem));
    }
    let deals = (1..).zip(submitted.deals).map(|(place, deal)| {
        let bytes = hex::decode(deal).map_err(|_| {
            let wanted = "hexadecimal digits, two a byte";
            Problem::bad_request(format!("wanted {WANTED}; deal {place}: wanted {wanted}"))
        })?;
        decode::<Deal>(&bytes)
            .map_err(|error| Problem::rejected(error.reason(), format!("deal {place}: {error}")))
    });
    let deals = deals.collect::<Result<Vec<_>, Problem>>()?;
    let taken = api.backend.keep_openings(deals).await?;
    let body = Json(DealsTakenBody { taken });
    Ok((StatusCode::ACCEPTED, body).into_response())
}
