//! Making a pool by its rules.

use std::fs;

use super::Homes;
use crate::support::run;

#[test]
fn rules_by_flags_and_by_file_are_the_same() {
    let homes = Homes::new();
    let cup = homes.path("cup.json").display().to_string();
    let others: Vec<String> = ["a", "b"]
        .map(|name| {
            homes.ok(name, &["wallet", "create"]);
            homes.ok(name, &["wallet", "account"]).trim().to_owned()
        })
        .into();
    let common = [
        "new",
        "Cup",
        "--fixtures",
        &cup,
        "--organiser",
        &others[0],
        "--organiser",
        &others[1],
    ];
    for scheme in ["kicktipp", "c321", "wm543", "s52", "br10", "add"] {
        let (flags, file) = (format!("flags-{scheme}"), format!("file-{scheme}"));
        homes.ok(
            &flags,
            &[
                &common[..],
                &[
                    "--scheme",
                    scheme,
                    "--tips",
                    "sealed",
                    "--membership",
                    "invite",
                ],
                &[
                    "--results",
                    "2-of-3",
                    "--schedules",
                    "2",
                    "--dispute-window",
                    "2d",
                ],
                &[
                    "--deadline-lead",
                    "15m",
                    "--chips",
                    "50",
                    "--target",
                    "fixed:9",
                ],
            ]
            .concat(),
        );
        let rules = homes.path("rules.toml").display().to_string();
        let text = format!(
            "scheme = \"{scheme}\"\ntips = \"sealed\"\nmembership = \"invite\"\n\
             results = \"2-of-3\"\nschedules = 2\ndispute_window = \"48h\"\n\
             deadline_lead = 900\nstarting_chips = 50\ntarget = \"fixed:16\"\n"
        );
        fs::write(&rules, text).unwrap();
        // A flag goes before the file.
        homes.ok(
            &file,
            &[&common[..], &["--rules", &rules, "--target", "fixed:9"]].concat(),
        );
        let shown = |home: &str| {
            let mut rules = homes.json(home, &["rules"]);
            let fields = rules.as_object_mut().unwrap();
            fields.remove("pool");
            fields.remove("organisers");
            rules
        };
        let by_flags = shown(&flags);
        assert_eq!(by_flags, shown(&file));
        assert_eq!(by_flags["preset"], scheme);
        assert_eq!(by_flags["membership"], "invite");
        assert_eq!(by_flags["starting_chips"], 50);
    }
    // So does the flag of a game before the points of a file; what else the file says goes before the game.
    let rules = homes.path("rules.toml").display().to_string();
    fs::write(&rules, "scheme = \"c321\"\ntie_breaks = [\"exact\"]\n").unwrap();
    let game = ["--rules", &rules, "--game", "kicktipp"];
    homes.ok("game", &[&common[..], &game].concat());
    let by_game = homes.json("game", &["rules"]);
    assert_eq!(by_game["preset"], "kicktipp");
    assert_eq!(by_game["rules"]["tie_breaks"], serde_json::json!(["exact"]));
    let text = homes.fails(2, "c", &[&common[..], &["--results", "2-of-2"]].concat());
    assert!(text.contains("there are 3 organisers"), "{text}");
    fs::write(homes.path("rules.toml"), "sealed = true").unwrap();
    let rules = homes.path("rules.toml").display().to_string();
    let text = homes.fails(1, "c", &[&common[..], &["--rules", &rules]].concat());
    assert!(
        text.contains("rules.toml") && text.contains("`tips`"),
        "{text}"
    );
    assert!(!homes.path("c").exists());
}

#[test]
fn rules_are_said_in_plain_words() {
    let homes = Homes::new();
    fs::write(
        homes.path("rules.toml"),
        "[[stages]]\nstage = \"Group stage\"\nmultiplier = 2\n[[stages]]\nstage = \"Final\"\nbase = 120\nmultiplier = 3\n",
    )
    .unwrap();
    let rules = homes.path("rules.toml").display().to_string();
    homes.new_pool(&[
        "--rules",
        &rules,
        "--tips",
        "sealed",
        "--membership",
        "invite",
    ]);
    let account = homes.ok("mary", &["wallet", "account"]);
    let said = homes
        .ok("mary", &["rules"])
        .replace(&homes.pool().to_string(), "POOL")
        .replace(account.trim(), "ACCOUNT");
    insta::assert_snapshot!(said);
}

#[test]
fn who_organises_is_told_so_by_joining() {
    let homes = Homes::new();
    let made = homes.json("otto", &["wallet", "create"]);
    homes.new_pool(&["--organiser", made["account"].as_str().unwrap()]);
    let genesis = homes.path("mary").join("genesis.json");
    let genesis = genesis.display().to_string();
    let told = homes.ok("otto", &["join", &genesis, "--name", "otto"]);
    assert!(told.contains("Role     organiser"), "{told}");
    let again = homes.json("otto", &["join", &genesis]);
    assert_eq!(again["organiser"], true);
    let told = homes.ok("bruno", &["join", &genesis, "--name", "bruno"]);
    assert!(!told.contains("Role"), "{told}");
}

/// Whose the times are is said, and they are shown as that zone's.
#[test]
fn a_pool_says_whose_times_it_has_read() {
    let homes = Homes::new();
    let list = homes.path("list.txt");
    fs::write(&list, "2030-06-14\n19:00 Lions - Tigers\nBears - Wolves\n").unwrap();
    let list = list.display().to_string();
    let zone = ["--zone", "Europe/Lisbon"];
    let shown = homes.ok("a", &[&["fixtures", &list], &zone[..]].concat());
    assert!(shown.contains("14 Jun 2030 19:00"), "{shown}");
    assert!(shown.contains("times of Europe/Lisbon"), "{shown}");
    let new = [&["new", "Cup", "--fixtures", &list], &zone[..]].concat();
    let dry = homes.ok("a", &[&new[..], &["--dry-run"]].concat());
    assert!(dry.contains("14 Jun 2030 19:00"), "{dry}");
    assert!(dry.contains("Times of Europe/Lisbon."), "{dry}");
    let made = run(homes.args("a", &new));
    let told = String::from_utf8([made.stdout, made.stderr].concat()).unwrap();
    for said in [
        "First    Fri 14 Jun 2030 19:00 WEST, Lions – Tigers",
        "Times    read as times in Europe/Lisbon",
        "when the day begins in Europe/Lisbon",
    ] {
        assert!(told.contains(said), "{told}");
    }
}
