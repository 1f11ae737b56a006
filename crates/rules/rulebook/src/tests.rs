#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, path::Path};

use bolao_ledger::{
    ACTION_KINDS, AccountId, Act, Additive, BASE_SENTENCES, Base, BetMode, Chips, Consensus,
    Effect, FEATURE_SENTENCES, Genesis, Height, MatchCode, MatchNo, Membership, NobodyRight,
    Outcome, PRESETS, PoolFile, PoolId, Pos, Quorum, Round, Rules, SCORING_SENTENCES, Scoring,
    SetChange, StageRule, Status, TIE_BREAK_SENTENCES, TargetRule, Text, TieBreak, TxId,
    UnixSeconds, Validator, ValidatorKey, Vote,
    actions::NextRule,
    item::{Asks, Question},
    preset,
    said::Template,
};

use super::{
    acts::questions::{answered, asked},
    catalogue::CATALOGUE,
    english::{duration, english},
    *,
};

fn words(said: &[Said]) -> Vec<String> {
    said.iter().map(english).collect()
}

#[test]
fn the_article() {
    insta::assert_snapshot!(explain(&Genesis::article()).join("\n"));
}

#[test]
fn every_choice_has_its_words() {
    let mut genesis = Genesis::article();
    genesis.membership = Membership::Invite;
    genesis.starting_chips = Chips(1);
    genesis.organisers = vec![AccountId([1; 32]), AccountId([2; 32]), AccountId([3; 32])];
    genesis.target = TargetRule::Asert {
        zero_bits_at_start: 20,
        block_interval_s: 90,
        half_life_s: 3_600,
    };
    genesis.rules = Rules {
        bets: BetMode::Sealed,
        deadline_lead_s: 900,
        opening_window_s: 90_061,
        later_kickoff_reopens: true,
        schedule_quorum: Quorum::of(1),
        results_quorum: Quorum::of(2),
        dispute_window_s: 0,
        scoring: preset("br10").unwrap(),
        base: Base::After120,
        awarded_counts: false,
        stages: vec![
            StageRule {
                stage: Text::new("Final").unwrap(),
                base: Base::After90,
                multiplier: 3,
            },
            StageRule {
                stage: Text::new("Semi-finals").unwrap(),
                base: Base::After120,
                multiplier: 2,
            },
        ],
        tie_breaks: Vec::new(),
        stake_min: Chips(5),
        stake_max: Chips(10),
        nobody_right: NobodyRight::Rollover,
        transfers: true,
        ..Rules::default()
    };
    insta::assert_snapshot!(explain(&genesis).join("\n"));
}

#[test]
fn notice_of_a_later_kick_off() {
    let mut genesis = Genesis::article();
    genesis.organisers = vec![AccountId([1; 32])];
    genesis.rules = Rules::of_new_pools(1);
    genesis.days = Some(Vec::new());
    let said = |genesis: &Genesis| {
        let rules = explain(genesis);
        rules
            .iter()
            .filter(|rule| rule.contains("notice"))
            .cloned()
            .collect::<Vec<_>>()
    };
    let with_notice = said(&genesis);
    assert!(
        with_notice[0].contains("at least 12 hours before betting on it ends"),
        "{with_notice:?}"
    );
    assert!(
        with_notice[1..]
            .iter()
            .any(|rule| rule.starts_with("If a match is postponed with that notice"))
    );
    let mut at_any_time = genesis;
    at_any_time.rules.notice_s = 0;
    assert_eq!(said(&at_any_time), [""; 0]);
}

#[test]
fn schemes() {
    let said = |scoring| {
        words(&points::points(&Rules {
            scoring,
            ..Rules::default()
        }))
    };
    let added = said(Scoring::Sum(Additive {
        exact: 5,
        tendency: 2,
        each_team: 1,
        difference: 0,
    }));
    assert_eq!(added[0], "The exact score gives 5 points.");
    assert_eq!(added[2], "Each team's right number of goals gives 1 point.");
    assert!(added[3].ends_with("gives nothing."));
    for (name, scoring) in PRESETS {
        assert_eq!(
            said(*scoring)[0],
            format!("Points follow the scheme `{name}`.")
        );
    }
}

/// Each sentence can stand alone, also where other points count in some stages.
#[test]
fn points_of_other_kinds_and_stages() {
    let rounds = ["Quarter-finals", "Semi-finals", "Third place", "Final"].map(|name| Round {
        name: Text::new(name).unwrap(),
        stage: name.to_owned(),
        is_knockout: true,
    });
    let said = |game: &str| {
        let file = PoolFile {
            game: Some(game.to_owned()),
            ..PoolFile::default()
        };
        let mut genesis = Genesis::article();
        file.apply(&mut genesis, &rounds).unwrap();
        let rules = &genesis.rules;
        let said = points::points(rules)
            .into_iter()
            .chain(rules.features.says());
        words(&said.collect::<Vec<_>>()).join("\n")
    };
    let games = ["nine", "quota", "superbru"].map(said);
    insta::assert_snapshot!(games.join("\n\n"));
}

#[test]
fn who_is_known_from_the_pool_before() {
    let said = |players: u8| {
        let account = |no| AccountId([no; 32]);
        let players =
            (1..=players).map(|no| (account(no), format!("Player {no}").parse().unwrap()));
        let mut genesis = Genesis::article();
        genesis.rules.features.next = Some(NextRule::of(PoolId([7; 32]), players));
        let said = explain(&genesis).into_iter();
        said.filter(|it| it.contains("before this one"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        [said(1), said(12)].concat(),
        [
            "1 player of the pool before this one can join without an invitation, and nobody else can join under that player’s name.",
            "12 players of the pool before this one can join without an invitation, and nobody else can join under their names.",
        ]
    );
}

#[test]
fn stakes() {
    let said = |least, most| {
        let mut genesis = Genesis::article();
        genesis.rules.stake_min = Chips(least);
        genesis.rules.stake_max = Chips(most);
        words(&tipping::tipping(&genesis)).pop().unwrap()
    };
    assert_eq!(said(0, 0), "Bets are for points only: no chips are staked.");
    assert_eq!(said(7, 7), "Every bet stakes exactly 7 chips.");
    assert_eq!(said(1, 7), "A bet stakes 1 to 7 chips.");
    assert!(said(0, 7).starts_with("A bet may stake up to 7 chips"));
}

#[test]
fn durations_are_exact() {
    for (seconds, text) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (3_600, "1 hour"),
        (86_400, "1 day"),
        (90_061, "1 day 1 hour 1 minute 1 second"),
    ] {
        assert_eq!(duration(seconds), text);
    }
}

#[test]
fn who_makes_the_blocks() {
    let mut genesis = Genesis::article();
    let account = AccountId([1; 32]);
    let validator = Validator {
        account,
        key: ValidatorKey([2; 32]),
        weight: 1,
    };
    let mut said = Vec::new();
    let stake = SetChange::Stake {
        wait_s: 604_800,
        cut_percent: 50,
    };
    for (change, organisers, validators) in [
        (
            SetChange::Appointed {
                quorum: Quorum::of(1),
            },
            1,
            1,
        ),
        (
            SetChange::Appointed {
                quorum: Quorum::of(1),
            },
            3,
            4,
        ),
        (
            SetChange::Appointed {
                quorum: Quorum::of(2),
            },
            3,
            1,
        ),
        (stake, 1, 1),
    ] {
        genesis.organisers = vec![account; organisers];
        let mut pos = Pos::appointed(vec![validator; validators]);
        pos.voting.change = change;
        genesis.consensus = Consensus::Pos(pos);
        said.push(words(&blocks::blocks(&genesis)).join("\n"));
    }
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn several_stages_and_ties_are_said_in_one_sentence() {
    let stage = |name| StageRule {
        stage: Text::new(name).unwrap(),
        base: Base::After120,
        multiplier: 2,
    };
    let rules = Rules {
        stages: ["Last 16", "Semi-finals", "Final"].map(stage).to_vec(),
        tie_breaks: vec![
            TieBreak::FewerMissing,
            TieBreak::Exact,
            TieBreak::Tendencies,
        ],
        ..Rules::default()
    };
    assert_eq!(
        words(&points::counting(&rules))[1],
        "In the stages \"Last 16\", \"Semi-finals\" and \"Final\", the score after extra time, where it is played, without \
         the penalty shoot-out, counts, and points are doubled."
    );
    assert_eq!(
        english(&results::standings(&rules)),
        "Players with equal points are separated by fewer missing bets, then by more exact scores, then by more right winners; if all of that is equal, they share the place."
    );
}

fn options(of: usize) -> Asks {
    let options = ["Portugal", "Spain", "Curaçao"].map(|it| Text::new(it).unwrap());
    Asks::Choice {
        options: options[..of].to_vec(),
        misplaced: None,
        perfect: 0,
    }
}

fn champion() -> Question {
    Question {
        no: MatchNo(0x4000),
        code: MatchCode::new("champion").unwrap(),
        text: Text::new("Who becomes champion?").unwrap(),
        closes: UnixSeconds(1_559_760_300),
        points: 10,
        slots: 1,
        asks: options(2),
    }
}

fn goals() -> Question {
    Question {
        asks: Asks::Number {
            least: 0,
            most: 400,
            near: vec![5],
        },
        ..champion()
    }
}

fn told(said: &[Said]) -> String {
    words(said).join(" ")
}

#[test]
fn what_organisers_ask_is_told() {
    let champion = champion();
    assert_eq!(
        told(&asked(None, &champion)),
        "There is a new question, “Who becomes champion?”. One can choose from \"Portugal\" and \"Spain\". \
         A right answer gives 10 points. It takes answers until 2019-06-05T18:45:00Z."
    );
    let mut more = champion.clone();
    more.asks = options(3);
    assert_eq!(
        told(&asked(Some(&champion), &more)),
        "The question “Who becomes champion?” was changed. One can also choose \"Curaçao\"."
    );
    let mut later = more.clone();
    later.text = Text::new("Who wins?").unwrap();
    later.closes = UnixSeconds(1_559_760_301);
    later.points = 1;
    assert_eq!(
        told(&asked(Some(&more), &later)),
        "The question “Who becomes champion?” is now “Who wins?”. A right answer gives 1 point. \
         It takes answers until 2019-06-05T18:45:01Z."
    );
    assert_eq!(asked(Some(&more), &more), []);
    let podium = Question {
        slots: 2,
        asks: Asks::Choice {
            options: ["Portugal", "Spain", "Curaçao"]
                .map(|it| Text::new(it).unwrap())
                .to_vec(),
            misplaced: Some(3),
            perfect: 5,
        },
        ..more.clone()
    };
    assert_eq!(
        told(&asked(Some(&champion), &podium)),
        "The question “Who becomes champion?” was changed. It needs 2 answers of everybody. A right answer gives 10 points. \
         The order counts: a right answer in a wrong place gives 3 points. \
         If all answers are right, that gives 5 points more. \
         It takes answers until 2019-06-05T18:45:00Z. One can also choose \"Curaçao\"."
    );
    assert_eq!(
        told(&asked(None, &goals())),
        "There is a new question, “Who becomes champion?”. Its answer is a number from 0 to 400. \
         A right answer gives 10 points. A number that misses by 1 gives 5 points. \
         It takes answers until 2019-06-05T18:45:00Z."
    );
}

#[test]
fn what_is_right_is_told() {
    let (champion, goals) = (champion(), goals());
    let right = |question: &Question, right: &[u16]| {
        let right = right.iter().map(|it| (*it).try_into().unwrap()).collect();
        let outcome = Outcome {
            right,
            ..Outcome::without_score(Status::Answered, None)
        };
        told(&answered(question, &outcome))
    };
    assert_eq!(
        right(&champion, &[0]),
        "The right answer to “Who becomes champion?”: \"Portugal\"."
    );
    assert_eq!(
        right(&goals, &[171, 172]),
        "The right answers to “Who becomes champion?”: 171, 172."
    );
    assert_eq!(
        told(&answered(
            &goals,
            &Outcome::without_score(Status::Cancelled, None)
        )),
        "The question “Who becomes champion?” was withdrawn: it gives no points."
    );
}

#[test]
fn a_template_is_filled_with_what_it_names() {
    let said =
        Template("{a}#{n, plural, =0 {none} one {# {a}} other {# {a}s}}, {n, number} of {names}.");
    let names = || SaidValue::Names {
        names: vec!["A".to_owned(), "{n}".to_owned()],
    };
    for (number, wanted) in [(0_u64, "none"), (1, "1 x#"), (2, "2 x#s")] {
        let said = said.with([("a", "x#".into()), ("n", number.into()), ("names", names())]);
        assert_eq!(
            english(&said),
            format!("x##{wanted}, {number} of \"A\" and \"{{n}}\".")
        );
    }
}

/// Checks the file that the page's translations are checked by; `BOLAO_WRITE_VECTORS=1` rewrites it.
#[test]
fn the_published_templates_are_all_there_are() {
    let all = [
        joining::ALL,
        tipping::ALL,
        points::ALL,
        results::ALL,
        added::ALL,
        blocks::ALL,
        acts::ALL,
        acts::questions::ALL,
        chat::recap::ALL,
    ];
    let all = all
        .into_iter()
        .chain(FEATURE_SENTENCES.iter().copied())
        .chain(SCORING_SENTENCES.iter().copied())
        .chain([BASE_SENTENCES, TIE_BREAK_SENTENCES]);
    let all: Vec<&str> = all.flatten().map(|template| template.0).collect();
    // An apostrophe before one of these would quote it.
    let findings = CATALOGUE.values().map(|it| &*it.says);
    let quoted = { all.iter().copied().chain(findings) }
        .find(|it| it.contains("'{") || it.contains("'}") || it.contains("'#"));
    assert_eq!(quoted, None);
    written("rules.json", &all);
}

/// A program that answers in a node's place keeps nobody busy by it.
#[test]
fn a_sentence_that_holds_itself_many_times_ends() {
    let mut said = Template("{nobody}").said();
    for _ in 0..64 {
        said = Template("{all}{all}{all}{all}").with([("all", said.into())]);
    }
    assert_eq!(english(&said), "");
    let template = format!(
        "{}x{}",
        "{n, plural, other {".repeat(2_500),
        "}}".repeat(2_500)
    );
    let said = Said {
        template,
        values: [("n".to_owned(), SaidValue::Number(1))].into(),
    };
    assert_eq!(english(&said), "");
}

#[test]
fn every_sentence_of_an_action_is_in_the_vectors_once() {
    let all = ACTION_KINDS.iter().flat_map(|kind| kind.sentences());
    let all: Vec<&str> = all.map(|template| template.0).collect();
    assert!(all.iter().all(|it| it.starts_with("{who} ")));
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(once.len(), all.len(), "two actions are said alike");
    written("actions.json", &all);
}

/// Compares a list of templates with the vectors, by which translations are checked.
fn written(file: &str, templates: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(file);
    let text = serde_json::to_string_pretty(templates).unwrap() + "\n";
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_catalogue_says_how_bad_a_finding_is_and_what_it_is_about() {
    for (code, entry) in &*CATALOGUE {
        let kebab = |it: &str| it.bytes().all(|it| it == b'-' || it.is_ascii_lowercase());
        assert!(kebab(code) && kebab(&entry.subject), "{code}");
        assert!(!entry.says.is_empty(), "{code}");
        let is_part = code.starts_with("part-");
        assert_eq!(entry.subject.is_empty(), is_part, "{code}");
        assert!(!is_part || entry.level == Level::Unknown, "{code}");
    }
}

#[test]
fn a_finding_is_said_with_its_parts_and_one_of_a_newer_program_as_it_came() {
    let staked = part!("part-staked", score: "2-1", chips: 1_u8);
    let changes = vec![staked, part!("part-sealed")];
    let mut found = finding!("organisers-changed", who: "ana", changes: changes);
    assert_eq!(found.text, "ana: 2-1 for 1 chip (sealed)");
    assert_eq!(found.with(&Nameless), found.text);
    let read = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Finding>(&read).unwrap(), found);
    "of-tomorrow".clone_into(&mut found.code);
    assert_eq!(found.with(&Nameless), found.text);
}

#[test]
fn two_sign_once_there_are_two() {
    let mut genesis = Genesis::article();
    genesis.organisers = vec![AccountId([1; 32])];
    genesis.rules = Rules::of_new_pools(1);
    let mut pos = Pos::appointed([]);
    pos.voting.change = SetChange::Appointed {
        quorum: Quorum::TWO_ONCE_TWO,
    };
    genesis.consensus = Consensus::Pos(pos);
    let said = explain(&genesis).join("\n");
    for what in [
        "add a match or set its kick-off",
        "enter a result",
        "add or remove an organiser",
    ] {
        let sentence = format!(
            "It takes one signature to {what} while there is one organiser, and two once there are two."
        );
        assert!(said.contains(&sentence), "{said}");
    }
    assert!(
        said.contains(
            "by one signature while there is one organiser, and by two once there are two."
        ),
        "{said}"
    );
    assert!(said.contains("signed nothing for seven days"), "{said}");
    // Where they stay as they are, it is the number of those who are there.
    genesis.rules.organisers_quorum = Quorum::of(0);
    genesis.organisers.push(AccountId([2; 32]));
    let said = explain(&genesis).join("\n");
    assert!(
        said.contains("2 of the 2 organisers must agree to enter a result."),
        "{said}"
    );
    assert!(!said.contains("seven days"), "{said}");
}

#[test]
fn acts_that_take_effect_later_say_when() {
    let account = AccountId([1; 32]);
    let act = |vote, effect| Act {
        organiser: account,
        signers: vec![account],
        vote,
        match_no: MatchNo(0),
        effect: Some(effect),
        tx: TxId([0; 32]),
        height: Height(1),
        time: UnixSeconds(100),
    };
    let said = |act: &Act| {
        words(&crate::told(&Rules::default(), act, &|_| {
            "bruno".to_owned()
        }))
    };
    let weight = |before, weight, from| {
        let key = ValidatorKey([2; 32]);
        let vote = Vote::Appoint(Validator {
            account,
            key,
            weight,
        });
        let from = UnixSeconds(from);
        act(vote, Effect::Weight { before, from })
    };
    let at = "1970-01-01T00:03:20Z";
    assert_eq!(
        said(&weight(1, 0, 200)),
        [
            "bruno stops being a validator.".to_owned(),
            format!("It takes effect {at}, with all other changes of validators that wait."),
        ]
    );
    assert_eq!(
        said(&weight(1, 1, 200))[1],
        format!("All other changes of validators that wait take effect {at}.")
    );
    assert_eq!(said(&weight(0, 1, 100)).len(), 1);
    let short = |act: &Act| act.is_short(&Rules::of_new_pools(1));
    assert!(short(&weight(0, 1, 100)) && short(&weight(0, 9, 200)));
    assert!(!short(&weight(0, 1, 100 + 12 * 3_600)) && !short(&weight(1, 1, 100)));
    let removed = |from| {
        let added = false;
        let from = UnixSeconds(from);
        act(
            Vote::Organiser { account, added },
            Effect::Organiser { from },
        )
    };
    assert_eq!(
        said(&removed(200)),
        [format!(
            "bruno has signed nothing for seven days and stops being an organiser {at}, unless there is a signature from bruno before then."
        )]
    );
    assert_eq!(said(&removed(100)), ["bruno is no organiser any more."]);
}
