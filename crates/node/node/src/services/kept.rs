//! The files that services keep, read once before any of them runs.

use crate::{
    home::{
        Home, HomeError,
        files::{PUSH_KEY, REMINDERS, SOURCES, SUBSCRIBERS},
    },
    services::{push::Kept, remind::Told},
};

/// Reads those that can be made anew; by name, what is wrong with each.
pub(crate) fn read(home: &Home) -> [(&'static str, Result<(), HomeError>); 4] {
    let push_key = if home.dir().join(PUSH_KEY).exists() {
        home.key(PUSH_KEY).map(drop)
    } else {
        Ok(())
    };
    [
        (PUSH_KEY, push_key),
        (SUBSCRIBERS, home.read_json::<Kept>(SUBSCRIBERS).map(drop)),
        (SOURCES, home.sources().map(drop)),
        (REMINDERS, home.read_json::<Told>(REMINDERS).map(drop)),
    ]
}
