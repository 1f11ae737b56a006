#![allow(clippy::unwrap_used)]

use bolao_miner::Template;

use super::*;

/// The first rest after a refusal.
const SECOND: Duration = Duration::from_secs(1);

fn job(id: &str, tip: u8, wanted: bool) -> Arc<Job> {
    Arc::new(Job {
        id: id.into(),
        height: 1,
        target: String::new(),
        transactions: 0,
        wanted,
        at: Instant::now(),
        template: Template {
            header: [tip; 80],
            target: [0; 32],
            coinbase_prefix: Vec::new(),
            merkle_branch: Vec::new(),
            max_time: 0,
        },
    })
}

fn accepted() -> Outcome {
    Outcome::Accepted { hash: "00".into() }
}

fn number(search: &mut Search, now: Instant) -> u64 {
    match search.decide(now).0 {
        Doing::Search(number) => number,
        Doing::Rest(rest) => panic!("{rest:?}"),
    }
}

fn search(enough: Option<u64>) -> (Search, Instant) {
    let enough = enough.and_then(NonZeroU64::new);
    let now = Instant::now() + Duration::from_hours(1);
    (Search::new(When::Pending, enough), now)
}

/// So long before that the pace is no reason to rest.
fn before(now: Instant) -> Instant {
    now.checked_sub(IDLE_PACE).unwrap()
}

fn rest(search: &mut Search, now: Instant) -> Rest {
    match search.decide(now).0 {
        Doing::Rest(rest) => rest,
        Doing::Search(number) => panic!("searches {number}"),
    }
}

#[test]
fn the_same_job_told_again_is_searched_on() {
    let (mut search, now) = search(None);
    assert_eq!(rest(&mut search, now), Rest::NoWork);
    search.take(Some(job("a", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(1), true));
    search.take(Some(job("a", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(1), false));
    search.take(Some(job("b", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(2), true));
    search.take(None);
    assert_eq!(rest(&mut search, now), Rest::NoWork);
    // The threads forgot it when they rested.
    search.take(Some(job("b", 1, true)));
    assert_eq!(search.decide(now), (Doing::Search(3), true));
}

#[test]
fn what_nobody_wants_is_searched_on_demand_and_not_more_than_once_a_second() {
    let (mut search, now) = search(None);
    search.take(Some(job("a", 1, false)));
    assert_eq!(rest(&mut search, now), Rest::Unwanted);
    search.when = When::Always;
    let first = number(&mut search, now);
    assert!(search.found(now, first).is_some());
    search.answered(now, first, &accepted());
    search.take(Some(job("b", 2, false)));
    let end = now + IDLE_PACE;
    assert_eq!(rest(&mut search, now), Rest::Pace(end));
    assert_eq!(Rest::Pace(end).ends(), Some(end));
    number(&mut search, end);
    search.take(Some(job("c", 2, true)));
    assert_eq!(rest(&mut search, now), Rest::Pace(now + LEAST_PACE));
    number(&mut search, now + LEAST_PACE);
}

#[test]
fn one_block_of_a_tip_is_on_its_way_at_a_time() {
    let (mut search, now) = search(None);
    search.take(Some(job("a", 1, true)));
    let first = number(&mut search, now);
    search.take(Some(job("b", 1, true)));
    number(&mut search, now);
    // Of the job before, on the same tip.
    assert_eq!(search.found(before(now), first).unwrap().id, "a");
    assert!(
        search.found(before(now), first).is_none(),
        "each is solved once"
    );
    assert_eq!(rest(&mut search, now), Rest::HandingIn);
    // The node told of the new tip before it answered.
    search.take(Some(job("c", 2, true)));
    let next = number(&mut search, now);
    search.answered(now, first, &accepted());
    assert_eq!(search.decide(now), (Doing::Search(next), false));
    // It answered before it told.
    assert!(search.found(before(now), next).is_some());
    search.answered(now, next, &accepted());
    assert_eq!(rest(&mut search, now), Rest::NoWork);
}

#[test]
fn what_is_stale_is_dropped_and_what_came_after_it_is_not() {
    let (mut search, now) = search(None);
    search.take(Some(job("a", 1, true)));
    let first = number(&mut search, now);
    search.take(Some(job("b", 1, true)));
    search.found(before(now), first);
    search.answered(now, first, &Outcome::Stale("late".into()));
    let second = number(&mut search, now);
    search.found(before(now), second);
    search.answered(now, second, &Outcome::Stale("late".into()));
    assert_eq!(rest(&mut search, now), Rest::NoWork);
}

#[test]
fn no_more_blocks_are_looked_for_than_were_asked_for() {
    let (mut search, now) = search(Some(2));
    for tip in 1..=2 {
        search.take(Some(job("a", tip, true)));
        let found = number(&mut search, now);
        search.found(before(now), found);
        search.take(Some(job("a", tip + 1, true)));
    }
    assert_eq!(rest(&mut search, now), Rest::HandingIn);
    search.answered(now, 1, &accepted());
    assert!(!search.is_done());
    assert_eq!(rest(&mut search, now), Rest::HandingIn);
    // The second did not count, so there is to be another.
    search.answered(now, 2, &Outcome::Lost("no answer".into()));
    assert_eq!(rest(&mut search, now), Rest::Refused(now + SECOND));
    let third = number(&mut search, now + SECOND);
    search.found(before(now), third);
    search.answered(now, third, &accepted());
    assert!(search.is_done());
}

#[test]
fn after_a_refusal_it_rests_and_longer_after_the_next() {
    let (mut search, mut now) = search(None);
    let refused = Outcome::Rejected("bad".into());
    search.take(Some(job("a", 1, true)));
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        let found = number(&mut search, now);
        search.found(before(now), found);
        search.answered(now, found, &refused);
        let end = now + Duration::from_secs(seconds);
        assert_eq!(rest(&mut search, now), Rest::Refused(end));
        now = end;
    }
    let found = number(&mut search, now);
    search.found(before(now), found);
    search.answered(now, found, &accepted());
    search.take(Some(job("b", 2, true)));
    let found = number(&mut search, now);
    search.found(before(now), found);
    search.answered(now, found, &refused);
    let end = now + SECOND;
    assert_eq!(rest(&mut search, now), Rest::Refused(end));
}

#[test]
fn of_old_jobs_some_are_remembered() {
    let (mut search, now) = search(None);
    for id in 0..20 {
        search.take(Some(job(&id.to_string(), 1, true)));
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
        search.take(Some(job("a", tip, true)));
        match search.decide(now).0 {
            Doing::Search(number) => assert!(search.found(before(now), number).is_some()),
            Doing::Rest(rest) => assert_eq!(rest, Rest::HandingIn),
        }
    }
    assert_eq!(search.handing_in.len(), JOBS);
}
