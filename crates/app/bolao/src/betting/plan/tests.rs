#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_acting::Leave;
use bolao_client::{Offline, Source};
use bolao_ledger::{
    BetMode, Fixture, Genesis, MatchCode, MatchNo, Name, Nonce, Rules, Score, Team, Text,
    Transaction, UnixSeconds,
};
use bolao_node::Home;
use bolao_store::{Durability, Store, StoreError};
use bolao_wallet::{Draft, Key, WalletFile};

use super::*;
use crate::{
    actor::Actor,
    betting::{bettor::Bettor, own::Own},
};

/// Some time in the year 2096.
const AHEAD: u64 = 4_000_000_000;

fn genesis(tips: BetMode) -> Genesis {
    let article = Genesis::article();
    let game = |no: u16, kickoff: Option<u64>| Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&format!("M{no}")).unwrap(),
        home: Team {
            name: Text::new("A").unwrap(),
            code: None,
        },
        away: Team {
            name: Text::new("B").unwrap(),
            code: None,
        },
        kickoff: kickoff.map(UnixSeconds),
        stage: Text::new("Final").unwrap(),
    };
    let past = article.created.0 + 60;
    let genesis = Genesis {
        matches: vec![
            game(1, Some(AHEAD)),
            game(2, None),
            game(3, Some(past)),
            game(4, Some(AHEAD)),
        ],
        starting_chips: Chips(70),
        rules: Rules {
            stake_min: Chips(5),
            stake_max: Chips(100),
            bets: tips,
            ..Rules::default()
        },
        ..article
    };
    genesis.check().unwrap();
    genesis
}

struct Setting {
    home: Home,
    dir: tempfile::TempDir,
}

fn setting(tips: BetMode) -> Setting {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path().join("home")).unwrap();
    home.set_genesis(&genesis(tips)).unwrap();
    Setting { home, dir }
}

/// The player of a home, who has 30 of 70 chips on a bet on M1 that waits, as has the joining before it.
async fn bettor(setting: &Setting) -> Bettor<'_> {
    let genesis = setting.home.genesis().unwrap();
    let wallet = WalletFile::create(setting.dir.path().join("wallet.json"), "").unwrap();
    let key = wallet.player();
    let mut store = Store::in_memory(&genesis).unwrap();
    let waiting = waiting(&genesis, &key);
    store
        .write(Durability::Volatile, |tables| {
            waiting.iter().try_for_each(|it| tables.put_pending(it))?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let source = Source::Stopped(Box::new(Offline::new(&store)));
    let mut own = Own::new(&wallet, genesis.pool_id());
    let bets = PlayerBets::load(&source, &genesis, &mut own).await.unwrap();
    Bettor {
        actor: Actor {
            home: &setting.home,
            genesis,
            source,
            key,
        },
        bets,
    }
}

async fn plan<'b>(
    bettor: &'b Bettor<'_>,
    tips: &[Wanted],
    leave: Leave,
) -> anyhow::Result<Plan<'b>> {
    let planned = chosen(&bettor.bets, tips)?;
    let (plan, _) = bettor.carry_out(planned, leave, true).await?;
    Ok(plan)
}

fn waiting(genesis: &Genesis, key: &Key) -> Vec<Transaction> {
    let mut draft = Draft::new(key.account(), Nonce::ZERO);
    let tip = OpenBet {
        match_no: MatchNo(1),
        prediction: "1-0".parse::<Score>().unwrap().into(),
        stake: Chips(30),
    };
    let join = draft.join(Name::new("Ana").unwrap());
    let bet = draft.place(key, genesis.pool_id(), genesis.rules.bets, &[tip]);
    let sign = |body| key.sign(genesis.pool_id(), body);
    [join, bet].map(sign).to_vec()
}

fn wanted(code: &str, stake: Option<u64>) -> Wanted {
    Wanted {
        code: code.to_owned(),
        prediction: Score::new(2, 1).unwrap().into(),
        stake,
        line: None,
    }
}

async fn refusal(bettor: &Bettor<'_>, tips: &[Wanted]) -> String {
    let plan = plan(bettor, tips, Leave::Nothing).await;
    crate::exit::sentence(&plan.unwrap_err())
}

#[tokio::test]
async fn a_tip_keeps_its_stake_unless_another_is_given() {
    for mode in [BetMode::Open, BetMode::Sealed] {
        let setting = setting(mode);
        let bettor = bettor(&setting).await;
        let tips = [wanted("m1", None), wanted("M2", None)];
        let planned = plan(&bettor, &tips, Leave::Nothing).await.unwrap();
        let stakes = planned.bets.iter().map(|placed| placed.bet.stake.0);
        assert_eq!(
            (stakes.collect::<Vec<_>>(), planned.left),
            (vec![30, 5], 35)
        );
        let shown = crate::betting::show::placed(&planned.bets[0]);
        let replaced = "replaces 1-0, which no block holds yet; stake 30";
        assert!(shown.contains(replaced), "{shown}");
        let tips = [wanted("M1", Some(70))];
        let planned = plan(&bettor, &tips, Leave::Nothing).await.unwrap();
        assert_eq!(planned.left, 0);
        // M1 frees what M4 costs, whichever comes first.
        let tips = [wanted("M4", Some(60)), wanted("M1", Some(10))];
        let planned = plan(&bettor, &tips, Leave::Nothing).await.unwrap();
        assert_eq!(planned.left, 0);
    }
}

#[tokio::test]
async fn what_cannot_be_placed_is_said_before() {
    let setting = setting(BetMode::Open);
    let bettor = bettor(&setting).await;
    let said = |tips: Vec<Wanted>| {
        let bettor = &bettor;
        async move { refusal(bettor, &tips).await }
    };
    assert!(said(vec![wanted("M3", None)]).await.contains("ended"));
    assert!(
        said(vec![wanted("M9", None)])
            .await
            .contains("no match called `M9`")
    );
    for stake in [4, 101] {
        let text = said(vec![wanted("M2", None), wanted("M1", Some(stake))]).await;
        assert!(text.starts_with("M1: got a stake of"), "{text}");
        assert!(
            text.contains("5 to 100") && text.ends_with("[bad-stake]"),
            "{text}"
        );
    }
    let text = said(vec![wanted("M1", Some(71))]).await;
    assert!(
        text.contains("takes 71 chips, the account has 70"),
        "{text}"
    );
    let twice = said(vec![wanted("M1", None), wanted("m1", None)]).await;
    assert!(twice.contains("twice"));
    let late = said(vec![wanted("M1", None), wanted("M3", None)]).await;
    assert!(late.contains("--skip-closed"), "{late}");
}

#[tokio::test]
async fn what_is_late_can_be_left_out_and_nothing_else() {
    let setting = setting(BetMode::Open);
    let bettor = bettor(&setting).await;
    let tips = ["M3", "M1", "M2"].map(|code| wanted(code, None));
    let planned = plan(&bettor, &tips, Leave::Late).await.unwrap();
    let code = |game: &Match| game.entry.fixture.code.to_string();
    let placed = planned.bets.iter().map(|tip| code(tip.game));
    assert_eq!(placed.collect::<Vec<_>>(), ["M1", "M2"]);
    let late: Vec<_> = planned.late.iter().map(|game| code(game)).collect();
    assert_eq!(late, ["M3"]);
    assert_eq!(planned.left, 35);
    for (tips, why) in [
        (vec![wanted("M3", None), wanted("M9", None)], "no match"),
        (vec![wanted("M3", None), wanted("m3", None)], "twice"),
        (vec![wanted("M3", None), wanted("M1", Some(4))], "5 to 100"),
    ] {
        let error = plan(&bettor, &tips, Leave::Late).await;
        assert!(error.unwrap_err().to_string().contains(why));
    }
}

#[tokio::test]
async fn a_fault_of_a_file_names_its_line() {
    let setting = setting(BetMode::Open);
    let bettor = bettor(&setting).await;
    let line = |code: &str, line| Wanted {
        line: Some(line),
        ..wanted(code, None)
    };
    let text = refusal(&bettor, &[line("M1", 2), line("M3", 7)]).await;
    assert!(text.starts_with("line 7: betting on M3 ended"), "{text}");
    let text = refusal(&bettor, &[line("M1", 2), line("m1", 9)]).await;
    assert!(text.contains("line 9") && text.contains("line 2"), "{text}");
}
