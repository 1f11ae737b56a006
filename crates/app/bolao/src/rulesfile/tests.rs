#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_fixtures::{ImportOptions, import};
use bolao_ledger::{
    AccountId, Base, BetMode, Consensus, Genesis, Membership, PRESETS, Quorum, Round, Rules,
    Scoring, SetChange, StageRule, UnixSeconds, Validator, ValidatorKey, preset,
};

use super::*;
use crate::imported;

const EXAMPLE: &str = include_str!("../../../../../docs/rules-example.toml");
const WORLD_CUP: &str =
    include_str!("../../../../../data/openfootball/worldcup/2026/worldcup.json");

fn world_cup() -> (Genesis, Vec<Round>) {
    let competition = import(WORLD_CUP, &ImportOptions::default()).unwrap();
    let now = UnixSeconds(1_780_000_000);
    let mut genesis = Genesis {
        version: bolao_ledger::GENESIS_VERSION,
        ..Genesis::article()
    };
    genesis.matches = imported::fixtures(&competition, now).unwrap().0;
    genesis.organisers = (0..3)
        .map(|_| bolao_wallet::Key::generate().unwrap().account())
        .collect();
    (genesis, imported::rounds(&competition).unwrap())
}

fn applied(text: &str) -> anyhow::Result<Genesis> {
    let (mut genesis, rounds) = world_cup();
    parse(text)?
        .apply(&mut genesis, &rounds)
        .map_err(|error| explained(error.into()))?;
    genesis.check()?;
    Ok(genesis)
}

fn stages(genesis: &Genesis) -> Vec<(&str, Base, u8)> {
    let tell = |rule: &StageRule| (rule.base, rule.multiplier);
    let stages = genesis.rules.stages.iter();
    stages
        .map(|rule| (rule.stage.as_str(), tell(rule).0, tell(rule).1))
        .collect()
}

#[test]
fn an_empty_file_changes_nothing() {
    let genesis = applied("# nothing").unwrap();
    assert_eq!(genesis.rules, Genesis::article().rules);
    assert_eq!(genesis.membership, Membership::Open);
}

#[test]
fn the_example_in_the_documents_is_one() {
    let genesis = applied(EXAMPLE).unwrap();
    let rules = &genesis.rules;
    assert_eq!(genesis.membership, Membership::Invite);
    assert_eq!(rules.bets, BetMode::Sealed);
    assert_eq!(rules.deadline_lead_s, 900);
    let two = Quorum::of(2);
    assert_eq!((rules.results_quorum, rules.schedule_quorum), (two, two));
    assert_eq!(rules.scoring, preset("kicktipp").unwrap());
    assert_eq!(stages(&genesis).last(), Some(&("Final", Base::After120, 3)));
    // Whatever stands there as a comment is a key too.
    let all: String = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line))
        .filter(|line| !line.starts_with("scheme"))
        .fold(String::new(), |text, line| text + line + "\n");
    assert_ne!(all, EXAMPLE);
    let genesis = applied(&all).unwrap();
    assert!(matches!(genesis.rules.scoring, Scoring::Best(tiers) if tiers.exact == 10));
    for key in [
        "membership",
        "starting_chips",
        "consensus",
        "change",
        "appoint",
        "stake_wait",
        "stake_cut",
        "clock",
        "propose_ms",
        "vote_ms",
        "round_ms",
        "heartbeat",
        "grace",
        "kept",
        "there",
        "patience",
        "target",
        "max_future",
        "tips",
        "deadline_lead",
        "opening_window",
        "later_kickoff_reopens",
        "results",
        "schedules",
        "dispute_window",
        "game",
        "scheme",
        "[scoring]",
        "base",
        "awarded_counts",
        "tie_breaks",
        "stake_min",
        "stake_max",
        "nobody_right",
        "transfers",
        "short_tips_void",
        "put_off_stays_open",
        "reopen_notice",
        "anybody_opens",
        "organisers",
        "bounds",
        "[[stages]]",
        "multiplier",
    ] {
        assert!(EXAMPLE.contains(key), "{key}");
    }
}

#[test]
fn rules_of_new_pools_are_written_too() {
    let read = |text: &str| applied(text).unwrap();
    let genesis = read(EXAMPLE);
    let example = &genesis.rules;
    assert!(example.short_bets_void && example.put_off_stays_open && example.anybody_opens);
    assert_eq!(example.notice_s, 43_200);
    assert_eq!(example.organisers_quorum, Quorum::of(2));
    assert_eq!(genesis.bounds.unwrap().account_transactions, 120);
    let off = read("put_off_stays_open = false\nbounds = \"none\"\norganisers = 3");
    assert_eq!(
        (off.bounds, off.rules.organisers_quorum),
        (None, Quorum::of(3))
    );
    assert_eq!(read("reopen_notice = \"0s\"").rules.notice_s, 0);
    let own = read("[bounds]\nwindow = \"1d\"\njoins = 7").bounds.unwrap();
    assert_eq!((own.window_s, own.joins), (86_400, 7));
    assert_eq!(own.account_transactions, 120);
    assert!(applied("bounds = \"some\"").is_err());
    assert!(applied("organisers = \"2-of-4\"").is_err());
}

/// The consensus by a file, in a pool of three organisers.
fn consensus(text: &str) -> Result<Consensus, String> {
    let first = Validator {
        account: AccountId([1; 32]),
        key: ValidatorKey([2; 32]),
        weight: 1,
    };
    let file = parse(text).map_err(|error| crate::exit::sentence(&error))?;
    let (mut genesis, _) = world_cup();
    genesis.rules = Rules::of_new_pools(3);
    let consensus = file
        .consensus(first, &genesis)
        .map_err(|error| explained(error.into()));
    consensus.map_err(|error| crate::exit::sentence(&error))
}

#[test]
fn who_makes_the_blocks_and_how_that_changes() {
    let change = |text: &str| consensus(text).unwrap().voting().map(|it| it.change);
    let appointed = |quorum| Some(SetChange::Appointed { quorum });
    let stake = |wait_s, cut_percent| {
        Some(SetChange::Stake {
            wait_s,
            cut_percent,
        })
    };
    for (text, wanted) in [
        ("change = \"stake\"", 1_000),
        ("change = \"stake\"\nchips = 300", 300),
        ("change = \"stake\"\nchips = 0", 1),
        ("", 1),
    ] {
        let made = consensus(text).unwrap();
        let first = made.voting().unwrap().validators.first().unwrap();
        assert_eq!(first.weight, wanted, "{text}");
    }
    for (text, wanted) in [
        ("", appointed(Quorum::TWO_ONCE_TWO)),
        ("target = \"fixed:4\"", None),
        ("consensus = \"pow\"", None),
        (
            "consensus = \"pos\"\nappoint = \"2-of-3\"",
            appointed(Quorum::of(2)),
        ),
        (
            "change = \"appointed\"\nappoint = 1",
            appointed(Quorum::of(1)),
        ),
        ("change = \"stake\"", stake(604_800, 50)),
        (
            "change = \"stake\"\nstake_wait = \"1h\"\nstake_cut = 100",
            stake(3_600, 100),
        ),
    ] {
        assert_eq!(change(text), wanted, "{text}");
    }
    for (text, wanted) in [
        ("consensus = \"pow\"\nappoint = 2", "got `appoint`"),
        ("target = \"fixed:4\"\nchange = \"stake\"", "got `change`"),
        ("consensus = \"pos\"\ntarget = \"fixed:4\"", "nobody mines"),
        ("change = \"stake\"\nappoint = 2", "change = \"appointed\""),
        ("stake_cut = 5", "change = \"stake\""),
        ("appoint = \"2-of-4\"", "--organiser"),
        ("change = \"vote\"", "`stake`"),
        ("consensus = \"poa\"", "`pos`"),
    ] {
        let error = consensus(text).unwrap_err();
        assert!(error.contains(wanted), "{text:?}: {error}");
    }
}

#[test]
fn the_numbers_of_votes_are_the_hosts_to_choose() {
    let Consensus::Hybrid(usual) = consensus("consensus = \"hybrid\"").unwrap() else {
        panic!("it is hybrid");
    };
    let text = "consensus = \"hybrid\"\nclock = \"8s\"\npropose_ms = 900\nvote_ms = 20000\ngrace = \"1m\"\n\
                kept_s = 45\nthere = 20\npatience = \"5m\"";
    let Consensus::Hybrid(chosen) = consensus(text).unwrap() else {
        panic!("it is hybrid");
    };
    let numbers = |it: &bolao_ledger::Hybrid| {
        let voting = &it.voting;
        [
            voting.clock_s,
            voting.propose_ms,
            voting.vote_ms,
            voting.round_ms,
            it.grace_s,
            it.kept_s,
            it.there_s,
            it.patience_s,
        ]
    };
    assert_eq!(numbers(&usual), [5, 600, 300, 10_000, 30, 30, 10, 120]);
    // A later round never waits shorter than the first.
    assert_eq!(numbers(&chosen), [8, 900, 20_000, 20_000, 60, 45, 20, 300]);
    let pos = consensus("heartbeat = \"12h\"\nclock = 6\nround_ms = 5000").unwrap();
    assert!(
        matches!(pos, Consensus::Pos(pos) if (pos.heartbeat_s, pos.voting.clock_s, pos.voting.round_ms) == (43_200, 6, 5_000))
    );
    for (text, wanted) in [
        ("grace = \"1m\"", "consensus = \"hybrid\""),
        ("consensus = \"pos\"\npatience = 60", "got `patience`"),
        (
            "consensus = \"hybrid\"\nheartbeat = \"1d\"",
            "consensus = \"pos\"",
        ),
        ("consensus = \"pow\"\nclock = 5", "got `clock`"),
        ("consensus = \"pow\"\nkept = 5", "got `kept`"),
        (
            "consensus = \"hybrid\"\ngrace = \"2h\"",
            "grace_s = 7200, wanted 1 to 3600: change that line",
        ),
        (
            "consensus = \"hybrid\"\npatience = 5",
            "patience_s = 5, wanted 10 to 86400",
        ),
        ("clock = 0", "clock_s = 0, wanted 1 to 600"),
        ("vote_ms = 10", "vote_ms = 10, wanted 50 to 60000"),
        (
            "propose_ms = 5000\nround_ms = 1000",
            "round_ms = 1000, wanted 5000 to 600000",
        ),
        ("heartbeat = \"5s\"", "heartbeat_s = 5"),
        ("vote_ms = -1", "line 1"),
    ] {
        let error = consensus(text).unwrap_err();
        assert!(error.contains(wanted), "{text:?}: {error}");
    }
}

#[test]
fn a_scheme_has_its_own_name_and_kicktipps() {
    let ours = applied("scheme = \"kicktipp\"").unwrap();
    let theirs = applied("scheme = \"kt432\"").unwrap();
    assert_eq!(ours.rules, theirs.rules);
}

#[test]
fn a_tie_break_is_named_once() {
    let error = applied("tie_breaks = [\"exact\", \"exact\"]").unwrap_err();
    let said = crate::exit::sentence(&error);
    assert!(said.contains("the tie-break `exact` twice"), "{said}");
}

#[test]
fn the_ledgers_own_names_are_taken_too() {
    let ours = applied(
        "deadline_lead = \"15m\"\ndispute_window = \"2h\"\nresults = \"2-of-3\"\nbase = 120\nstarting_chips = 5",
    );
    let theirs = applied(
        "deadline_lead_s = 900\ndispute_window_s = 7200\nresults_quorum = 2\nbase = \"120\"\nchips = 5",
    );
    let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
    assert_eq!(ours.rules, theirs.rules);
    assert_eq!(ours.starting_chips, theirs.starting_chips);
    assert_eq!(ours.rules.base, Base::After120);
}

#[test]
fn every_preset_is_its_points() {
    for (name, scoring) in PRESETS {
        let by_name = applied(&format!("scheme = \"{name}\"")).unwrap();
        assert_eq!(by_name.rules.scoring, *scoring);
        let table = toml::to_string(&std::collections::BTreeMap::from([("scoring", scoring)]));
        let by_table = applied(&table.unwrap()).unwrap();
        assert_eq!(by_table.rules, by_name.rules);
    }
}

#[test]
fn stages_are_rounds_or_what_rounds_have_in_common() {
    let genesis = applied(
        "base = 90\n[[stages]]\nstage = \"Group stage\"\nmultiplier = 1\n\
         [[stages]]\nstage = \"quarter-finals\"\nmultiplier = 2\nbase = 120\n\
         [[stages]]\nstage = \"Matchday 3\"\nmultiplier = 5\n\
         [[stages]]\nstage = \"Final\"\nmultiplier = 3",
    )
    .unwrap();
    let stages = stages(&genesis);
    assert_eq!(stages.len(), 3 + 2, "{stages:?}");
    for wanted in [
        ("Matchday 1", Base::After90, 1),
        ("Matchday 3", Base::After90, 5),
        ("Quarter-final", Base::After120, 2),
        ("Final", Base::After90, 3),
    ] {
        assert!(stages.contains(&wanted), "{wanted:?} in {stages:?}");
    }
}

#[test]
fn a_round_of_two_stages_is_not_guessed_at() {
    let round = |name: &str, stage: &str| Round {
        name: bolao_ledger::Text::new(name).unwrap(),
        stage: stage.into(),
        is_knockout: false,
    };
    let rounds = [round("Round 1", "Cup"), round("Round 1", "Group stage")];
    let rules = |text: &str| parse(text).unwrap().apply(&mut Genesis::article(), &rounds);
    let error = rules("[[stages]]\nstage = \"Cup\"").unwrap_err();
    assert!(error.to_string().contains("Round 1"), "{error}");
    rules("[[stages]]\nstage = \"Round 1\"\nmultiplier = 2").unwrap();
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    for (text, wanted) in [
        ("sealed = true", "`tips`"),
        ("sealed = true", "`deadline_lead`"),
        ("tips = \"hidden\"", "`sealed`"),
        ("\n\ntips = ", "line 3"),
        ("scheme = \"kt\"", "kicktipp, c321"),
        ("scheme = \"custom\"", "[scoring]"),
        (
            "scheme = \"c321\"\n[scoring]\nkind = \"sum\"\nexact = 1\ntendency = 1\neach_team = 1\ndifference = 1",
            "one of the two",
        ),
        ("[scoring]\nkind = \"best\"\nexact = 4", "difference"),
        ("deadline_lead = \"soon\"", "such as 90s"),
        ("deadline_lead = -5", "0 or more"),
        ("deadline_lead = \"2d\"", "deadline_lead_s"),
        ("base = 105", "90 or 120"),
        ("results = \"2-of-4\"", "--organiser"),
        ("results = 0", "2-of-3"),
        ("results = true", "a number or a text"),
        ("target = \"easy\"", "fixed:BITS"),
        ("starting_chips = -1", "line 1"),
        ("stake_min = 5\nstake_max = 4", "stake_max"),
        ("[[stages]]\nstage = \"Semis\"", "Semi-finals"),
        ("[[stages]]\nstage = \"Semis\"", "Matchday 1"),
        ("[[stages]]\nstage = \"Final\"\npoints = 2", "`multiplier`"),
        (
            "[[stages]]\nstage = \"Final\"\nmultiplier = 0",
            "multiplier",
        ),
        (
            "[[stages]]\nstage = \"Final\"\n[[stages]]\nstage = \"final\"",
            "two [[stages]]",
        ),
    ] {
        let error = crate::exit::sentence(&applied(text).unwrap_err());
        assert!(error.contains(wanted), "{text:?}: {error}");
        assert!(!error.contains('\n'), "{text:?}: {error}");
    }
}
