//! `bolao bets`: who bet what.

use bolao_api::body::NoticeKind;
use bolao_node::Home;
use clap::Args;
use comfy_table::Table;

use crate::{
    betting::{self, LOCKED},
    command::validators::hint_of_waiting,
    games,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, Source, as_view, as_views, escape},
    time,
    view::{self, Bet, Notice, PlaceState, PlayerRef},
};

/// How many notices are looked through for void bets.
const NOTICES: usize = 50;

/// Shows the bets that stand, and which of those that this node was given are void
#[derive(Args, Clone, Debug)]
pub(crate) struct BetsArgs {
    /// Only those of this player: a name or an account
    #[arg(long, value_name = "NAME")]
    player: Option<String>,
    /// Only those on this match
    #[arg(long = "match", value_name = "CODE")]
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
    let mut bets = source.list(&path, usize::MAX).await?;
    let revealed = betting::reveal(home, &args.common.passphrase, &source, &mut bets).await?;
    if args.common.json {
        return output::json(&bets);
    }
    let mut bets: Vec<Bet> = as_views(bets)?;
    bets.sort_by_cached_key(|bet| (bet.r#match.no, bet.player.shown().to_lowercase()));
    let void = void(&source, args.player.as_deref(), code.as_deref()).await?;
    hint_of_waiting(&source).await?;
    if bets.is_empty() {
        output::line("No block holds such a bet yet.")?;
        return void.iter().try_for_each(output::line);
    }
    output::show(&table(&bets))?;
    let star = if bets.iter().any(|bet| bet.earned.provisional) {
        "; * rests on a result that is provisional"
    } else {
        ""
    };
    let open = bets.iter().filter(|bet| bet.state != PlaceState::Final);
    let sure = match open.count() {
        0 => ", all final".to_owned(),
        open if open < bets.len() => format!(", {open} not final yet"),
        _ => String::new(),
    };
    output::line!(
        "{}{sure}; times of {}{star}",
        count(bets.len(), "bet", "bets"),
        time::zone()
    )?;
    void.iter().try_for_each(output::line)?;
    if !revealed {
        output::hint(LOCKED);
    }
    Ok(())
}

/// What this node was given and what is void, in sentences.
async fn void(
    source: &Source,
    player: Option<&str>,
    code: Option<&str>,
) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    for notice in source.list("/api/v1/notices", NOTICES).await? {
        let notice: Notice = as_view(notice)?;
        let is_of = |it: &PlayerRef, name| {
            it.name.as_deref() == Some(name) || it.account.to_string() == name
        };
        let of_player = player.is_none_or(|name| notice.player.iter().any(|it| is_of(it, name)));
        let of_match = code.is_none_or(|code| notice.r#match.iter().any(|it| it.code == code));
        if notice.kind == NoticeKind::Void && of_player && of_match {
            said.push(format!("{}: {}", time::local(notice.time), notice.text));
        }
    }
    Ok(said)
}

fn table(bets: &[Bet]) -> Table {
    let mut table = output::table([
        "Match", "Player", "Bet", "Stake", "Points", "Block", "Placed",
    ]);
    for bet in bets {
        table.add_row([
            bet.r#match.code.clone(),
            bet.player.shown(),
            view::bet(bet),
            bet.stake.to_string(),
            view::points(bet.earned),
            bet.height.to_string(),
            time::short(bet.time),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures::bet;

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
        insta::assert_snapshot!(output::piped(&table(&bets)));
    }
}
