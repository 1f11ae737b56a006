//! Answers of which the chain says a part: that part is compared, the rest is the node's word.

use bolao_answers::{
    Lookup,
    body::{TransactionBody, moment},
};
use bolao_ledger::{
    AccountId, Nonce, Placed, StateView as _, Transaction, UnixSeconds, decode, json,
};
use serde_json::Value;

use crate::{
    live,
    object::{AnswerText, object},
    refusal::{Refusal, unreadable},
    view::View,
};

/// The path of the keepers.
const KEEPERS: &str = "/api/v1/keepers";
/// The most seals that a node names.
const MOST_SEALS: usize = 512;

type Said = Result<(), Refusal>;

fn wrong(message: impl std::fmt::Display) -> Refusal {
    Refusal::new("bad-answer", message)
}

/// Compares an answer with what the chain says of it: null where it says nothing, true where that part is right, else what is wrong, in a
/// sentence.
pub(crate) fn compare(view: View<'_>, path: &str, now: UnixSeconds, body: &Value) -> AnswerText {
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let mut asked = form_urlencoded::parse(query.as_bytes());
    let account = asked.find(|(name, _)| name == "account");
    let account = account.map(|(_, text)| text.parse().map_err(wrong));
    let of = route.strip_prefix("/api/v1/").unwrap_or_default();
    let (of, rest) = of.split_once('/').unwrap_or((of, ""));
    let said = match (of, rest, account) {
        ("live", "", _) => live::scores(view, now, body),
        ("openings", "", Some(account)) => account.and_then(|it| openings(view, it, body)),
        ("transactions", "", Some(account)) => account.and_then(|it| pending(view, it, body)),
        ("transactions", id, _) if !id.is_empty() && !id.contains('/') => one(view, id, body),
        ("accounts", rest, _) => match rest.strip_suffix("/nonce") {
            Some(account) => nonce(view, account, body),
            None => return AnswerText::null(),
        },
        _ => return AnswerText::null(),
    };
    match said {
        Ok(()) => AnswerText::of(&true),
        Err(why) => AnswerText::of(&why.message),
    }
}

fn next_nonce(view: View<'_>, account: &AccountId) -> Result<(bool, Nonce), Refusal> {
    let account = view.account(account).map_err(unreadable)?;
    Ok(account.map_or((false, Nonce::ZERO), |it| (true, it.next_nonce)))
}

/// Whether an account has joined, and how many of its acts the chain holds.
fn nonce(view: View<'_>, account: &str, body: &Value) -> Said {
    let id: AccountId = account.parse().map_err(wrong)?;
    let (joined, booked) = next_nonce(view, &id)?;
    let is_good = body.get("account").and_then(Value::as_str) == Some(account)
        && body.get("joined").and_then(Value::as_bool) == Some(joined)
        && body.get("confirmed_nonce").and_then(Value::as_u64) == Some(booked.0)
        && body.get("next_nonce").and_then(Value::as_u64) >= Some(booked.0);
    if is_good {
        return Ok(());
    }
    Err(wrong(format_args!(
        "this computer miscounts what the player {account} has signed: the chain holds {booked}"
    )))
}

/// A transaction that is said to wait: signed, as it is written here, and with a place that no other has taken.
fn waiting(view: View<'_>, body: &Value) -> Result<Transaction, Refusal> {
    let false_one = |why: &str| wrong(format_args!("a transaction that is said to wait {why}"));
    let raw = body.get("raw").and_then(Value::as_str).unwrap_or_default();
    let bytes = hex::decode(raw).map_err(|_| false_one("cannot be read"))?;
    let transaction: Transaction = decode(&bytes).map_err(|_| false_one("cannot be read"))?;
    let checked = transaction.check(view.genesis, view.pool);
    let transaction = checked
        .map_err(|_| false_one("is not signed"))?
        .into_inner();
    let (_, booked) = next_nonce(view, &transaction.body.account)?;
    if transaction.body.nonce < booked {
        return Err(false_one("is in the chain, or another is in its place"));
    }
    let mut names = Lookup::new(&view);
    let own = TransactionBody::new(&mut names, transaction.id(), &transaction, &[], None);
    // As a node writes it: a second way to write it is more code for the page.
    let own = own.and_then(|own| names.write(&own)).map_err(unreadable)?;
    if json::value(&String::from_utf8_lossy(&own)).is_ok_and(|own| own == *body) {
        Ok(transaction)
    } else {
        Err(false_one(
            "is shown otherwise than its player has signed it",
        ))
    }
}

fn items<'b>(body: &'b Value, name: &str) -> Result<&'b Vec<Value>, Refusal> {
    let items = body.get(name).and_then(Value::as_array);
    items.ok_or_else(|| wrong("this computer gives no list where one should be"))
}

/// One that is said to wait. What is nowhere waits nowhere.
fn one(view: View<'_>, id: &str, body: &Value) -> Said {
    if body.is_null() || waiting(view, body)?.id().to_string() == id {
        return Ok(());
    }
    Err(wrong(
        "this computer gives another transaction than the one that was asked for",
    ))
}

/// The transactions of an account that wait for a block.
fn pending(view: View<'_>, account: AccountId, body: &Value) -> Said {
    for item in items(body, "items")? {
        if waiting(view, item)?.body.account != account {
            return Err(wrong("this computer shows what another player has signed"));
        }
    }
    Ok(())
}

/// The fields of a seal that the chain says.
fn seal(of: &Value) -> Value {
    let field = |name: &str| of.get(name);
    object!({
        "match": field("match"),
        "commitment": field("commitment"),
        "nonce": field("nonce"),
        "begins": field("begins"),
        "ends": field("ends"),
    })
    .value()
}

/// The seals of an account that stand in the chain and can still be opened, and the keepers.
fn openings(view: View<'_>, account: AccountId, body: &Value) -> Said {
    let keepers = view.answer(KEEPERS, UnixSeconds::ZERO, &[])?;
    let keepers = json::value(&keepers.unwrap_or_default());
    let keepers = keepers.map_err(|error| Refusal::new("bad-answer", error))?;
    for (name, own) in keepers.as_object().into_iter().flatten() {
        if body.get(name) != Some(own) {
            return Err(wrong("this computer names other validators than the chain"));
        }
    }
    let said = items(body, "seals")?;
    let waits = |it: &Value| it.get("waits").and_then(Value::as_bool) == Some(true);
    let standing: Vec<Value> = { said.iter().filter(|it| !waits(it)) }.map(seal).collect();
    let mut own = seals(view, account)?;
    // One that waits may stand in the place of the last of so many.
    own.truncate(if said.len() < MOST_SEALS {
        MOST_SEALS
    } else {
        standing.len()
    });
    if standing == own {
        return Ok(());
    }
    Err(wrong(
        "this computer shows other hidden tips of yours than those in the chain",
    ))
}

fn seals(view: View<'_>, account: AccountId) -> Result<Vec<Value>, Refusal> {
    let (rules, mut names, mut found) = (&view.genesis.rules, Lookup::new(&view), Vec::new());
    for no in view.items_of(&account, None).map_err(unreadable)? {
        let bet = view.bet(no, &account).map_err(unreadable)?;
        let Some((Placed::Sealed(commitment), tx)) = bet.map(|it| (it.placed, it.tx)) else {
            continue;
        };
        let Some(item) = view.item_to_open(no, rules).map_err(unreadable)? else {
            continue;
        };
        let Some(nonce) = view.nonce_of(&account, &tx) else {
            continue;
        };
        let order = (item.begins.unwrap_or(UnixSeconds(u64::MAX)), no, commitment);
        let body = object!({
            "match": names.code(no).map_err(unreadable)?,
            "commitment": hex::encode(commitment),
            "nonce": nonce,
            "begins": item.begins.map(moment),
            "ends": item.openings_end(rules.opening_window_s).map(moment),
        });
        // Sorting is more code for the page.
        let place = found.partition_point(|(other, _)| *other < order);
        found.insert(place, (order, body.value()));
    }
    Ok(found.into_iter().map(|(_, body)| body).collect())
}
