//! What this node noticed of changes that the chain alone does not show.

use bolao_ledger::{
    AccountId, BlockHash, Fixture, Height, MatchNo, Outcome, Rules, StateView as _, Status,
    UnixSeconds,
};
use bolao_rulebook::{Said, english};
use bolao_store::{Notice, NoticedChange, PlacedBet, Snapshot, StoreError};

use super::{
    page::{InPage, Page, PageQuery},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{MatchRef, NoticeBody, NoticeKind, PlayerRef, moment},
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
        let (kind, game, player) = about(change);
        let player = player.map(|player| lookup.player(player)).transpose()?;
        let whose = player.as_ref().map_or_else(String::new, shown);
        let back = match in_again(lookup.chain(), change, &whose)? {
            None => bet_again(lookup, notice, &whose)?,
            back => back,
        };
        let said = match change {
            NoticedChange::Signed(act) => lookup.told(rules, act)?,
            _ => Vec::new(),
        };
        Ok(Self {
            number,
            time: moment(notice.time),
            height: notice.height.0,
            kind,
            r#match: game.map(|game| MatchRef {
                no: game.no.0,
                code: game.code.as_str().to_owned(),
            }),
            matches: lost(lookup, change)?,
            taken_back: back.is_some(),
            text: match back {
                Some(back) => back,
                None if said.is_empty() => text(lookup, change, &whose)?,
                None => signed(lookup, change, &said)?,
            },
            said,
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

/// A sentence that a change is so no more: the chain holds the bet that was gone as it was, or the transaction that was dropped. Of a
/// sealed bet that was gone nobody can tell whether it is the same.
fn in_again(
    snapshot: &Snapshot,
    change: &NoticedChange,
    whose: &str,
) -> Result<Option<String>, StoreError> {
    match change {
        NoticedChange::Bet {
            game, player, was, ..
        } => {
            let now = snapshot.bet(game.no, player)?;
            let same = now.is_some_and(|it| {
                let score = it.score();
                score.is_some() && score == was.score && it.stake == was.stake
            });
            let (was, title) = (bet(was), title(game));
            Ok(same.then(|| {
                format!(
                    "{whose}'s bet {was} on {title} was missing for a while, and is in the chain again"
                )
            }))
        }
        NoticedChange::Dropped { tx, .. } | NoticedChange::BetsDropped { tx, .. } => {
            let record = snapshot.transaction(tx)?;
            let counts = record.filter(|record| record.void_bets.is_empty());
            Ok(counts.map(|record| record.height).map(|height| {
                format!("a transaction of {whose} that this node had given up on is in block {height} after all")
            }))
        }
        _ => Ok(None),
    }
}

/// A sentence that whoever lost bets has bet on all of those matches since.
fn bet_again(
    lookup: &mut Lookup<'_>,
    notice: &Notice,
    whose: &str,
) -> Result<Option<String>, StoreError> {
    let since = |no: &MatchNo, player: &AccountId| {
        let now = lookup.chain().bet(*no, player)?;
        Ok::<_, StoreError>(now.is_some_and(|bet| bet.height > notice.height))
    };
    match &notice.change {
        NoticedChange::Bet {
            game,
            player,
            was,
            begun: false,
            ..
        } if since(&game.no, player)? => {
            let (was, title) = (bet(was), title(game));
            Ok(Some(format!(
                "{whose}'s bet {was} on {title} was gone, and {whose} has bet again"
            )))
        }
        NoticedChange::BetsDropped {
            player, matches, ..
        } => {
            for no in matches {
                if !since(no, player)? {
                    return Ok(None);
                }
            }
            let codes = codes(lookup, matches)?;
            Ok(Some(format!(
                "{whose}'s bets on {codes} lost their place to another transaction; {whose} has bet there since: \
                check which bets count"
            )))
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

type About<'a> = (NoticeKind, Option<&'a Fixture>, Option<&'a AccountId>);

fn about(change: &NoticedChange) -> About<'_> {
    match change {
        NoticedChange::Bet { game, player, .. } => (NoticeKind::Bet, Some(game), Some(player)),
        NoticedChange::Result { game, .. } => (NoticeKind::Result, Some(game), None),
        NoticedChange::Schedule { was, .. } => (NoticeKind::Schedule, Some(was), None),
        NoticedChange::Name { was, .. } => (NoticeKind::Name, None, Some(was)),
        NoticedChange::LateBets { .. } => (NoticeKind::LateBets, None, None),
        NoticedChange::Dated { .. } => (NoticeKind::Dated, None, None),
        NoticedChange::HeldBack { player, .. } => (NoticeKind::HeldBack, None, Some(player)),
        NoticedChange::Mended { .. } => (NoticeKind::Mended, None, None),
        NoticedChange::Dropped { player, .. } | NoticedChange::BetsDropped { player, .. } => {
            (NoticeKind::Dropped, None, Some(player))
        }
        NoticedChange::Void { player, game, .. } => (NoticeKind::Void, Some(game), Some(player)),
        NoticedChange::Signed(act) => (NoticeKind::Signed, act.fixture(), None),
        NoticedChange::Link { .. } => (NoticeKind::Link, None, None),
        NoticedChange::More { .. } => (NoticeKind::More, None, None),
    }
}

fn text(
    lookup: &mut Lookup<'_>,
    change: &NoticedChange,
    whose: &str,
) -> Result<String, StoreError> {
    Ok(match change {
        NoticedChange::Bet {
            game,
            was,
            is,
            begun,
            ..
        } => of_bet(whose, game, was, is.as_ref(), *begun),
        NoticedChange::Result { game, was, is } => of_record(game, was, is.as_ref()),
        NoticedChange::Schedule { was, is } => of_schedule(was, is.as_ref()),
        NoticedChange::Name { name, was, is } => of_name(name.as_str(), was, is.as_ref()),
        NoticedChange::LateBets {
            block,
            height,
            time,
            matches,
        } => late(*height, *block, *time, &codes(lookup, matches)?),
        NoticedChange::Dated {
            block,
            height,
            time,
            seen,
            clock_agrees,
        } => dated(*height, *block, *time, *seen, *clock_agrees),
        NoticedChange::HeldBack {
            matches,
            since,
            block,
            ..
        } => held_back(whose, &codes(lookup, matches)?, *since, *block),
        NoticedChange::Mended { kept, found } => mended(*kept, *found),
        NoticedChange::Dropped { action, why, .. } => dropped(whose, action, why),
        NoticedChange::BetsDropped { matches, why, .. } => {
            let told = dropped(whose, &format!("bets on {}", codes(lookup, matches)?), why);
            format!("{told}: check your bets, and bet again what is missing")
        }
        NoticedChange::Void { game, late, .. } => void(whose, game, *late),
        NoticedChange::Signed(_) => String::new(),
        NoticedChange::Link {
            url,
            host,
            seer,
            certificate,
        } => of_link(
            url,
            &lookup.player(host)?,
            &lookup.player(seer)?,
            certificate,
        ),
        NoticedChange::More { count } => format!("{count} more changes of the same kind"),
    })
}

fn codes(lookup: &mut Lookup<'_>, matches: &[MatchNo]) -> Result<String, StoreError> {
    let codes = matches.iter().map(|no| Ok(lookup.code(*no)?.code));
    let codes: Vec<_> = codes.collect::<Result<_, StoreError>>()?;
    Ok(codes.join(", "))
}

/// The sentence that somebody between a link and its node opens the connection.
pub(super) fn of_link(
    url: &str,
    host: &PlayerRef,
    seer: &PlayerRef,
    certificate: &[u8; 32],
) -> String {
    let (host, seer) = (shown(host), shown(seer));
    format!(
        "{seer}'s node opened {url} and met a key that is not {host}'s node's, so somebody between may read and change \
        what players see there: type no words there, and use another link (crt.sh lists the certificate if an \
        authority gave it: SHA-256 {})",
        hex::encode(certificate)
    )
}

fn of_name(name: &str, was: &AccountId, is: Option<&AccountId>) -> String {
    let now = is.map_or_else(|| "nobody's".to_owned(), |is| format!("that of {is}"));
    format!("the name {name:?} was that of {was} and is now {now}")
}

fn dropped(player: &str, action: &str, why: &str) -> String {
    format!(
        "a transaction that this node had accepted will be in no block: {player} {action}; {why}"
    )
}

fn void(player: &str, game: &Fixture, late: bool) -> String {
    let why = if late {
        "came too late"
    } else {
        "found too few chips"
    };
    format!("{player}'s bet on {} {why}: it does not count", title(game))
}

fn of_record(game: &Fixture, was: &Outcome, is: Option<&Outcome>) -> String {
    let now = is.map_or_else(
        || "is gone".to_owned(),
        |is| format!("is now {}", record(is)),
    );
    let (title, was) = (title(game), record(was));
    format!("the record of {title} was {was} and {now}")
}

fn of_schedule(was: &Fixture, is: Option<&Fixture>) -> String {
    let now = is.map_or_else(
        || "no longer a match of this pool".to_owned(),
        |is| format!("now {}", schedule(is)),
    );
    format!("a match was {} and is {now}", schedule(was))
}

/// The changes of organisers in a sentence, with their names before it.
fn signed(
    lookup: &mut Lookup<'_>,
    change: &NoticedChange,
    said: &[Said],
) -> Result<String, StoreError> {
    let signers = match change {
        NoticedChange::Signed(act) => lookup.players(&act.signers)?,
        _ => Vec::new(),
    };
    let signers: Vec<_> = signers.iter().map(shown).collect();
    let sentences: Vec<_> = said.iter().map(english).collect();
    Ok(format!(
        "{}: {}",
        signers.join(" and "),
        sentences.join(" ")
    ))
}

fn late(height: Height, block: BlockHash, time: UnixSeconds, codes: &str) -> String {
    format!(
        "block {} ({block}) says that it is of {}, but it came after kick-off with bets that this node had never \
        seen, on {codes}: it may be backdated",
        height.0,
        moment(time)
    )
}

fn mended(kept: Height, found: Height) -> String {
    format!(
        "this node's store was damaged and has been rebuilt: blocks up to {} of {} are kept, what is missing comes \
        from other nodes; chain.redb.damaged is the old file",
        kept.0, found.0
    )
}

fn held_back(player: &str, codes: &str, since: UnixSeconds, block: Height) -> String {
    format!(
        "{player}'s bets on {codes} waited at this node since {} and are too late now, although validators made \
        blocks meanwhile, such as block {}: they left the bets out, or never got them",
        moment(since),
        block.0
    )
}

fn dated(
    height: Height,
    block: BlockHash,
    time: UnixSeconds,
    seen: UnixSeconds,
    clock_agrees: bool,
) -> String {
    let (way, so) = if time > seen {
        ("dated it ahead", "deadlines pass early because of it")
    } else {
        (
            "backdated it, or this node was cut off from them then",
            "bets that came too late may count because of it",
        )
    };
    let clock = if clock_agrees {
        ""
    } else {
        " (or this node's clock is wrong: it differs from its peers')"
    };
    format!(
        "block {} ({block}) says that it is of {}, but reached this node at {}: validators may have {way}; \
                {so}{clock}",
        height.0,
        moment(time),
        moment(seen)
    )
}

fn of_bet(
    player: &str,
    game: &Fixture,
    was: &PlacedBet,
    is: Option<&PlacedBet>,
    begun: bool,
) -> String {
    let now = is.map_or_else(|| "is gone".to_owned(), |is| format!("is now {}", bet(is)));
    let so = if begun {
        "the match has started, so it cannot be placed again"
    } else {
        "it can be placed again until kick-off"
    };
    format!("{player}'s bet {} on {} {now}: {so}", bet(was), title(game))
}

fn shown(player: &PlayerRef) -> String {
    match &player.name {
        Some(name) => name.clone(),
        None => player.account.to_string(),
    }
}

fn title(game: &Fixture) -> String {
    format!("{} – {} ({})", game.home.name, game.away.name, game.code)
}

fn bet(bet: &PlacedBet) -> String {
    let score = bet
        .score
        .map_or_else(|| "(sealed)".to_owned(), |score| score.to_string());
    match bet.stake.0 {
        0 => score,
        chips => format!("{score} for {chips} chips"),
    }
}

fn record(outcome: &Outcome) -> String {
    let score = outcome.after_120.or(outcome.after_90);
    let score = score.map_or_else(String::new, |score| format!("{score}, "));
    let what = match outcome.status {
        Status::Played => "played",
        Status::Cancelled => "cancelled",
        Status::Postponed => "postponed",
        Status::Abandoned => "abandoned",
        Status::Awarded => "awarded",
    };
    let shootout = outcome.shootout;
    let shootout = shootout.map_or_else(String::new, |score| format!(", shoot-out {score}"));
    format!("{score}{what}{shootout}")
}

fn schedule(game: &Fixture) -> String {
    let at = |kickoff: UnixSeconds| format!("at {}", moment(kickoff));
    let when = game.kickoff.map_or_else(|| "without a time".to_owned(), at);
    format!("{} {when}", title(game))
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
