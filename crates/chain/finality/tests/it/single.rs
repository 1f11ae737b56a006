//! One validator, by hand.

use bolao_finality::{
    Config, Entries, Input, Message, Output, StartError, Validator, Verdict, Verified,
};
use bolao_ledger::{BlockHash, BlockId, Decision, Height, StatementKind};

use crate::sim::{POOL, key, public, set, voting};

pub(crate) const HEIGHT: Height = Height(5);

pub(crate) fn start(
    who: usize,
    log: Option<Entries>,
) -> Result<(Validator, Vec<Output>), StartError> {
    let config = Config {
        pool: POOL,
        key: Some(key(who)),
        voting: voting(),
        verified: Verified::default(),
    };
    Validator::new(config, 0, (HEIGHT, set([1; 4])), log)
}

pub(crate) fn sent(outputs: &[Output]) -> Vec<Message> {
    let messages = outputs.iter().filter_map(|output| match output {
        Output::Send(message) => Some(message.clone()),
        _ => None,
    });
    messages.collect()
}

/// The log after these outputs, which begin a height.
pub(crate) fn logged(height: Height, outputs: &[Output]) -> Entries {
    let entries = outputs.iter().filter_map(|output| match output {
        Output::Append(entry) => Some(entry.clone()),
        _ => None,
    });
    Entries {
        height,
        entries: entries.collect(),
    }
}

pub(crate) fn tell(validator: &mut Validator, now: u64, message: &Message) -> Vec<Output> {
    let message = message.clone();
    validator.handle(now, Input::Message { token: 7, message })
}

/// What a validator votes when the time of the first proposal is over, if it can.
fn nil(who: usize) -> Message {
    let (mut validator, _) = start(who, None).unwrap();
    validator.handle(0, Input::Waiting);
    let outputs = validator.handle(600, Input::Tick);
    sent(&outputs).pop().unwrap()
}

#[test]
fn a_log_that_does_not_fit_is_refused_or_emptied() {
    let log = |height, entry: &[u8]| {
        let entries = vec![entry.to_vec()];
        Some(Entries { height, entries })
    };
    let ahead = start(0, log(Height(6), &[]));
    assert!(matches!(
        ahead,
        Err(StartError::Ahead {
            got: Height(6),
            wanted: HEIGHT
        })
    ));
    let spoilt = start(0, log(HEIGHT, &[200]));
    assert!(matches!(spoilt, Err(StartError::Entry { number: 0, .. })));
    let (_, outputs) = start(0, log(Height(4), &[200])).unwrap();
    assert_eq!(outputs, [Output::Reset(HEIGHT)]);
    assert_eq!(start(0, None).unwrap().1, [Output::Reset(HEIGHT)]);
}

#[test]
fn the_log_is_flushed_before_anything_signed_leaves() {
    let (mut validator, _) = start(0, None).unwrap();
    validator.handle(0, Input::Waiting);
    let outputs = validator.handle(600, Input::Tick);
    let place = |wanted: fn(&Output) -> bool| outputs.iter().position(wanted).unwrap();
    let append = outputs
        .iter()
        .rposition(|it| matches!(it, Output::Append(_)))
        .unwrap();
    let flush = place(|it| matches!(it, Output::Flush));
    assert!(append < flush && flush < place(|it| matches!(it, Output::Send(_))));
}

#[test]
fn a_validator_that_starts_again_votes_the_same_again() {
    let (mut validator, _) = start(0, None).unwrap();
    let mut outputs = validator.handle(0, Input::Waiting);
    outputs.extend(validator.handle(600, Input::Tick));
    let log = logged(HEIGHT, &outputs);
    let (again, replayed) = start(0, Some(log)).unwrap();
    assert_eq!(again.round(), Some(0));
    assert_eq!(sent(&replayed), sent(&outputs));
    let appended = replayed.iter().any(|it| matches!(it, Output::Append(_)));
    assert!(!appended, "the log holds it already: {replayed:?}");
}

#[test]
fn a_second_one_with_the_same_key_silences_the_first_until_the_height_is_past() {
    let (mut validator, _) = start(0, None).unwrap();
    let outputs = tell(&mut validator, 0, &nil(0));
    assert!(outputs.contains(&Output::Muted(HEIGHT)));
    let mut outputs = validator.handle(0, Input::Waiting);
    for now in (0..10_000).step_by(100) {
        outputs.extend(validator.handle(now, Input::Tick));
    }
    assert_eq!(sent(&outputs), []);
    let (height, set) = (HEIGHT.next(), set([1; 4]));
    validator.handle(10_000, Input::Height { height, set });
    validator.handle(10_000, Input::Waiting);
    let outputs = validator.handle(10_600, Input::Tick);
    assert_eq!(sent(&outputs).len(), 1, "{outputs:?}");
}

#[test]
fn a_copy_of_long_ago_hears_of_itself_however_far_ahead() {
    let (mut validator, _) = start(0, None).unwrap();
    let config = Config {
        pool: POOL,
        key: Some(key(0)),
        voting: voting(),
        verified: Verified::default(),
    };
    let far = Height(500);
    let (mut other, _) = Validator::new(config, 0, (far, set([1; 4])), None).unwrap();
    other.handle(0, Input::Waiting);
    let vote = sent(&other.handle(600, Input::Tick)).pop().unwrap();
    let heard = tell(&mut validator, 0, &vote);
    assert_eq!(heard[0], Output::Muted(far));
    assert_eq!(heard.last(), Some(&Output::Flush));
    assert_eq!(validator.handle(0, Input::Waiting), []);
    // It knows so still when it starts again, heights later, and says nothing before that height.
    let (_, outputs) = start(0, Some(logged(Height(4), &heard))).unwrap();
    assert!(outputs.contains(&Output::Muted(far)), "{outputs:?}");
    let (mut again, _) = start(0, Some(logged(HEIGHT, &outputs))).unwrap();
    again.handle(0, Input::Waiting);
    let outputs = again.handle(600, Input::Tick);
    assert_eq!(sent(&outputs), []);
}

/// Its second machine proposed a block and voted for it; the first one knows nothing else of that block.
#[test]
fn who_starts_again_after_a_second_one_says_what_that_one_said() {
    for who in 0..4 {
        let Some(others) = proposes(who, 1) else {
            continue;
        };
        for too_late in [false, true] {
            let (mut validator, _) = start(who, None).unwrap();
            let mut outputs = validator.handle(0, Input::Waiting);
            for message in &others {
                outputs.extend(tell(&mut validator, 1, message));
            }
            assert!(outputs.contains(&Output::Muted(HEIGHT)), "{outputs:?}");
            // Its time for a proposal may be over before it stops, and is written down.
            if too_late {
                outputs.extend(validator.handle(600, Input::Tick));
            }
            assert_eq!(sent(&outputs), []);
            let (mut again, mut outputs) = start(who, Some(logged(HEIGHT, &outputs))).unwrap();
            outputs.extend(again.handle(700, Input::Waiting));
            outputs.extend(again.handle(700, built(2)));
            for now in (700..20_000).step_by(100) {
                outputs.extend(again.handle(now, Input::Tick));
            }
            let said = sent(&outputs);
            assert!(!said.is_empty(), "{outputs:?}");
            let of = |messages: &[Message]| -> Vec<_> {
                messages.iter().flat_map(Message::statements).collect()
            };
            for (_, said, _) in of(&said) {
                for (_, other, _) in of(&others) {
                    assert!(!said.contradicts(&other), "{said:?} {other:?}");
                }
            }
        }
    }
}

/// A block to propose.
fn built(block: u8) -> Input {
    Input::Built {
        height: HEIGHT,
        round: 0,
        decision: Decision::plain(HEIGHT, BlockHash([block; 32])),
    }
}

/// What the first proposer sends for a block.
fn proposes(who: usize, block: u8) -> Option<Vec<Message>> {
    let (mut validator, _) = start(who, None).unwrap();
    let outputs = validator.handle(0, Input::Waiting);
    let build = |it: &Output| matches!(it, Output::Build { round: 0, .. });
    outputs
        .iter()
        .any(build)
        .then(|| sent(&validator.handle(0, built(block))))
}

#[test]
fn who_signs_twice_is_named_at_once_and_its_votes_do_not_go_round_for_ever() {
    let proposer = (0..4).find(|who| proposes(*who, 1).is_some()).unwrap();
    let key = key(proposer);
    let all: Vec<_> = (1..=2)
        .flat_map(|block| proposes(proposer, block).unwrap())
        .collect();
    let (mut validator, _) = start((proposer + 1) % 4, None).unwrap();
    let outputs: Vec<_> = all
        .iter()
        .flat_map(|message| tell(&mut validator, 0, message))
        .collect();
    let guilty = outputs.iter().filter_map(|output| match output {
        Output::Guilty(proof) => Some(proof),
        _ => None,
    });
    let guilty: Vec<_> = guilty.collect();
    assert_eq!(guilty.len(), 1, "{outputs:?}");
    assert!(guilty[0].is_proof(POOL));
    assert_eq!(
        guilty[0].key.0,
        <[u8; 32]>::from(ed25519_zebra::VerificationKeyBytes::from(&key))
    );
    for message in &all {
        let outputs = tell(&mut validator, 1, message);
        let again =
            |it: &Output| matches!(it, Output::Relay(_) | Output::Append(_) | Output::Guilty(_));
        assert!(!outputs.iter().any(again), "{outputs:?}");
    }
}

#[test]
fn its_own_messages_that_come_back_do_not_silence_it() {
    let (mut validator, _) = start(0, None).unwrap();
    validator.handle(0, Input::Waiting);
    let own = sent(&validator.handle(600, Input::Tick)).pop().unwrap();
    let outputs = tell(&mut validator, 601, &own);
    assert!(!outputs.contains(&Output::Muted(HEIGHT)), "{outputs:?}");
}

#[test]
fn a_stranger_wakes_nobody_and_a_validator_does() {
    let (mut validator, _) = start(0, None).unwrap();
    assert_eq!(tell(&mut validator, 0, &nil_of_a_stranger()), []);
    assert_eq!(validator.round(), None);
    let outputs = tell(&mut validator, 0, &nil(1));
    assert_eq!(validator.round(), Some(0));
    assert!(outputs.iter().any(|it| matches!(it, Output::Relay(_))));
}

/// Somebody's whose key is in no set. Its own validator takes itself for one of a set of its own.
fn nil_of_a_stranger() -> Message {
    let config = Config {
        pool: POOL,
        key: Some(key(9)),
        voting: voting(),
        verified: Verified::default(),
    };
    let own = set([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    let (mut validator, _) = Validator::new(config, 0, (HEIGHT, own), None).unwrap();
    validator.handle(0, Input::Waiting);
    sent(&validator.handle(600, Input::Tick)).pop().unwrap()
}

#[test]
fn who_is_late_is_given_the_decision_and_a_late_decision_is_not_answered() {
    let config = Config {
        pool: POOL,
        key: Some(key(0)),
        voting: voting(),
        verified: Verified::default(),
    };
    let (mut validator, _) = Validator::new(config, 0, (HEIGHT, set([1])), None).unwrap();
    validator.handle(0, Input::Waiting);
    let (round, decision) = (0, Decision::plain(HEIGHT, BlockHash([3; 32])));
    let height = HEIGHT;
    let built = Input::Built {
        height,
        round,
        decision,
    };
    let outputs = validator.handle(0, built);
    let decided = outputs.iter().find_map(|output| match output {
        Output::Decide(decided) => Some(decided.clone()),
        _ => None,
    });
    let message = Message::from(decided.unwrap());
    let vote = sent(&outputs).pop().unwrap();
    assert_eq!(tell(&mut validator, 10, &vote), [], "votes may come late");
    let token = 7;
    let reply = Output::Reply {
        token,
        message: message.clone(),
    };
    assert_eq!(tell(&mut validator, 1_000, &vote), [reply]);
    assert_eq!(tell(&mut validator, 1_000, &message), []);
}

#[test]
fn answers_to_other_questions_change_nothing() {
    let (mut validator, _) = start(0, None).unwrap();
    validator.handle(0, Input::Waiting);
    let decision = Decision {
        block: BlockId {
            height: HEIGHT,
            hash: BlockHash([3; 32]),
        },
        contested: false,
    };
    for height in [Height(4), HEIGHT, Height(6)] {
        for verdict in [Verdict::Valid, Verdict::Invalid, Verdict::Refused] {
            let judged = Input::Judged {
                height,
                decision,
                verdict,
            };
            assert_eq!(sent(&validator.handle(1, judged)), []);
        }
        let round = 3;
        let built = Input::Built {
            height,
            round,
            decision,
        };
        assert_eq!(sent(&validator.handle(1, built)), []);
    }
    let set = set([1; 4]);
    for height in [Height(0), Height(4), HEIGHT] {
        let set = set.clone();
        validator.handle(1, Input::Height { height, set });
        assert_eq!(validator.round(), Some(0));
    }
}

/// The first proposer with its block, and the votes on it of the next two validators.
fn locked() -> (usize, Vec<Message>) {
    let proposer = (0..4).find(|who| proposes(*who, 1).is_some()).unwrap();
    let mut said = proposes(proposer, 1).unwrap();
    for who in [1, 2].map(|next| (proposer + next) % 4) {
        let (mut validator, _) = start(who, None).unwrap();
        let heard: Vec<_> = said
            .iter()
            .flat_map(|it| tell(&mut validator, 0, it))
            .collect();
        let decision = heard.iter().find_map(|it| match it {
            Output::Judge { decision, .. } => Some(*decision),
            _ => None,
        });
        let judged = Input::Judged {
            height: HEIGHT,
            decision: decision.unwrap(),
            verdict: Verdict::Valid,
        };
        let mut outputs = validator.handle(0, judged);
        outputs.extend(heard);
        said.extend(sent(&outputs));
    }
    (proposer, said)
}

fn replies(outputs: &[Output]) -> Vec<Message> {
    let replies = outputs.iter().filter_map(|it| match it {
        Output::Reply { token: 3, message } => Some(message.clone()),
        _ => None,
    });
    replies.collect()
}

#[test]
fn who_connects_is_told_what_was_said_of_this_height_and_can_follow() {
    let (proposer, said) = locked();
    // In the middle is a node without a vote.
    let (mut middle, _) = start(8, None).unwrap();
    let connected = |it: &mut Validator| it.handle(1, Input::Connected { token: 3 });
    assert_eq!(connected(&mut middle), [], "nothing was said yet");
    for message in &said {
        tell(&mut middle, 0, message);
    }
    let told = replies(&connected(&mut middle));
    let again = replies(&connected(&mut middle));
    assert_eq!(told, again);
    let (mut late, _) = start((proposer + 3) % 4, None).unwrap();
    let heard: Vec<_> = told.iter().flat_map(|it| tell(&mut late, 1, it)).collect();
    assert!(
        heard
            .iter()
            .any(|it| matches!(it, Output::Judge { backed: true, .. })),
        "{heard:?}"
    );
    // It passes on what it was told, each once.
    let relayed = |outputs: &[Output]| {
        let relays = outputs.iter().filter(|it| matches!(it, Output::Relay(_)));
        relays.count()
    };
    assert!(relayed(&heard) >= 3, "{heard:?}");
    let heard: Vec<_> = told.iter().flat_map(|it| tell(&mut late, 1, it)).collect();
    assert_eq!(relayed(&heard), 0, "{heard:?}");
}

#[test]
fn a_certificate_is_passed_on_once_and_a_spoilt_one_never() {
    let (proposer, said) = locked();
    let (mut middle, _) = start(8, None).unwrap();
    for message in &said {
        tell(&mut middle, 0, message);
    }
    let told = replies(&middle.handle(1, Input::Connected { token: 3 }));
    let polka = told.iter().find(|it| it.statements().len() > 1).unwrap();
    let mut spoilt = polka.encode();
    *spoilt.last_mut().unwrap() ^= 1;
    let spoilt = Message::decode(&spoilt).unwrap();
    let (mut next, _) = start((proposer + 3) % 4, None).unwrap();
    let relay = Output::Relay(polka.clone());
    assert!(
        !tell(&mut next, 1, &spoilt)
            .iter()
            .any(|it| matches!(it, Output::Relay(_)))
    );
    assert!(tell(&mut next, 1, polka).contains(&relay));
    assert!(!tell(&mut next, 1, polka).contains(&relay));
}

#[test]
fn what_a_round_waits_for_is_named() {
    let (proposer, said) = locked();
    let (mut validator, _) = start((proposer + 3) % 4, None).unwrap();
    assert_eq!(validator.missing(), None);
    validator.handle(0, Input::Waiting);
    let missing = validator.missing().unwrap();
    assert!(matches!(missing.kind, StatementKind::Proposal { .. }));
    assert_eq!((missing.round, missing.from), (0, vec![public(proposer)]));
    validator.handle(600, Input::Tick);
    let vote = said
        .iter()
        .find(|it| it.statements()[0].1.kind == StatementKind::Prevote);
    tell(&mut validator, 601, vote.unwrap());
    let missing = validator.missing().unwrap();
    assert_eq!((missing.round, missing.kind), (0, StatementKind::Prevote));
    assert_eq!(missing.from.len(), 2);
    assert!(!missing.from.contains(&public(proposer)));
}

/// A validator in the first round that hears these others vote nil, and what it says then.
fn hears_nil(who: usize, others: &[usize]) -> (Validator, Vec<Message>) {
    let (mut validator, _) = start(who, None).unwrap();
    validator.handle(0, Input::Waiting);
    let heard = others.iter();
    let outputs = heard.flat_map(|other| tell(&mut validator, 1, &nil(*other)));
    let outputs: Vec<_> = outputs.collect();
    (validator, sent(&outputs))
}

#[test]
fn a_round_in_which_nothing_can_be_decided_is_not_waited_for() {
    let (waiting, said) = hears_nil(0, &[1]);
    assert_eq!((waiting.round(), said.len()), (Some(0), 0));
    let (mut validator, said) = hears_nil(0, &[1, 2]);
    let votes = said.iter().map(|it| it.statements()[0].1);
    let votes: Vec<_> = votes.map(|it| (it.kind, it.decision)).collect();
    assert_eq!(votes.len(), 2);
    for kind in [StatementKind::Prevote, StatementKind::Precommit] {
        assert!(votes.contains(&(kind, None)), "{votes:?}");
    }
    for (other, round) in [(1, 0), (2, 1)] {
        let (_, said) = hears_nil(other, &[0, 3 - other]);
        for message in said {
            tell(&mut validator, 1, &message);
        }
        assert_eq!(validator.round(), Some(round));
    }
}
