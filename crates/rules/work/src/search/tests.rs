#![allow(clippy::unwrap_used)]

use super::*;

/// The first rest after a refusal.
const SECOND: Duration = Duration::from_secs(1);
/// The pace of empty blocks.
const IDLE: Duration = Duration::from_secs(1);
/// The pace of any.
const LEAST: Duration = Duration::from_millis(50);

fn job(id: &str, tip: u8, wanted: bool) -> Job {
    Job {
        id: id.into(),
        wanted,
        ..Job::new([tip; 80], [0; 32])
    }
}

fn number(search: &mut Search, now: Duration) -> u64 {
    match search.decide(now).0 {
        Doing::Search(number) => number,
        Doing::Rest(rest) => panic!("{rest:?}"),
    }
}

fn search(enough: Option<u64>) -> (Search, Duration) {
    let enough = enough.and_then(NonZeroU64::new);
    let pace = Pace {
        unwanted: IDLE,
        any: LEAST,
    };
    (Search::new(When::Wanted, pace, enough), SECOND * 3_600)
}

/// So long before that the pace is no reason to rest.
fn before(now: Duration) -> Duration {
    now.checked_sub(IDLE).unwrap()
}

fn rest(search: &mut Search, now: Duration) -> Rest {
    match search.decide(now).0 {
        Doing::Rest(rest) => rest,
        Doing::Search(number) => panic!("searches {number}"),
    }
}

#[test]
fn the_same_job_received_again_is_searched_on() {
    let (mut search, now) = search(None);
    assert_eq!(rest(&mut search, now), Rest::NoJob);
    search.receive(now, Some(job("a", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(1), true));
    search.receive(now, Some(job("a", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(1), false));
    search.receive(now, Some(job("b", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(2), true));
    search.receive(now, None);
    assert_eq!(rest(&mut search, now), Rest::NoJob);
    // The threads forgot it when they rested.
    search.receive(now, Some(job("b", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(3), true));
}

#[test]
fn what_nobody_wants_is_searched_on_demand_and_not_more_than_once_a_second() {
    let (mut search, now) = search(None);
    search.receive(now, Some(job("a", 1, false)));
    assert_eq!(rest(&mut search, now), Rest::Unwanted);
    search.when = When::Always;
    let first = number(&mut search, now);
    assert!(search.found(now, first).is_some());
    search.answered(now, first, Outcome::Taken);
    search.receive(now, Some(job("b", 2, false)));
    let end = now + IDLE;
    assert_eq!(rest(&mut search, now), Rest::Pace(end));
    assert_eq!(Doing::Rest(Rest::Pace(end)).ends(), Some(end));
    number(&mut search, end);
    search.receive(now, Some(job("c", 2, true)));
    assert_eq!(rest(&mut search, now), Rest::Pace(now + LEAST));
    number(&mut search, now + LEAST);
}

#[test]
fn one_block_of_a_tip_is_on_its_way_at_a_time() {
    let (mut search, now) = search(None);
    search.receive(now, Some(job("a", 1, true)));
    let first = number(&mut search, now);
    search.receive(now, Some(job("b", 1, true)));
    number(&mut search, now);
    // Of the job before, on the same tip.
    assert_eq!(search.found(before(now), first).unwrap().id, "a");
    assert!(
        search.found(before(now), first).is_none(),
        "each is solved once"
    );
    assert_eq!(rest(&mut search, now), Rest::Submitting);
    // The node announced the new block before it answered.
    search.receive(now, Some(job("c", 2, true)));
    let next = number(&mut search, now);
    search.answered(now, first, Outcome::Taken);
    assert_eq!(search.decide(now), (Doing::Search(next), false));
    // It answered before it announced the tip.
    assert!(search.found(before(now), next).is_some());
    search.answered(now, next, Outcome::Taken);
    assert_eq!(rest(&mut search, now), Rest::NoJob);
}

#[test]
fn what_is_stale_is_dropped_and_what_came_after_it_is_not() {
    let (mut search, now) = search(None);
    search.receive(now, Some(job("a", 1, true)));
    let first = number(&mut search, now);
    search.receive(now, Some(job("b", 1, true)));
    search.found(before(now), first);
    search.answered(now, first, Outcome::Stale);
    let second = number(&mut search, now);
    search.found(before(now), second);
    search.answered(now, second, Outcome::Stale);
    assert_eq!(rest(&mut search, now), Rest::NoJob);
}

#[test]
fn no_more_blocks_are_looked_for_than_were_asked_for() {
    let (mut search, now) = search(Some(2));
    for tip in 1..=2 {
        search.receive(now, Some(job("a", tip, true)));
        let found = number(&mut search, now);
        search.found(before(now), found);
        search.receive(now, Some(job("a", tip + 1, true)));
    }
    assert_eq!(rest(&mut search, now), Rest::Submitting);
    search.answered(now, 1, Outcome::Taken);
    assert!(!search.is_done());
    assert_eq!(rest(&mut search, now), Rest::Submitting);
    // The second did not count, so there is to be another.
    search.answered(now, 2, Outcome::Refused);
    assert_eq!(rest(&mut search, now), Rest::Refused(now + SECOND));
    let third = number(&mut search, now + SECOND);
    search.found(before(now), third);
    search.answered(now, third, Outcome::Taken);
    assert!(search.is_done());
}

#[test]
fn after_a_refusal_it_rests_and_longer_after_the_next() {
    let (mut search, mut now) = search(None);
    search.receive(now, Some(job("a", 1, true)));
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        let found = number(&mut search, now);
        search.found(before(now), found);
        search.answered(now, found, Outcome::Refused);
        let end = now + Duration::from_secs(seconds);
        assert_eq!(rest(&mut search, now), Rest::Refused(end));
        now = end;
    }
    let found = number(&mut search, now);
    search.found(before(now), found);
    search.answered(now, found, Outcome::Taken);
    search.receive(now, Some(job("b", 2, true)));
    let found = number(&mut search, now);
    search.found(before(now), found);
    search.answered(now, found, Outcome::Refused);
    let end = now + SECOND;
    assert_eq!(rest(&mut search, now), Rest::Refused(end));
}

#[test]
fn headers_are_dated_by_the_givers_clock() {
    let received = Received {
        job: Arc::new(Job::new([1; 80], [0; 32])),
        at: SECOND * 5,
    };
    let times = [0, 5, 12, u64::MAX].map(|now| received.time(Duration::from_secs(now)));
    let time = 0x0101_0101;
    assert_eq!(times, [time, time, time + 7, u32::MAX]);
}

#[test]
fn of_old_jobs_some_are_remembered() {
    let (mut search, now) = search(None);
    for id in 0..20 {
        search.receive(now, Some(job(&id.to_string(), 1, true)));
        number(&mut search, now);
    }
    assert_eq!(search.given.len(), JOBS);
    assert!(search.found(before(now), 1).is_none());
    assert!(search.found(before(now), 20).is_some());
}

#[test]
fn only_so_many_solutions_are_on_their_way() {
    let (mut search, now) = search(None);
    for tip in 0..20 {
        search.receive(now, Some(job("a", tip, true)));
        match search.decide(now).0 {
            Doing::Search(number) => assert!(search.found(before(now), number).is_some()),
            Doing::Rest(rest) => assert_eq!(rest, Rest::Submitting),
        }
    }
    assert_eq!(search.submitting.len(), JOBS);
}

#[test]
fn a_solved_tip_is_never_searched_again() {
    let (mut search, now) = search(None);
    search.receive(now, Some(job("a", 1, true)));
    let first = number(&mut search, now);
    search.receive(now, Some(job("b", 1, true)));
    let second = number(&mut search, now);
    search.found(before(now), first);
    search.answered(now, first, Outcome::Taken);
    // Whoever gives the jobs has not heard of the block yet.
    for id in ["b", "c"] {
        search.receive(now, Some(job(id, 1, true)));
        assert_eq!(rest(&mut search, now), Rest::NoJob);
    }
    search.receive(now, Some(job("d", 2, true)));
    number(&mut search, now);
    assert!(search.found(now, second).is_none(), "it is on the old tip");
}

#[test]
fn a_user_who_asks_gets_a_block_at_once() {
    let (mut search, now) = search(None);
    search.when = When::Asked;
    assert!(!search.wants_jobs());
    search.receive(now, Some(job("a", 1, false)));
    assert_eq!(rest(&mut search, now), Rest::Unasked);
    search.ask(true);
    assert!(search.wants_jobs());
    let first = number(&mut search, now);
    search.found(now, first);
    assert_eq!(rest(&mut search, now), Rest::Submitting);
    search.answered(now, first, Outcome::Refused);
    let second = number(&mut search, now);
    search.found(now, second);
    search.answered(now, second, Outcome::Taken);
    search.receive(now, Some(job("b", 2, false)));
    let third = number(&mut search, now);
    search.ask(false);
    assert_eq!(rest(&mut search, now), Rest::Unasked);
    search.when = When::Always;
    assert_eq!(rest(&mut search, now), Rest::Pace(now + IDLE));
    assert!(search.found(now, third).is_some(), "it was on its way");
}
