//! The commands of README and OPERATING, typed as they stand there; `src/cli/tests/documents.rs` reads all others.

use std::{collections::BTreeSet, fs, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    feeding::{Mirror, game},
    season::{SEASON, is_placed},
    support::{Http, TIMEOUT, Terminal, at_port, blocks, eventually, free_port, section, temp},
    voting::joined,
};

const README: &str = include_str!("../../../../../README.md");
const CONTRIBUTING: &str = include_str!("../../../../../CONTRIBUTING.md");
const OPERATING: &str = include_str!("../../../../../docs/OPERATING.md");
const PLAYING: &str = include_str!("../../../../../docs/PLAYING.md");

/// Sections with blocks of commands, and where these are run, or why they are only read.
const SECTIONS: &str = "\
Get it: builds the program
Start a pool: here
In a terminal: here
Watch it, test it: builds and tests all
Build and test: builds and tests all
Installing: needs root, systemd, docker, a release
A link that works anywhere: needs root and a name; reaching.rs has a relay
Writing to the friends' chat: here
For a season: season.rs
Ports: here
The clock: here
Backing up and restoring: here
Several pools: needs two pools; pools.rs has them
Without a backup: words.rs
The articles' programs: here
For organisers: needs several organisers; organising.rs has them";
/// The time from the setting of a kick-off to it.
const SOON: Duration = Duration::from_secs(6);
/// Commands from between backticks, for an organiser's home with a running node.
const NAMED: &str = "\
bolao status
bolao doctor
bolao peers
bolao clock
bolao audit
bolao chain HEIGHT
bolao invite --url http://cup.example:9000
bolao invite --uses 20 --expires 7d
bolao address https://pool.example.org
bolao validators
bolao rules
bolao log
bolao objections
bolao export standings
bolao export tips --format json";

#[test]
fn every_block_of_commands_is_run_or_listed() {
    let known: BTreeSet<_> = SECTIONS
        .lines()
        .map(|it| it.split(": ").next().unwrap())
        .collect();
    let blocks = [README, CONTRIBUTING, OPERATING, PLAYING].map(|it| blocks::read(it).0);
    let blocks = blocks.iter().flatten().filter(|it| it.language == "sh");
    let found: BTreeSet<_> = blocks.map(|it| it.heading.as_str()).collect();
    assert_eq!(
        found, known,
        "run or list these sections, or take them off the list"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_goes_as_the_readme_says() {
    let (mirror, dir) = (Mirror::start().await, temp());
    let matches = [
        game(86_400, "Arsenal FC", "Chelsea FC"),
        game(90_000, "Everton FC", "Fulham FC"),
    ];
    *mirror.list.lock().unwrap() = Some(json!({"name": "League", "matches": matches}).to_string());
    let [ana, bruno, carla] = ["ana", "bruno", "carla"].map(|name| {
        let dir = dir.path().join(name);
        fs::create_dir(&dir).unwrap();
        Terminal::new(&dir).with("BOLAO_OPENFOOTBALL", &mirror.url)
    });

    let first = carla.begins(&section(README, "Start a pool").concat(), free_port());
    eventually("the page of the first run", TIMEOUT, async || {
        first.log().contains("Open this address").then_some(())
    })
    .await;

    // The season that is played now.
    let listed: Value =
        serde_json::from_str(&ana.follow("bolao competitions --json en.1.")).unwrap();
    let season = listed[0]["code"].as_str().unwrap();
    let example = section(README, "In a terminal")
        .concat()
        .replace("en.1.2026-27", season);
    let lines: Vec<&str> = example.lines().filter(|line| !line.is_empty()).collect();
    let [
        new,
        run,
        invite,
        words,
        join,
        bet,
        standings,
        slip,
        audit,
        result,
    ] = lines[..]
    else {
        panic!("other lines: follow them here: {lines:#?}");
    };
    ana.types(new);
    let host = ana.runs(run, free_port()).await;
    joined(&host, "ana").await;
    let invited = ana.types(invite);
    let link = invited
        .lines()
        .find(|line| line.contains("/join#"))
        .unwrap();
    assert!(ana.types(words).contains("24 "), "numbered words");
    let (before, rest) = join.split_once('\'').unwrap();
    let (_, after) = rest.split_once('\'').unwrap();
    bruno.types(&format!("{before}'{}'{after}", link.trim()));
    assert!(join.ends_with("then `bolao run`"), "{join}");
    let friend = bruno.runs("bolao run", free_port()).await;
    joined(&friend, "bruno").await;
    ana.types(bet);
    is_placed(&friend, 2).await;
    assert!(ana.types(standings).contains("bruno"));
    ana.types(slip);
    assert!(slip.contains("(bolao verify)"), "{slip}");
    bruno.types("bolao verify ../ana/*.slip.json");
    ana.types(audit);
    // It kicks off at once instead of tomorrow, and may have a result from then on.
    let kickoff = Timestamp::now() + SOON;
    ana.types(&format!(
        "bolao schedule 1 --kickoff {kickoff} --yes --wait"
    ));
    eventually("the kick-off", SOON + TIMEOUT, async || {
        (kickoff < Timestamp::now()).then_some(())
    })
    .await;
    ana.types(result);
    eventually("the result", TIMEOUT, async || {
        bruno.follow("bolao result 1").contains("3-1").then_some(())
    })
    .await;
    for named in blocks::spans(&example) {
        if named != "bolao run" {
            bruno.types(&named);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_runs_as_operating_says() {
    let dir = temp();
    fs::write(dir.path().join("season.json"), SEASON).unwrap();
    let ana = Terminal::new(dir.path());
    ana.types(&section(OPERATING, "For a season")[0]);
    for block in ["Writing to the friends' chat", "Ports"].map(|it| section(OPERATING, it).concat())
    {
        for line in block.lines() {
            let (status, _) = ana.runs(line, free_port()).await.terminate().await;
            assert!(status.success(), "{line}");
        }
    }

    let spans = blocks::spans(&blocks::read(&format!("{OPERATING}\n{PLAYING}")).1);
    let numbers = "bolao run --metrics 127.0.0.1:9464";
    for named in NAMED.lines().chain([numbers]) {
        let is_there = spans.iter().any(|it| it == named);
        assert!(is_there, "no document has `{named}` any more");
    }
    let metrics = free_port();
    let mut node = ana
        .runs(&at_port(numbers, "9464", &metrics), free_port())
        .await;
    joined(&node, "ana").await;
    let scraped = Http::new(format!("http://127.0.0.1:{}", metrics.number()));
    let scraped = scraped.get("/metrics").await.text;
    assert!(scraped.contains("bolao_tip_height{"), "{scraped}");
    for line in section(OPERATING, "The clock")
        .concat()
        .lines()
        .chain(NAMED.lines())
    {
        ana.types(&line.replace("HEIGHT", "1"));
    }
    let blocks = section(OPERATING, "Backing up and restoring").concat();
    let [backup, restore, all, restore_all] = blocks.lines().collect::<Vec<_>>()[..] else {
        panic!("other lines: follow them here: {blocks}");
    };
    ana.types(backup);
    ana.types(all);
    node.terminate().await;
    ana.types(&restore.replace("/srv", "srv"));
    let backups = fs::read_dir(dir.path().join("backups")).unwrap();
    let one = backups.map(|it| it.unwrap().file_name()).next().unwrap();
    let one = format!("backups/{}", one.display());
    let restore_all = restore_all.replace("/srv/cup", "srv/all");
    ana.types(&restore_all.replace("backups/*.tar", &one));
    ana.types("bolao --home srv/cup audit");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_articles_nodes_meet_as_operating_says() {
    let (dir, one, two) = (temp(), free_port(), free_port());
    let user = Terminal::new(dir.path()).without_home();
    assert!(OPERATING.contains("`bolao classic 9000`"));
    let block = section(OPERATING, "The articles' programs").concat();
    let block = at_port(&at_port(&block, "9000", &one), "9001", &two);
    let _first = user.runs("bolao classic 9000", one).await;
    let (mut second, mut shown) = (Some(two), String::new());
    let mut nodes = Vec::new();
    for line in block.lines() {
        if line.starts_with("bolao ") {
            nodes.push(user.runs(line, second.take().unwrap()).await);
        } else {
            shown.push_str(&user.follow(line));
        }
    }
    for wanted in [
        "Bet created and broadcast successfully.",
        "New block mined and broadcast successfully.",
        "john",
        "New node registered successfully",
        "This chain has been replaced.",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
}
