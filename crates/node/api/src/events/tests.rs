#![allow(clippy::unwrap_used)]

use tokio::time::advance;

use super::*;

fn event(height: u64) -> EventText {
    EventText {
        name: "block",
        data: format!("{{\"height\":{height}}}").into(),
        height,
    }
}

/// All that a listener hears without waiting, and the id of the last of it.
fn heard(listener: &mut Listener) -> (Vec<u64>, String) {
    let (mut heights, mut last) = (Vec::new(), String::new());
    while let Some(heard) = listener.read_on() {
        match heard {
            Heard::Event { id, event } => {
                assert!(id.starts_with(&format!("{}-", event.height)), "{id}");
                heights.push(event.height);
                last = id;
            }
            Heard::Missed { .. } => panic!("{heard:?}"),
        }
    }
    (heights, last)
}

#[tokio::test(start_paused = true)]
async fn whoever_was_cut_off_goes_on_where_it_was() {
    let events = Events::keeping(8, &[0; 32]);
    let (begin, mut first) = events.listen(None);
    assert!(matches!(begin, Begin::Now { .. }), "{begin:?}");
    // Several events of one height have ids of their own.
    for height in [1, 1, 2] {
        events.send(event(height));
    }
    let (heights, id) = heard(&mut first);
    assert_eq!(heights, [1, 1, 2]);
    drop(first);

    let resume = |id: &str| events.listen(Some(id));
    assert_eq!(resume(&id).0, Begin::Resumed { missed: 0 });
    assert!(events.are_wanted(), "the listener has just left");
    for height in [2, 3] {
        events.send(event(height));
    }
    for _ in 0..2 {
        let (begin, mut again) = resume(&id);
        assert_eq!(begin, Begin::Resumed { missed: 2 });
        assert_eq!(heard(&mut again).0, [2, 3]);
    }

    // More than is kept.
    for height in 4..=10 {
        events.send(event(height));
    }
    let (begin, mut lost) = resume(&id);
    let Begin::Lost { id: now } = begin else {
        panic!("{begin:?}");
    };
    assert_eq!(heard(&mut lost).0, [0; 0]);
    assert_eq!(resume(&now).0, Begin::Resumed { missed: 0 });
}

#[tokio::test(start_paused = true)]
async fn an_id_of_another_run_or_of_nobody_is_lost() {
    let (before, after) = (Events::keeping(8, &[0; 32]), Events::keeping(8, &[0; 32]));
    let (begin, _listener) = before.listen(None);
    let (_, _other) = after.listen(None);
    let Begin::Now { id } = begin else {
        panic!("{begin:?}");
    };
    for events in [&before, &after] {
        events.send(event(1));
    }
    assert_eq!(before.listen(Some(&id)).0, Begin::Resumed { missed: 1 });
    let later = id.replace("-0", "-9");
    for id in [id.as_str(), &later, "", "1", "1-2", "1-2-3", "x-y-z", "💥"] {
        let (begin, _) = after.listen(Some(id));
        assert!(matches!(begin, Begin::Lost { .. }), "{id} {begin:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_written_once_nobody_has_listened_for_long() {
    let events = Events::keeping(8, &[0; 32]);
    assert!(!events.are_wanted());
    let (_, mut listener) = events.listen(None);
    advance(KEPT_FOR * 3).await;
    assert!(events.are_wanted());
    events.send(event(1));
    let (_, id) = heard(&mut listener);
    drop(listener);
    advance(KEPT_FOR.saturating_sub(Duration::from_secs(1))).await;
    assert!(events.are_wanted());
    assert_eq!(events.listen(Some(&id)).0, Begin::Resumed { missed: 0 });
    advance(KEPT_FOR).await;
    // What happened here was not written: whoever comes back is not told that there was nothing.
    assert!(!events.are_wanted());
    let (begin, _) = events.listen(Some(&id));
    assert!(matches!(begin, Begin::Lost { .. }), "{begin:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_is_bounded_however_many_listen() {
    let events = Events::keeping(1_000_000, &[0; 32]);
    let mut listeners: Vec<_> = (0..100).map(|_| events.listen(None).1).collect();
    let long = EventText {
        data: "x".repeat(BYTES_KEPT / 4).into(),
        ..event(1)
    };
    for _ in 0..10 {
        events.send(long.clone());
    }
    let ring = locked(&events.ring);
    assert_eq!((ring.kept.len(), ring.bytes), (4, BYTES_KEPT));
    drop(ring);
    for listener in &mut listeners {
        let heard = listener.read_on().unwrap();
        assert!(
            matches!(heard, Heard::Missed { missed: 6, .. }),
            "{heard:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_run_hears_how_high_an_earlier_one_was() {
    let (before, after) = (Events::keeping(8, &[1; 32]), Events::keeping(8, &[1; 32]));
    let (_, mut listener) = before.listen(None);
    before.send(event(7));
    let (_, id) = heard(&mut listener);
    // Another home's, a changed one, and what nobody wrote.
    let others = Events::keeping(8, &[2; 32]);
    others.listen(Some(&id));
    assert_eq!(*others.told().borrow(), 0);
    let told = after.told();
    for id in [
        format!("1{id}"),
        format!("{id}0"),
        "9-0-0-0".to_owned(),
        "9".to_owned(),
    ] {
        after.listen(Some(&id));
        assert_eq!(*told.borrow(), 0, "{id}");
    }
    let (begin, _) = after.listen(Some(&id));
    assert!(matches!(begin, Begin::Lost { .. }), "{begin:?}");
    assert_eq!(*told.borrow(), 7);
}
