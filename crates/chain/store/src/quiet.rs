//! redb's panics over damaged pages, caught where it is called.
//!
//! A panic is told to the process's hook before it is caught. A program that prints in its hook asks [`is_quiet`] first.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and becomes an error: nobody need hear of it.
#[must_use]
pub fn is_quiet() -> bool {
    QUIET.get()
}

/// Gives the result of `work`; nothing if it panics. Nothing that it changes may be used afterwards.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = QUIET.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    QUIET.set(before);
    done
}
