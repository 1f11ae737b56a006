//! `bolao bets`: who bet what.

use bolao_node::Home;
use clap::Args;
use comfy_table::Table;

use crate::{
    betting::{self, LOCKED},
    games,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, as_views, escape},
    time,
    view::{self, Bet, PlaceState},
};

/// Shows the bets that stand: a bet that came too late is not among them (`chain HEIGHT` shows it)
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
    if bets.is_empty() {
        return output::line("No block holds such a bet yet.");
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
    if !revealed {
        output::hint(LOCKED);
    }
    Ok(())
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
