//! Receipts where validators make the blocks.

use std::{fs, net::TcpListener, path::Path};

use bolao_ledger::{
    BlockHash, Certificate, Decision, DoubleSign, Header, Height, Signature, Statement,
    StatementKind, encode, merkle_root,
};
use bolao_node::{Home, Running};
use bolao_receipts::{Proof, Slip};
use bolao_store::Store;
use serde_json::Value;

use super::{AT_ONCE, friend_of, in_home, is_final, joined, new_pool, new_pool_of, offered};
use crate::support::{TIMEOUT, done, eventually, run, run_node, temp};

/// The statuses of the three answers.
const IN_CHAIN: Option<i32> = Some(0);
const NOT_IN_CHAIN: Option<i32> = Some(1);
const NOT_COMPARED: Option<i32> = Some(4);

/// What `verify` says in a home, and its status.
fn verify_in(home: &Path, slip: &Path, flags: &[&str]) -> (Option<i32>, String) {
    let slip = slip.display().to_string();
    let output = run(in_home(home, &[&["verify", &slip], flags].concat()));
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// The same in a directory without a home.
fn verify(dir: &Path, slip: &Path, pool: &str, flags: &[&str]) -> (Option<i32>, String) {
    let flags = [&["--pool", pool], flags].concat();
    verify_in(&dir.join("no-home"), slip, &flags)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_proves_offline_that_a_bet_is_final_also_after_a_change_of_validators() {
    let (dir, elsewhere) = (temp(), temp());
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), AT_ONCE).await;
    let first = elsewhere.path().join("first.json");
    let name = first.display().to_string();
    let said = done(in_home(&ana, &["slip", "PtCh", "--output", &name]));
    assert!(said.contains("which is final"), "{said}");
    let pool = host.status().await["pool"].as_str().unwrap().to_owned();
    let (code, said) = verify(elsewhere.path(), &first, &pool, &[]);
    assert_eq!(code, NOT_COMPARED, "{said}");
    let alone =
        "alone (the organiser) could make such a receipt at any time, with the key that voted on";
    for part in [
        alone,
        "Not compared: there is no pool in ",
        "2-1 on PtCh, Portugal – Switzerland",
        "Final     signed by the validator",
        "those that the pool was made with",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("hashes"), "{said}");

    // One character of a signature.
    let text = fs::read_to_string(&first).unwrap();
    let at = text.find("certificate").unwrap() + 100;
    let mut bytes = text.clone().into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let bad = elsewhere.path().join("bad.json");
    fs::write(&bad, bytes).unwrap();
    let (code, said) = verify(elsewhere.path(), &bad, &pool, &[]);
    assert!(code == Some(1) && said.contains("proves nothing"), "{said}");

    // Another validator.
    let bento = friend_of(&host, &ana, "bento");
    let mut friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    offered(&host, "bento").await;
    done(in_home(&ana, &["validators", "appoint", "bento", "--yes"]));
    eventually("two validators", TIMEOUT, async || {
        let answer = friend.http.try_get("/api/v1/validators").await?;
        let answer: Value = serde_json::from_str(&answer.text).ok()?;
        (answer["validators"].as_array()?.len() == 2).then_some(())
    })
    .await;
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    is_final(&host, "bento", (0, 3), TIMEOUT).await;
    let second = elsewhere.path().join("second.json");
    let name = second.display().to_string();
    done(in_home(
        &ana,
        &["slip", "NlEn", "--player", "bento", "--output", &name],
    ));
    // Not killed: what a validator's log of votes holds of the last block would come into its store only as the node starts.
    host.terminate().await;
    friend.terminate().await;
    let (code, said) = verify(elsewhere.path(), &second, &pool, &["--json"]);
    assert_eq!(code, NOT_COMPARED, "{said}");
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(told["verdict"], "not_compared");
    assert!(
        told["why"]
            .as_str()
            .unwrap()
            .contains("there is no pool in")
    );
    assert_eq!(told["final"], true);
    assert_eq!(
        (&told["signers"], &told["validators"]),
        (&2.into(), &2.into())
    );
    assert_eq!(told["validator_changes"], 1);
    // Two vote by now, and still the first one alone could have made it up.
    let made = &told["could_have_made"];
    assert_eq!(
        (&made["needed"], &made["first_block"]),
        (&1.into(), &1.into())
    );
    assert_eq!(made["accounts"][0]["organiser"], true);
    // The old slip is as good as it was, in a home of the pool too.
    let name = first.display().to_string();
    let said = done(in_home(&bento, &["verify", &name]));
    assert!(
        said.contains("In your chain: this bet is in block "),
        "{said}"
    );
    assert!(said.contains("your own chain has this block"), "{said}");
    assert!(!said.contains("could make such a receipt"), "{said}");
    let weakest =
        "the fewest on the way to it: ana alone (the organiser), with the key that voted on";
    assert!(said.contains(weakest), "{said}");
    let told: Value =
        serde_json::from_str(&done(in_home(&bento, &["verify", &name, "--json"]))).unwrap();
    assert_eq!(
        (&told["verdict"], &told["rests_on"]),
        (&"in_chain".into(), &"own_chain".into())
    );
    assert_eq!(told["could_have_made"], Value::Null);
    assert_eq!(told["weakest"]["accounts"][0]["name"], "ana");
    // The node's own transactions are no bets.
    joins_are_named(&bento, elsewhere.path());
    a_key_that_voted_twice_is_somebodys(&ana, &bento, elsewhere.path(), &pool);
    forgeries_are_told(&ana, &bento, elsewhere.path(), &pool);
    friend.spawn();
    friend.wait().await;
    forgeries_are_content_nowhere(&ana, &bento, elsewhere.path(), &pool);
}

/// Anybody can make a key and sign twice with it: that was valid, with the status 0, and "one validator" in it.
fn a_key_that_voted_twice_is_somebodys(ana: &Path, bento: &Path, dir: &Path, pool: &str) {
    let file = dir.join("votes.json");
    let id = Home::open(ana).unwrap().genesis().unwrap().pool_id();
    let twice = |home: &Path| {
        let home = Home::open(home).unwrap();
        let key = home.voting_key().unwrap();
        let signed = |hash| {
            let statement = Statement {
                kind: StatementKind::Prevote,
                height: Height(4),
                round: 1,
                decision: Some(Decision::plain(Height(4), BlockHash([hash; 32]))),
            };
            let signature = key.sign(&statement.signing_bytes(id));
            (statement, Signature(signature.to_bytes()))
        };
        let signed = DoubleSign {
            key: home.validator_key().unwrap(),
            first: signed(4),
            second: signed(5),
        };
        fs::write(&file, Proof::of_votes(id, &signed).to_json()).unwrap();
    };
    // Bento votes since a change, ana from the beginning.
    for (home, name) in [(ana, "ana"), (bento, "bento")] {
        twice(home);
        let (code, said) = verify_in(bento, &file, &[]);
        assert_eq!(code, IN_CHAIN, "{said}");
        let valid = "The proof is valid: one validator signed two";
        assert!(said.contains(valid), "{said}");
        assert!(said.contains(&format!("Signed by {name} (")), "{said}");
        let (code, said) = verify(dir, &file, pool, &[]);
        assert_eq!(code, NOT_COMPARED, "{said}");
        assert!(said.contains("Not compared: "), "{said}");
    }
    let strangers = dir.join("strangers");
    fs::create_dir(&strangers).unwrap();
    twice(&new_pool(&strangers));
    let (code, said) = verify_in(bento, &file, &[]);
    assert_eq!(code, NOT_COMPARED, "{said}");
    for part in [
        "Not compared: nobody who votes in your own chain has this key",
        "If those who vote here are the pool's: ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let args = ["verify", &file.display().to_string(), "--json"];
    let output = run(in_home(bento, &args));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["verdict"], &told["proves"]),
        (&"not_compared".into(), &"two_votes".into())
    );
}

/// The receipt of a join was that of "this bet".
fn joins_are_named(home: &Path, dir: &Path) {
    let (home, file) = (Home::open(home).unwrap(), dir.join("join.json"));
    let genesis = home.genesis().unwrap();
    {
        let store = Store::open(&home.chain_path()).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        let header = |height| snapshot.header_at(Height(height)).unwrap().unwrap().header;
        let block = snapshot.block_at(Height(1)).unwrap().unwrap();
        let certificate = snapshot.final_at(Height(1)).unwrap().unwrap().certificate;
        let (headers, certificate) = ([header(0), header(1)], certificate.bytes());
        let slip = Slip::of_votes(&genesis, &headers, &block, 0, certificate, Vec::new());
        fs::write(&file, slip.unwrap().to_json()).unwrap();
    }
    let (code, said) = verify_in(home.dir(), &file, &[]);
    assert_eq!(code, IN_CHAIN, "{said}");
    let named =
        "In your chain: this transaction (“ana joins the pool.”) is in block 1, which is final.";
    assert!(said.contains(named), "{said}");
    assert!(!said.contains("this bet"), "{said}");
}

/// The slip of a block above so many of the chain's, signed with the first validator's key alone, as if nobody else had ever voted.
fn forged(home: &Path, below: u64) -> (String, Header) {
    let home = Home::open(home).unwrap();
    let (genesis, key) = (home.genesis().unwrap(), home.voting_key().unwrap());
    let store = Store::open(&home.dir().join("chain.redb")).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let headers = (0..=below).map(|height| snapshot.header_at(Height(height)).unwrap().unwrap());
    let mut headers: Vec<Header> = headers.map(|it| it.header).collect();
    let parent = *headers.last().unwrap();
    let all = (1..).map(|height| snapshot.block_at(Height(height)).unwrap().unwrap());
    let mut block = { all }.find(|it| !it.transactions.is_empty()).unwrap();
    block.coinbase.height = Height(below + 1);
    block.coinbase.extra_nonce[0] ^= 1;
    (block.header.previous, block.header.time) = (parent.hash(), parent.time);
    block.header.merkle_root = merkle_root(&block.leaves());
    headers.push(block.header);
    let (height, mut certificate) = (block.coinbase.height, Certificate::default());
    let statement = certificate.statement(height, Decision::plain(height, block.hash()));
    let signature = key.sign(&statement.signing_bytes(genesis.pool_id()));
    let signature = Signature(signature.to_bytes());
    certificate.signatures = [(home.validator_key().unwrap(), signature)].into();
    let certificate = encode(&certificate);
    let slip = Slip::of_votes(&genesis, &headers, &block, 0, &certificate, Vec::new());
    (slip.unwrap().to_json(), block.header)
}

/// Below the friend's tip, at it and above it: each was called valid, in his home too.
fn forgeries_are_told(ana: &Path, bento: &Path, dir: &Path, pool: &str) {
    let tip = {
        let store = Store::open(&bento.join("chain.redb")).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        snapshot.tip().unwrap().height.0
    };
    let file = dir.join("forged.json");
    let in_bentos = |flags: &[&str]| verify_in(bento, &file, flags);
    for below in [0, 4, tip - 1, tip] {
        let (slip, header) = forged(ana, below);
        fs::write(&file, &slip).unwrap();
        let (code, said) = in_bentos(&[]);
        assert_eq!(code, NOT_IN_CHAIN, "{said}");
        for part in [
            "Not in your chain, so forged: ",
            "Making this one took ana alone (the organiser)",
            "keep this file",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let why = if below < tip {
            format!(
                "your own chain has another block {}, which is final",
                below + 1
            )
        } else {
            format!("others vote after block {tip} than in this slip")
        };
        assert!(said.contains(&why), "{why}: {said}");
        let output = run(in_home(
            bento,
            &["verify", &file.display().to_string(), "--json"],
        ));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(told["verdict"], "not_in_chain");
        assert_eq!(told["own_chain"], false);
        assert_eq!(told["could_have_made"]["accounts"][0]["name"], "ana");

        // Without a home nobody can tell, but by a friend's block.
        let (code, said) = verify(dir, &file, pool, &[]);
        assert!(
            code == NOT_COMPARED && said.contains("alone (the organiser) could make"),
            "{said}"
        );
        assert!(said.contains("--at HEIGHT:HASH"), "{said}");
        let place = |hash: String| format!("{}:{hash}", below + 1);
        let own = place(header.hash().to_string());
        let (code, said) = verify(dir, &file, pool, &["--at", &own]);
        assert!(code == IN_CHAIN && !said.contains("could make"), "{said}");
        assert!(
            said.contains("In the pool: ") && said.contains("that you were told"),
            "{said}"
        );
        let friends = place("07".repeat(32));
        let (code, said) = verify(dir, &file, pool, &["--at", &friends]);
        assert!(
            code == NOT_IN_CHAIN
                && said.contains("Not in the pool, so forged: it leads to another block"),
            "{said}"
        );
    }
}

/// In the home of a friend whose running node did not answer, such a receipt was "Valid", with the status 0.
fn forgeries_are_content_nowhere(ana: &Path, bento: &Path, dir: &Path, pool: &str) {
    let file = dir.join("forged.json");
    let other = dir.join("other");
    fs::create_dir(&other).unwrap();
    let other = new_pool(&other);
    let home = Home::open(bento).unwrap();
    let running = home.running().unwrap().unwrap();
    for below in [0, 4] {
        fs::write(&file, forged(ana, below).0).unwrap();
        // The node answers.
        let (code, said) = verify_in(bento, &file, &[]);
        assert_eq!(code, NOT_IN_CHAIN, "{said}");
        assert!(said.contains("Not in your chain, so forged: "), "{said}");
        // It takes connections and answers none, is nowhere, or another program has its port.
        let hung = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        for address in [hung.local_addr().unwrap(), closed] {
            let url = format!("http://{address}");
            home.set_running(&Running {
                url,
                ..running.clone()
            })
            .unwrap();
            for flags in [&[][..], &["--pool", pool]] {
                let (code, said) = verify_in(bento, &file, flags);
                assert_eq!(code, NOT_COMPARED, "{said}");
                for part in [
                    "Not compared: a node of ",
                    "is running but does not answer",
                    "alone (the organiser) could make such a receipt at any time",
                ] {
                    assert!(said.contains(part), "{part}: {said}");
                }
                assert!(
                    !said.contains("In your chain") && !said.contains("Valid"),
                    "{said}"
                );
            }
        }
        home.set_running(&running).unwrap();
        // A home of another pool, and one that cannot be read.
        let (code, said) = verify_in(&other, &file, &["--pool", pool]);
        assert!(
            code == NOT_COMPARED && said.contains("is of another pool"),
            "{said}"
        );
        let (code, said) = verify_in(&other, &file, &[]);
        assert!(code == Some(1) && said.contains("proves nothing"), "{said}");
        let torn = dir.join("torn");
        fs::create_dir_all(&torn).unwrap();
        fs::write(torn.join("genesis.json"), "{").unwrap();
        let (code, said) = verify_in(&torn, &file, &["--pool", pool]);
        assert!(
            code == NOT_COMPARED && said.contains("genesis.json"),
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_hybrid_pool_a_slip_proves_work_and_once_there_is_more_that_the_bet_is_final() {
    let (dir, elsewhere) = (temp(), temp());
    let ana = new_pool_of(dir.path(), "hybrid");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    let invited = done(in_home(&ana, &["invite", "--json"]));
    let invited: Value = serde_json::from_str(&invited).unwrap();
    assert!(invited["final"]["height"].as_u64() > Some(0), "{invited}");

    // Without the only validator there is work.
    host.kill();
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    eventually("bento's bet in a block", TIMEOUT, async || {
        (friend.status().await["pending"] == 0).then_some(())
    })
    .await;
    let slip = elsewhere.path().join("slip.json");
    let name = slip.display().to_string();
    let said = done(in_home(&bento, &["slip", "NlEn", "--output", &name]));
    assert!(said.contains("not final yet"), "{said}");
    let pool = friend.status().await["pool"].as_str().unwrap().to_owned();
    let (code, said) = verify(elsewhere.path(), &slip, &pool, &[]);
    assert!(code == NOT_COMPARED && said.contains("Work "), "{said}");
    let (code, said) = verify_in(&bento, &slip, &[]);
    assert!(
        code == IN_CHAIN && said.contains("In your chain: this bet is in block"),
        "{said}"
    );
    assert!(said.contains("- that the block is final"), "{said}");

    host.spawn();
    host.wait().await;
    is_final(&friend, "bento", (0, 3), TIMEOUT).await;
    let said = done(in_home(
        &bento,
        &["slip", "NlEn", "--output", &name, "--force"],
    ));
    assert!(said.contains("which is final"), "{said}");
    let (code, said) = verify_in(&bento, &slip, &[]);
    assert!(
        code == IN_CHAIN && said.contains("signed by the validator"),
        "{said}"
    );
    assert!(said.contains("which is final"), "{said}");
    assert!(!said.contains("- that the block is final"), "{said}");
}
