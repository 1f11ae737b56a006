#![doc = include_str!("../README.md")]
// A scenario's mistake ends the run, which is then reported as broken.
#![allow(clippy::indexing_slicing)]

mod case;
mod command;
mod invariants;
mod kind;
mod measure;
mod mining;
mod outcome;
mod plan;
mod pool;
mod report;
mod runs;
mod scenarios;
mod show;
mod watch;
mod world;

pub use case::{Case, Expect};
pub use command::{SimulateArgs, run};
pub use measure::{Summary, Times};
pub use outcome::{Bets, Outcome};
pub use plan::Plan;
pub use runs::run as run_cases;
pub use scenarios::{SCENARIOS, Scenario};
