//! Who votes on blocks.

use bolao_chain::{Attendance, Attendee, equivocation, most_clocks_differ_s};
use bolao_ledger::{
    AccountId, Genesis, Height, StateView, Validator, Vote,
    table::{Cheats, Coming, Offers, Stakes},
};
use bolao_store::{Snapshot, StoreError};

use super::{
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{
        AppointmentBody, CandidateBody, ComingBody, GuiltyBody, LastVoteBody, OfferBody, PlayerRef,
        TwoHistoriesBody, ValidatorsBody, VoterBody, WaitsBody, moment,
    },
    powers,
    state::Api,
};

/// The most changes that are to come, and are named.
const MOST_COMING: usize = 100;
/// The most proofs that are named.
const MOST_GUILTY: usize = 100;
/// The most proofs against a validator that are named.
const MOST_PROOFS: usize = 16;

/// The validators of the next block, who of them is there, what they can do together, and who is to vote besides.
#[utoipa::path(get, path = "/api/v1/validators", tag = "pool", responses((status = OK, body = ValidatorsBody)))]
pub(crate) async fn validators(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let attendance = api.backend.attendance();
        let genesis = api.backend.reader().genesis();
        let mut lookup = Lookup::new(snapshot);
        let set = snapshot.validators_after(snapshot.tip()?.height)?;
        let validators = set.iter().map(|one| {
            let mut all = attendance.iter().flat_map(|all| &all.validators);
            let heard = all.find(|heard| heard.account == one.account);
            voter(&mut lookup, one, heard)
        });
        let validators = validators.collect::<Result<Vec<_>, StoreError>>()?;
        let powers: Vec<(String, u64)> = validators
            .iter()
            .map(|one| (brief(&one.validator.validator), one.validator.weight))
            .collect();
        let two_histories = two_histories(&mut lookup, genesis)?;
        // What they cannot do together is no question any more.
        let sentences = match two_histories {
            Some(_) => Vec::new(),
            None => powers::powers(genesis.proof(), most_clocks_differ_s(genesis), &powers),
        };
        Ok(ValidatorsBody {
            validators,
            waiting: appointments(&mut lookup, genesis)?,
            coming: coming(&mut lookup)?,
            change: genesis.consensus.voting().map(|it| it.change.into()),
            offers: candidates(&mut lookup, &set)?,
            guilty: guilty(&mut lookup)?,
            waits: attendance
                .and_then(|it| waits(&mut lookup, &it).transpose())
                .transpose()?,
            two_histories,
            sentences,
        })
    })
    .await
}

/// A name within a sentence: of an account without one, how it begins.
fn brief(player: &PlayerRef) -> String {
    let beginning = || {
        player
            .account
            .to_string()
            .chars()
            .take(12)
            .collect::<String>()
            + "…"
    };
    player.name.clone().unwrap_or_else(beginning)
}

fn voter(
    lookup: &mut Lookup<'_>,
    one: &Validator,
    heard: Option<&Attendee>,
) -> Result<VoterBody, StoreError> {
    let snapshot = lookup.chain();
    let staked = snapshot.get::<Stakes>(&one.account)?.unwrap_or_default();
    let cheated = snapshot.scan::<Cheats>(&one.account, None, MOST_PROOFS)?;
    let last_vote = heard.and_then(|heard| heard.last);
    Ok(VoterBody {
        validator: lookup.validator(one)?,
        staked: staked.chips.0,
        cheated: cheated
            .into_iter()
            .map(|((_, number), _)| number.0)
            .collect(),
        last_vote: last_vote.map(|last| LastVoteBody {
            height: last.height.0,
            time: moment(last.time),
        }),
        away: heard.is_some_and(|heard| heard.away),
        twice: heard.is_some_and(|heard| heard.twice),
    })
}

fn appointments(
    lookup: &mut Lookup<'_>,
    genesis: &Genesis,
) -> Result<Vec<AppointmentBody>, StoreError> {
    let found = bolao_answers::appointments(lookup.chain())?;
    let waiting = found.iter().map(|signed| {
        Ok(AppointmentBody {
            validator: lookup.validator(&signed.what)?,
            signers: lookup.players(&signed.signers)?,
            signatures_needed: genesis.quorum(&Vote::Appoint(signed.what)),
        })
    });
    waiting.collect()
}

fn coming(lookup: &mut Lookup<'_>) -> Result<Vec<ComingBody>, StoreError> {
    let coming = lookup.chain().scan::<Coming>(&(), None, MOST_COMING)?;
    let coming = coming.into_iter().map(|((at, _), wanted)| {
        Ok(ComingBody {
            validator: lookup.validator(&wanted)?,
            at: moment(at),
        })
    });
    coming.collect()
}

fn candidates(
    lookup: &mut Lookup<'_>,
    set: &[Validator],
) -> Result<Vec<CandidateBody>, StoreError> {
    let offers = bolao_answers::offers(lookup.chain(), set)?;
    let candidates = offers.into_iter().map(|(id, key)| {
        Ok(CandidateBody {
            player: lookup.player(&id)?,
            key,
        })
    });
    candidates.collect()
}

fn guilty(lookup: &mut Lookup<'_>) -> Result<Vec<GuiltyBody>, StoreError> {
    let proofs = lookup.chain().scan::<Cheats>(&(), None, MOST_GUILTY)?;
    let guilty = proofs.into_iter().map(|((id, vote), cheat)| {
        Ok(GuiltyBody {
            player: lookup.player(&id)?,
            vote: vote.0,
            transaction: cheat.tx.to_string(),
            time: moment(cheat.time),
            cut: cheat.cut.0,
        })
    });
    guilty.collect()
}

/// The second final history that this node's disk knows.
fn two_histories(
    lookup: &mut Lookup<'_>,
    genesis: &Genesis,
) -> Result<Option<TwoHistoriesBody>, StoreError> {
    let snapshot = lookup.chain();
    let Some(other) = snapshot.conflicting_final()? else {
        return Ok(None);
    };
    let (ours, signers) = if let Some(found) = equivocation(snapshot, genesis)? {
        let accounts: Vec<_> = found.signers.iter().map(|it| it.account).collect();
        let (ours, _) = found.conflict.first;
        (Some((ours.height, ours.hash)), lookup.players(&accounts)?)
    } else {
        let ours = match snapshot.final_at(other.height)? {
            None => snapshot.held_final()?,
            known => known,
        };
        (ours.map(|it| (it.height, it.hash)), Vec::new())
    };
    let (height, hash) = ours.unwrap_or((Height::ZERO, genesis.pool_id().into()));
    let names: Vec<String> = signers.iter().map(brief).collect();
    let who = match names.as_slice() {
        [] => "Validators".to_owned(),
        names => names.join(", "),
    };
    let sentence = format!(
        "{who} signed two final histories: block {height} of this node's is {hash}, block {} of the other is {}.",
        other.height, other.hash
    );
    Ok(Some(TwoHistoriesBody {
        height: height.0,
        hash,
        other_height: other.height.0,
        other_hash: other.hash,
        signers,
        sentence,
    }))
}

/// The number of votes that are proven to be signed twice, as far as they are named.
pub(super) fn proofs(snapshot: &Snapshot) -> Result<usize, StoreError> {
    Ok(snapshot.scan::<Cheats>(&(), None, MOST_GUILTY)?.len())
}

/// The wait of the next block, if somebody must be missing or signed twice.
pub(super) fn waits(
    lookup: &mut Lookup<'_>,
    attendance: &Attendance,
) -> Result<Option<WaitsBody>, StoreError> {
    let Some(since) = attendance.waits_since else {
        return Ok(None);
    };
    let away: Vec<AccountId> = attendance.away().collect();
    Ok(Some(WaitsBody {
        height: attendance.height.0,
        since: moment(since),
        away: lookup.players(&away)?,
        validators: attendance.validators.len(),
        disagree: attendance.disagree,
        twice: lookup.players(&attendance.twice().collect::<Vec<_>>())?,
        copied: attendance.copied,
    }))
}

/// The vote of a player, or the offer of one.
pub(super) fn offer(snapshot: &Snapshot, id: &AccountId) -> Result<Option<OfferBody>, StoreError> {
    let Some(key) = snapshot.get::<Offers>(id)? else {
        return Ok(None);
    };
    let staked = snapshot.get::<Stakes>(id)?.unwrap_or_default();
    let waits = staked.waiting.0 > 0;
    Ok(Some(OfferBody {
        key,
        staked: staked.chips.0,
        waiting: staked.waiting.0,
        free_at: waits.then(|| moment(staked.free_at)),
    }))
}
