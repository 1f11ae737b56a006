//! `bolao bets`: who bet what.

use bolao_ledger::ItemKind;
use bolao_node::Home;
use clap::Args;
use comfy_table::Table;

use crate::{
    betting::{self, CurrentBet, LOCKED, Own, PlayerBets},
    command::waits::hint_of_waiting,
    games, meant, moves,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, Source, as_view, as_views, escape},
    time,
    view::{self, Bet, Match, MatchRef, Notice, PlaceState, PlayerRef},
};

/// The columns that may be hidden, and that of the times.
const CODE: usize = 1;
const POINTS: usize = 6;
const BLOCK: usize = 7;
const PLACED: usize = 8;
/// The number of notices that are looked through for void and lost bets.
const NOTICES: usize = 50;

/// Shows the bets that count, and the bets known to this node that are void or lost
#[derive(Args, Clone, Debug)]
pub(crate) struct BetsArgs {
    /// Only those of this player: a name or an account
    #[arg(long, value_name = "NAME")]
    player: Option<String>,
    /// Only those on this match: its code, number or team
    #[arg(long = "match", value_name = "MATCH")]
    code: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: BetsArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let code = match &args.code {
        Some(code) => Some(games::code(&source, code).await?),
        None => None,
    };
    let filters = [("player", &args.player), ("match", &code)];
    let query: Vec<String> = filters
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", escape(value.as_deref()?))))
        .collect();
    let path = if query.is_empty() {
        "/api/v1/bets".to_owned()
    } else {
        format!("/api/v1/bets?{}", query.join("&"))
    };
    let mut bets = match (source.list(&path, usize::MAX).await, &args.player) {
        (Err(error), Some(player)) => return Err(meant::player(&source, player, error).await),
        (bets, _) => bets?,
    };
    let revealed = betting::reveal(home, &args.common.passphrase, &source, &mut bets).await?;
    if args.common.json {
        return output::json(&bets);
    }
    let mut bets: Vec<Bet> = as_views(bets)?;
    bets.sort_by_cached_key(|bet| (bet.r#match.no, bet.player.shown().to_lowercase()));
    let void = void(&source, args.player.as_deref(), code.as_deref(), &bets).await?;
    let waiting = waiting(&args, home, &source, code.as_deref(), &bets).await?;
    hint_of_waiting(&source).await?;
    if bets.is_empty() && waiting.is_empty() {
        output::line("No block includes such a bet yet.")?;
        return void.iter().try_for_each(output::line);
    }
    let mut table = table(&bets, &waiting, &games::all(&source).await?);
    output::unbroken(&mut table, PLACED);
    output::show_fitting(table, &[CODE, BLOCK, PLACED])?;
    let star = if bets.iter().any(|bet| bet.earned.provisional) {
        "; * rests on a result that is provisional"
    } else {
        ""
    };
    let open = bets.iter().filter(|bet| bet.state != PlaceState::Final);
    let sure = match open.count() {
        _ if bets.is_empty() => String::new(),
        0 => ", all final".to_owned(),
        open if open < bets.len() => format!(", {open} not final yet"),
        _ => String::new(),
    };
    let waits = match waiting.len() {
        0 => String::new(),
        more => format!(", {more} more waiting for a block"),
    };
    output::line!(
        "{}{sure}{waits}; times of {}{star}",
        count(bets.len(), "bet", "bets"),
        time::zone()
    )?;
    void.iter().try_for_each(output::line)?;
    if bets.iter().any(view::is_own_sealed) {
        output::line(view::OWN_SEALED)?;
    }
    if !revealed {
        output::hint(LOCKED);
    }
    Ok(())
}

/// The bets that do not count, in sentences: void or lost for good, or given to this node and in no block to come.
async fn void(
    source: &Source,
    player: Option<&str>,
    code: Option<&str>,
    bets: &[Bet],
) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    for notice in source.list("/api/v1/notices", NOTICES).await? {
        let notice: Notice = as_view(notice)?;
        let is_of = |it: &PlayerRef, name| {
            it.name.as_deref() == Some(name) || it.account.to_string() == name
        };
        let of_player = player.is_none_or(|name| notice.player.iter().any(|it| is_of(it, name)));
        let mut matches = notice.r#match.iter().chain(&notice.matches);
        let of_match = code.is_none_or(|code| matches.any(|it| it.code == code));
        let is_lost = match &*notice.finding.subject {
            "void-bet" => true,
            "bet" => !bets.iter().any(|bet| is_about(&notice, bet)),
            "transaction" => !notice.matches.is_empty(),
            _ => false,
        };
        if is_lost && !notice.taken_back && of_player && of_match {
            let text = moves::text(&notice.finding);
            said.push(format!("{}: {text}", time::local(notice.time)));
        }
    }
    Ok(said)
}

/// Whether a notice is about the match and the player of a bet.
fn is_about(notice: &Notice, bet: &Bet) -> bool {
    let of_match = notice.r#match.as_ref().map(|it| it.no) == Some(bet.r#match.no);
    of_match && notice.player.as_ref().map(|it| it.account) == Some(bet.player.account)
}

/// A bet of one's own that no block holds yet.
struct Waits {
    r#match: MatchRef,
    player: String,
    bet: CurrentBet,
}

/// One's own bets that wait for a block, where the filters let them through and the wallet takes no question.
async fn waiting(
    args: &BetsArgs,
    home: &Home,
    source: &Source,
    code: Option<&str>,
    held: &[Bet],
) -> anyhow::Result<Vec<Waits>> {
    let Some(wallet) = args.common.passphrase.open_quietly(home)? else {
        return Ok(Vec::new());
    };
    let genesis = home.genesis()?;
    let mut own = Own::new(&wallet, genesis.pool_id());
    let account = own.player().to_string();
    // A home made from the words alone need not know the name.
    let mut held = held.iter().map(|bet| &bet.player);
    let known = held.find(|it| it.account == own.player());
    let known = known.and_then(|it| it.name.clone());
    let name = home.profile()?.name.or(known);
    let name = name.unwrap_or_else(|| account.clone());
    let is_own = |who: &str| who == name || who == account;
    if args.player.as_deref().is_some_and(|who| !is_own(who)) {
        return Ok(Vec::new());
    }
    let bets = PlayerBets::load(source, &genesis, &mut own).await?;
    let of = |no: u16| {
        bets.matches
            .iter()
            .find(|game| game.entry.fixture.no.0 == no)
    };
    let waiting = bets.current.iter().filter(|(_, bet)| bet.waits);
    let waiting = waiting.filter_map(|(no, bet)| {
        let fixture = &of(*no)?.entry.fixture;
        let wanted = code.is_none_or(|code| code == fixture.code.as_str());
        wanted.then(|| Waits {
            r#match: MatchRef {
                no: *no,
                code: fixture.code.to_string(),
                kind: ItemKind::Match,
            },
            player: name.clone(),
            bet: *bet,
        })
    });
    Ok(waiting.collect())
}

/// The table of what blocks hold, and below it what waits to take its place.
fn table(bets: &[Bet], waiting: &[Waits], matches: &[Match]) -> Table {
    let mut table = output::table([
        "No", "Code", "Match", "Player", "Bet", "Stake", "Points", "Block", "Placed",
    ]);
    let teams = |no: u16| {
        let game = matches.iter().find(|game| game.entry.fixture.no.0 == no);
        game.map_or_else(String::new, Match::teams)
    };
    let held = bets.iter().map(|bet| {
        let row = [
            bet.r#match.no.to_string(),
            bet.r#match.code.clone(),
            teams(bet.r#match.no),
            bet.player.shown(),
            view::bet(bet),
            bet.stake.to_string(),
            moves::points(&bet.earned),
            bet.height.to_string(),
            time::exact(bet.time),
        ];
        (bet.r#match.no, row)
    });
    let waiting = waiting.iter().map(|it| {
        let sealed = if it.bet.sealed && it.bet.predicted.score.is_some() {
            " (sealed)"
        } else {
            ""
        };
        let row = [
            it.r#match.no.to_string(),
            it.r#match.code.clone(),
            teams(it.r#match.no),
            it.player.clone(),
            format!("{}{sealed}", it.bet.predicted),
            it.bet.stake.to_string(),
            String::new(),
            String::new(),
            "waits".to_owned(),
        ];
        (it.r#match.no, row)
    });
    let mut rows: Vec<_> = held.chain(waiting).collect();
    rows.sort_by_key(|(no, _)| *no);
    for (_, row) in rows {
        table.add_row(row);
    }
    output::hide_empty(&mut table, &[POINTS]);
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::Prediction;

    use super::*;
    use crate::view::fixtures::{bet, match_json};

    #[test]
    fn the_table() {
        let bets = [
            bet(
                "PtCh",
                "ana",
                Some((2, 1)),
                Some((3, "difference")),
                Some(20),
            ),
            bet("NlEn", "Bento da Silva", None, None, None),
        ];
        let waits = Waits {
            r#match: MatchRef {
                no: 1,
                code: "PtCh".to_owned(),
                kind: ItemKind::Match,
            },
            player: "ana".to_owned(),
            bet: CurrentBet {
                predicted: Some(Prediction::Score("3-1".parse().unwrap())).into(),
                sealed: true,
                stake: 15,
                waits: true,
            },
        };
        let game = match_json(1, "PtCh", "Portugal", "Switzerland");
        let matches = [serde_json::from_value(game).unwrap()];
        let with_points = output::piped(&table(&bets, &[waits], &matches));
        let without = output::piped(&table(&bets[1..], &[], &matches));
        insta::assert_snapshot!(format!("{with_points}\n\n{without}"));
    }
}
