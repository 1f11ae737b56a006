//! What this node noticed of changes that the chain alone does not show.

use bolao_ledger::{AccountId, Act, Fixture, MatchCode, MatchNo, Outcome, Rules, StateView as _};
use bolao_rulebook::{Finding, Said, SaidValue, finding, part};
use bolao_store::{LoggedLink, Named, Notice, NoticedChange, PlacedBet, Snapshot, StoreError};

use super::{
    page::{InPage, Page, PageQuery},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{MatchRef, NoticeBody, PlayerRef, moment},
    state::Api,
};

impl NoticeBody {
    /// A notice with the names of its match and player.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(
        snapshot: &Snapshot,
        rules: &Rules,
        number: u64,
        notice: &Notice,
    ) -> Result<Self, StoreError> {
        Self::new(&mut Lookup::new(snapshot), rules, number, notice)
    }

    pub(crate) fn new(
        lookup: &mut Lookup<'_>,
        rules: &Rules,
        number: u64,
        notice: &Notice,
    ) -> Result<Self, StoreError> {
        let change = &notice.change;
        let (about, player) = about(change);
        let player = player.map(|player| lookup.player(player)).transpose()?;
        let whose = player.as_ref().map_or_else(String::new, shown);
        let back = match in_again(lookup.chain(), change, &whose)? {
            None => bet_again(lookup, notice, &whose)?,
            back => back,
        };
        Ok(Self {
            number,
            time: moment(notice.time),
            height: notice.height.0,
            r#match: about.map(|(no, code)| MatchRef {
                no: no.0,
                code: code.as_str().to_owned(),
                kind: rules.kind_of(no).unwrap_or_default(),
            }),
            matches: lost(lookup, change)?,
            taken_back: back.is_some(),
            finding: match back {
                Some(back) => back,
                None => found(lookup, rules, change, &whose)?,
            },
            player,
        })
    }
}

/// The matches of the bets that no block will hold.
fn lost(lookup: &mut Lookup<'_>, change: &NoticedChange) -> Result<Vec<MatchRef>, StoreError> {
    match change {
        NoticedChange::BetsDropped { matches, .. } => {
            matches.iter().map(|no| lookup.code(*no)).collect()
        }
        _ => Ok(Vec::new()),
    }
}

/// The finding that a change is so no more: the chain holds the bet that was gone as it was, or the transaction that was dropped.
/// Of a sealed bet that was gone nobody can tell whether it is the same.
fn in_again(
    snapshot: &Snapshot,
    change: &NoticedChange,
    whose: &str,
) -> Result<Option<Finding>, StoreError> {
    match change {
        NoticedChange::Bet {
            about, player, was, ..
        } => {
            let now = snapshot.bet(about.no, player)?;
            let same = now.is_some_and(|it| {
                let prediction = it.prediction();
                prediction.is_some() && prediction == was.prediction && it.stake == was.stake
            });
            Ok(same.then(|| finding!("bet-back", who: whose, was: bet(was), match: title(about))))
        }
        NoticedChange::Dropped { tx, .. } | NoticedChange::BetsDropped { tx, .. } => {
            let record = snapshot.transaction(tx)?;
            let counts = record.filter(|record| record.void_bets.is_empty());
            let at = counts.map(|record| record.height);
            Ok(at.map(|height| finding!("transaction-back", who: whose, height: height)))
        }
        _ => Ok(None),
    }
}

/// The finding that whoever lost bets has bet on all of those matches since.
fn bet_again(
    lookup: &mut Lookup<'_>,
    notice: &Notice,
    whose: &str,
) -> Result<Option<Finding>, StoreError> {
    let since = |no: &MatchNo, player: &AccountId| {
        let now = lookup.chain().bet(*no, player)?;
        Ok::<_, StoreError>(now.is_some_and(|bet| bet.height > notice.height))
    };
    match &notice.change {
        NoticedChange::Bet {
            about,
            player,
            was,
            begun: false,
            ..
        } if since(&about.no, player)? => {
            let (was, about) = (bet(was), title(about));
            Ok(Some(
                finding!("bet-again", who: whose, was: was, match: about),
            ))
        }
        NoticedChange::BetsDropped {
            player, matches, ..
        } => {
            for no in matches {
                if !since(no, player)? {
                    return Ok(None);
                }
            }
            let matches = codes(lookup, matches)?;
            Ok(Some(finding!("bets-again", who: whose, matches: matches)))
        }
        _ => Ok(None),
    }
}

/// The last notice of those that are so still, among the latest.
pub(super) fn last(snapshot: &Snapshot, rules: &Rules) -> Result<Option<NoticeBody>, StoreError> {
    for (number, notice) in snapshot.notices(None, LOOKED_THROUGH)? {
        let body = NoticeBody::read(snapshot, rules, number, &notice)?;
        if !body.taken_back {
            return Ok(Some(body));
        }
    }
    Ok(None)
}

/// The number of the latest notices that are looked through for one that is so still.
const LOOKED_THROUGH: usize = 50;

/// The number and code of what a change is about, and its player, where it has one.
fn about(change: &NoticedChange) -> (Option<(MatchNo, &MatchCode)>, Option<&AccountId>) {
    match change {
        NoticedChange::Bet { about, player, .. } | NoticedChange::Void { player, about, .. } => {
            (Some((about.no, &about.code)), Some(player))
        }
        NoticedChange::Result { about, .. } => (Some((about.no, &about.code)), None),
        NoticedChange::Schedule { was, .. } => (Some((was.no, &was.code)), None),
        NoticedChange::Name { was: player, .. }
        | NoticedChange::HeldBack { player, .. }
        | NoticedChange::Dropped { player, .. }
        | NoticedChange::LateAct { player, .. }
        | NoticedChange::BetsDropped { player, .. } => (None, Some(player)),
        NoticedChange::Signed(act) => (act.about().zip(act.code()), None),
        _ => (None, None),
    }
}

fn found(
    lookup: &mut Lookup<'_>,
    rules: &Rules,
    change: &NoticedChange,
    whose: &str,
) -> Result<Finding, StoreError> {
    Ok(match change {
        NoticedChange::Bet {
            about,
            was,
            is,
            begun,
            ..
        } => of_bet(whose, about, was, is.as_ref(), *begun),
        NoticedChange::Result { about, was, is } => of_record(about, was, is.as_ref()),
        NoticedChange::Schedule { was, is } => of_schedule(was, is.as_ref()),
        NoticedChange::Name { name, was, is } => of_name(name.as_str(), was, is.as_ref()),
        NoticedChange::LateBets {
            block,
            height,
            time,
            matches,
        } => {
            let (block, matches) = (block.to_string(), codes(lookup, matches)?);
            finding!("late-bets", block: block, height: *height, time: *time, matches: matches)
        }
        NoticedChange::Dated {
            block,
            height,
            time,
            seen,
            clock_agrees,
        } => {
            let (code, block) = (dated(time > seen, *clock_agrees), block.to_string());
            finding!(code, block: block, height: *height, time: *time, seen: *seen)
        }
        NoticedChange::HeldBack {
            matches,
            since,
            block,
            ..
        } => {
            let matches = codes(lookup, matches)?;
            finding!("bets-held-back", who: whose, matches: matches, since: *since, height: *block)
        }
        NoticedChange::Mended { kept, found } => {
            finding!("store-mended", kept: *kept, found: *found)
        }
        NoticedChange::Dropped { action, why, .. } => {
            finding!("transaction-dropped", action: &**action, why: &**why)
        }
        NoticedChange::BetsDropped { matches, why, .. } => {
            let matches = codes(lookup, matches)?;
            finding!("bets-dropped", who: whose, matches: matches, why: &**why)
        }
        NoticedChange::Void { about, late, .. } => void(whose, about, *late),
        NoticedChange::LateAct {
            action, matches, ..
        } => finding!("act-too-late", action: &**action, matches: codes(lookup, matches)?),
        NoticedChange::Signed(act) => signed(lookup, rules, act)?,
        NoticedChange::Link {
            url,
            host,
            seer,
            certificate,
        } => {
            let (host, seer) = (lookup.player(host)?, lookup.player(seer)?);
            of_link(url, &host, &seer, certificate)
        }
        NoticedChange::Logged(it) => {
            let (host, reader) = (lookup.player(&it.host)?, lookup.player(&it.reader)?);
            of_log(it, &host, &reader)
        }
        NoticedChange::More { count } => finding!("more-changes", count: *count),
    })
}

fn void(whose: &str, about: &Named, late: bool) -> Finding {
    let code = if late {
        "bet-too-late"
    } else {
        "bet-without-chips"
    };
    finding!(code, who: whose, match: title(about))
}

fn of_bet(
    whose: &str,
    about: &Named,
    was: &PlacedBet,
    is: Option<&PlacedBet>,
    begun: bool,
) -> Finding {
    let code = match (is, begun) {
        (None, false) => "bet-gone",
        (None, true) => "bet-gone-for-good",
        (Some(_), false) => "bet-changed",
        (Some(_), true) => "bet-changed-for-good",
    };
    let was = bet(was);
    match is {
        None => finding!(code, who: whose, match: title(about), was: was),
        Some(is) => finding!(code, who: whose, match: title(about), was: was, is: bet(is)),
    }
}

fn of_record(about: &Named, was: &Outcome, is: Option<&Outcome>) -> Finding {
    let was = record(was);
    match is {
        None => finding!("result-gone", match: title(about), was: was),
        Some(is) => finding!("result-changed", match: title(about), was: was, is: record(is)),
    }
}

fn of_schedule(was: &Fixture, is: Option<&Fixture>) -> Finding {
    match is {
        None => finding!("match-gone", was: schedule(was)),
        Some(is) => finding!("match-changed", was: schedule(was), is: schedule(is)),
    }
}

fn signed(lookup: &mut Lookup<'_>, rules: &Rules, act: &Act) -> Result<Finding, StoreError> {
    let signers: Vec<_> = lookup.players(&act.signers)?.iter().map(shown).collect();
    let changes = lookup.told(rules, act)?;
    Ok(finding!("organisers-changed", who: signers.join(", "), changes: changes))
}

fn of_name(name: &str, was: &AccountId, is: Option<&AccountId>) -> Finding {
    let was = was.to_string();
    match is {
        None => finding!("name-gone", name: name, was: was),
        Some(is) => finding!("name-taken", name: name, was: was, is: is.to_string()),
    }
}

const fn dated(ahead: bool, clock_agrees: bool) -> &'static str {
    match (ahead, clock_agrees) {
        (true, true) => "dated-ahead",
        (true, false) => "dated-ahead-or-own-clock",
        (false, true) => "backdated",
        (false, false) => "backdated-or-own-clock",
    }
}

fn codes(lookup: &mut Lookup<'_>, matches: &[MatchNo]) -> Result<String, StoreError> {
    let codes = matches.iter().map(|no| Ok(lookup.code(*no)?.code));
    let codes: Vec<_> = codes.collect::<Result<_, StoreError>>()?;
    Ok(codes.join(", "))
}

/// The finding that somebody between a link and its node opens the connection.
pub(super) fn of_link(
    url: &str,
    host: &PlayerRef,
    seer: &PlayerRef,
    certificate: &[u8; 32],
) -> Finding {
    let certificate = hex::encode(certificate);
    finding!("foreign-key", url: url, host: shown(host), seer: shown(seer), certificate: certificate)
}

/// The finding that a public log lists a certificate with another key.
pub(super) fn of_log(it: &LoggedLink, host: &PlayerRef, reader: &PlayerRef) -> Finding {
    let code = match (it.fronted, it.is_wildcard) {
        (true, _) => "logged-key-of-proxy",
        (false, true) => "logged-wildcard",
        (false, false) => "logged-key",
    };
    let (url, log, id) = (it.url.as_str(), it.log.as_str(), it.id.as_str());
    let (host, reader, key) = (shown(host), shown(reader), hex::encode(it.key));
    finding!(code, url: url, host: host, reader: reader, log: log, id: id, key: key)
}

fn shown(player: &PlayerRef) -> String {
    match &player.name {
        Some(name) => name.clone(),
        None => player.account.to_string(),
    }
}

fn title(of: &Named) -> Said {
    part!("part-coded", match: &of.title, code: of.code.as_str())
}

fn bet(bet: &PlacedBet) -> SaidValue {
    let prediction = bet.prediction.map_or_else(
        || part!("part-sealed").into(),
        |prediction| prediction.words().into(),
    );
    match bet.stake.0 {
        0 => prediction,
        chips => part!("part-staked", score: prediction, chips: chips).into(),
    }
}

fn record(outcome: &Outcome) -> Said {
    let status = part!(&format!("part-{}", outcome.status.name()));
    let Some(score) = outcome.after_120.or(outcome.after_90) else {
        return status;
    };
    let score = score.to_string();
    match outcome.shootout {
        None => part!("part-scored", score: score, status: status),
        Some(shootout) => {
            let shootout = shootout.to_string();
            part!("part-shootout", score: score, status: status, shootout: shootout)
        }
    }
}

fn schedule(game: &Fixture) -> Said {
    let title = title(&game.into());
    match game.kickoff {
        Some(kickoff) => part!("part-match-at", match: title, kickoff: kickoff),
        None => part!("part-match-undated", match: title),
    }
}

/// The notices of this node, the last first.
///
/// When the chain changes to a branch with more work, whatever that takes or changes of bets, records, schedules and
/// names is noticed here; so is a transaction that this node had taken and that no block will hold. These are this node's
/// own notices: another node may have others.
#[utoipa::path(get, path = "/api/v1/notices", tag = "node", params(PageQuery),
    responses((status = OK, body = Page<NoticeBody>)))]
pub(crate) async fn notices(api: Api, InPage(page): InPage<u64>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = &api.backend.reader().genesis().rules;
        let found = snapshot.notices(page.after, page.wanted())?;
        let mut lookup = Lookup::new(snapshot);
        page.page(found, |(number, _)| *number)
            .map(|(number, notice)| Ok(NoticeBody::new(&mut lookup, rules, number, &notice)?))
    })
    .await
}
