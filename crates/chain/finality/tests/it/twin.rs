//! A second machine signs with the same key, and has gone through many rounds before this one gets there.

use bolao_finality::{Config, Input, Message, Output, Validator, Verified};
use bolao_ledger::{BlockHash, Decision, Height, Statement, StatementKind, encode};

use crate::{
    sim::{POOL, key, public, set, voting},
    single::{HEIGHT, logged, sent, start, tell},
};

const NEXT: Height = Height(HEIGHT.0 + 1);

/// What the twin votes in a round, as messages are laid out.
fn vote(height: Height, round: u32, kind: StatementKind) -> Message {
    let decision = Some(Decision::plain(height, BlockHash([7; 32])));
    let statement = Statement {
        kind,
        height,
        round,
        decision,
    };
    let signature = key(0).sign(&statement.signing_bytes(POOL)).to_bytes();
    let kind = u8::from(kind == StatementKind::Precommit);
    let vote = (0_u8, kind, height, Some(round), decision, public(0));
    Message::decode(&encode(&(vote, signature))).unwrap()
}

/// Both votes of these rounds.
fn votes(height: Height, rounds: u32) -> Vec<Message> {
    let kinds = [StatementKind::Prevote, StatementKind::Precommit];
    let of = |round| kinds.map(|kind| vote(height, round, kind));
    (0..rounds).flat_map(of).collect()
}

fn hear(validator: &mut Validator, messages: &[Message]) -> Vec<Output> {
    let heard = messages.iter().map(|it| tell(validator, 0, it));
    heard.flatten().collect()
}

fn reach(validator: &mut Validator, height: Height) -> Vec<Output> {
    let set = set([1; 4]);
    validator.handle(0, Input::Height { height, set })
}

/// What a validator says that starts again at a height, on what these outputs have left in its log.
fn said_again(height: Height, outputs: &[Output]) -> Vec<Statement> {
    let config = Config {
        pool: POOL,
        key: Some(key(0)),
        voting: voting(),
        verified: Verified::default(),
    };
    let log = Some(logged(height, outputs));
    let (mut again, mut outputs) = Validator::new(config, 0, (height, set([1; 4])), log).unwrap();
    outputs.extend(again.handle(0, Input::Waiting));
    for now in (0..20_000).step_by(100) {
        outputs.extend(again.handle(now, Input::Tick));
    }
    let said = sent(&outputs);
    let said = said.iter().flat_map(Message::statements);
    said.map(|(_, statement, _)| statement).collect()
}

#[test]
fn all_rounds_of_a_height_to_come_are_remembered() {
    let (mut validator, _) = start(0, None).unwrap();
    let theirs = votes(NEXT, 20);
    hear(&mut validator, &theirs);
    let said = said_again(NEXT, &reach(&mut validator, NEXT));
    assert!(!said.is_empty());
    for said in said {
        for (_, other, _) in theirs.iter().flat_map(Message::statements) {
            assert!(!said.contradicts(&other), "{said:?} {other:?}");
        }
    }
}

#[test]
fn what_is_far_ahead_does_not_push_out_what_is_near_while_that_may_be_contradicted() {
    let (mut validator, _) = start(0, None).unwrap();
    hear(&mut validator, &votes(NEXT, 2));
    for ahead in 2..40 {
        hear(&mut validator, &votes(Height(HEIGHT.0 + ahead), 1));
    }
    let outputs = reach(&mut validator, NEXT);
    assert_eq!(said_again(NEXT, &outputs), []);
}

#[test]
fn more_than_may_be_remembered_silences_for_the_height_however_often_it_starts() {
    let (mut validator, _) = start(0, None).unwrap();
    let theirs = votes(NEXT, 600);
    let appends = |outputs: &[Output]| {
        let appends = outputs.iter().filter(|it| matches!(it, Output::Append(_)));
        appends.count()
    };
    assert_eq!(appends(&hear(&mut validator, &theirs)), 1_024);
    let outputs = reach(&mut validator, NEXT);
    assert_eq!(said_again(NEXT, &outputs), []);
}

/// Anyone may keep what the twin signed, and send it again.
#[test]
fn what_was_heard_is_written_down_once() {
    let (mut validator, _) = start(0, None).unwrap();
    let mut theirs = votes(NEXT, 20);
    theirs.extend(votes(NEXT.next(), 20));
    hear(&mut validator, &theirs);
    let again = hear(&mut validator, &theirs);
    let written = |it: &Output| matches!(it, Output::Append(_));
    assert!(!again.iter().any(written), "{again:?}");
}
