//! What organisers have signed, and too few others yet.

use bolao_ledger::{
    AccountId, MatchNo, MatchResult, PageAddress, StateView, Validator, ValidatorKey, Vote,
    table::{Appointments, Offers, OrganiserVotes, Votes},
};

/// The most signatures, and the most offers, that are read: each organiser may sign about each player.
const MOST: usize = 1_000;

/// One thing that some have signed alike, and its signers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T, K = ()> {
    /// The place of the first signature in the ledger's table.
    pub key: K,
    /// The thing that they signed.
    pub what: T,
    /// They, in the order of their accounts.
    pub signers: Vec<AccountId>,
}

/// The place of a vote about a match: kind, match, organiser.
type VoteKey = (u8, MatchNo, AccountId);

/// After every account of a match.
const LAST: AccountId = AccountId([u8::MAX; 32]);

/// Puts alike signatures together, in the order of the first ones.
fn alike<K, T: PartialEq>(
    signed: impl IntoIterator<Item = (K, AccountId, T)>,
) -> Vec<Signed<T, K>> {
    let mut found: Vec<Signed<T, K>> = Vec::new();
    for (key, signer, what) in signed {
        match found.iter_mut().find(|other| other.what == what) {
            Some(other) => other.signers.push(signer),
            None => found.push(Signed {
                key,
                what,
                signers: vec![signer],
            }),
        }
    }
    found
}

/// Gives the votes of one kind that wait on one match. Genesis bounds how many organisers there are, and each has one vote.
fn of_kind<S: StateView>(
    state: &S,
    kind: u8,
    no: MatchNo,
) -> Result<Vec<Signed<Vote, VoteKey>>, S::Error> {
    let votes = state.scan::<Votes>(&(kind, no), None, usize::MAX)?;
    let mut found = alike(votes.into_iter().map(|(key, vote)| (key, key.2, vote)));
    // # Rule R5: a record that is final is not corrected, so nothing can become of what was signed against it.
    let is_record = |waiting: &Signed<Vote, VoteKey>| matches!(waiting.what, Vote::Result(_));
    if found.iter().any(is_record)
        && state
            .result(no)?
            .as_ref()
            .is_some_and(MatchResult::is_settled)
    {
        found.retain(|waiting| !is_record(waiting));
    }
    Ok(found)
}

/// Gives the votes that wait on a match after a place, schedules before records.
pub fn waiting_of_match<S: StateView>(
    state: &S,
    no: MatchNo,
    after: Option<VoteKey>,
) -> Result<Vec<Signed<Vote, VoteKey>>, S::Error> {
    let mut found = Vec::new();
    for kind in Vote::KINDS {
        found.extend(of_kind(state, kind, no)?);
    }
    found.retain(|waiting| after.is_none_or(|after| waiting.key > after));
    Ok(found)
}

/// Gives the votes that wait on all matches after a place: at least `wanted` if there are so many. Schedules come before records,
/// both in the order of the matches' numbers.
pub fn waiting<S: StateView>(
    state: &S,
    after: Option<VoteKey>,
    wanted: usize,
) -> Result<Vec<Signed<Vote, VoteKey>>, S::Error> {
    let (mut found, mut last) = (Vec::new(), None);
    if let Some((kind, no, _)) = after {
        found = of_kind(state, kind, no)?;
        found.retain(|waiting| after.is_none_or(|after| waiting.key > after));
        last = Some((kind, no, LAST));
    }
    for kind in Vote::KINDS {
        if last.is_some_and(|(before, ..)| before > kind) {
            continue;
        }
        while found.len() < wanted {
            let last_of_kind = last.filter(|(before, ..)| *before == kind);
            let mut next = state.scan::<Votes>(&kind, last_of_kind.as_ref(), 1)?;
            let Some(((_, no, _), _)) = next.pop() else {
                break;
            };
            found.extend(of_kind(state, kind, no)?);
            last = Some((kind, no, LAST));
        }
    }
    Ok(found)
}

/// An account that is to organise, or no more.
pub type OrganiserVote = Signed<(AccountId, bool)>;

/// Accounts that are to organise, or no more, by the first 1,000 signatures.
pub fn organiser_votes<S: StateView>(state: &S) -> Result<Vec<OrganiserVote>, S::Error> {
    let signed = state.scan::<OrganiserVotes>(&(), None, MOST)?.into_iter();
    Ok(alike(signed.map(|((about, signer), added)| {
        ((), signer, (about, added))
    })))
}

/// Addresses of the page that organisers have signed, and too few others yet.
pub fn addresses<S: StateView>(state: &S) -> Result<Vec<Signed<PageAddress>>, S::Error> {
    let votes = state.scan::<Votes>(&Vote::ADDRESS, None, MOST)?.into_iter();
    Ok(alike(votes.filter_map(
        |((_, _, signer), vote)| match vote {
            Vote::Address(address) => Some(((), signer, address)),
            _ => None,
        },
    )))
}

/// Validators that are to be, by the first 1,000 signatures.
pub fn appointments<S: StateView>(state: &S) -> Result<Vec<Signed<Validator>>, S::Error> {
    let signed = state.scan::<Appointments>(&(), None, MOST)?.into_iter();
    Ok(alike(
        signed.map(|((_, signer), validator)| ((), signer, validator)),
    ))
}

/// Players who offer to vote and do not yet, with their keys, by the first 1,000 offers.
pub fn offers<S: StateView>(
    state: &S,
    set: &[Validator],
) -> Result<Vec<(AccountId, ValidatorKey)>, S::Error> {
    let mut offers = state.scan::<Offers>(&(), None, MOST)?;
    offers.retain(|(account, _)| set.iter().all(|one| one.account != *account));
    Ok(offers)
}
