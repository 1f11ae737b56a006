//! Lines that others can make a node write again and again, of which few are wanted.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{Event, Level, Metadata, Subscriber, callsite::Identifier};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::Format;

/// From one such line to the next.
const INTERVAL: Duration = Duration::from_mins(1);
/// The log targets that write them: each warning there may be about what another node sent.
const TARGETS: &[&str] = &[
    "arc_malachitebft",
    "bolao_chain::voting",
    "bolao_node::reports",
    "libp2p",
];

/// Passes each warning of those targets on once, then at most once a minute, with how many there were in between.
#[derive(Debug)]
pub(super) struct Seldom<F> {
    format: F,
    written: Format,
    // One entry for each place in the program that writes one.
    seen: Mutex<HashMap<Identifier, Seen>>,
}

#[derive(Debug)]
struct Seen {
    last: Instant,
    left_out: u64,
}

impl<F> Seldom<F> {
    pub(super) fn new(format: F, written: Format) -> Self {
        Self {
            format,
            written,
            seen: Mutex::default(),
        }
    }

    /// Gives the number of lines of this kind that were left out since the last, if this one is wanted.
    fn pass(&self, line: &Metadata<'_>, now: Instant) -> Option<u64> {
        let others = TARGETS.iter().any(|it| line.target().starts_with(it));
        if !others || *line.level() > Level::WARN {
            return Some(0);
        }
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = all.get_mut(&line.callsite()) else {
            let (last, left_out) = (now, 0);
            all.insert(line.callsite(), Seen { last, left_out });
            return Some(0);
        };
        if now.duration_since(seen.last) < INTERVAL {
            seen.left_out = seen.left_out.saturating_add(1);
            return None;
        }
        seen.last = now;
        Some(std::mem::take(&mut seen.left_out))
    }
}

impl<S, N, F> FormatEvent<S, N> for Seldom<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(left_out) = self.pass(event.metadata(), Instant::now()) else {
            return Ok(());
        };
        if left_out > 0 {
            match self.written {
                Format::Text => {
                    writeln!(writer, "({left_out} lines like the next were left out)")?;
                }
                Format::Json => writeln!(writer, "{{\"left_out_before_the_next\":{left_out}}}")?,
            }
        }
        self.format.format_event(context, writer, event)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{io::Write, sync::Arc};

    use tracing::{error, info, warn};
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    fn written(work: impl FnOnce()) -> Vec<String> {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(lines.clone())
            .without_time()
            .with_ansi(false)
            .with_target(false)
            .map_event_format(|lines| Seldom::new(lines, Format::Text))
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let bytes = lines.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }

    #[test]
    fn a_flood_is_one_line_and_what_is_our_own_is_whole() {
        let lines = written(|| {
            for number in 0..1_000 {
                warn!(target: "arc_malachitebft_core_votekeeper::keeper", number, "an equivocating vote");
                error!(target: "bolao_chain::voting", number, "something else signs");
                warn!(target: "bolao_node::reports", number, "a clock goes to and fro");
            }
            for number in 0..3 {
                warn!(target: "bolao_node", number, "ours");
                info!(target: "libp2p", number, "no warning");
            }
        });
        let wanted = [
            "WARN an equivocating vote number=0",
            "ERROR something else signs number=0",
            "WARN a clock goes to and fro number=0",
            "WARN ours number=0",
            "INFO no warning number=0",
            "WARN ours number=1",
            "INFO no warning number=1",
            "WARN ours number=2",
            "INFO no warning number=2",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn the_next_one_says_how_many_were_left_out() {
        use tracing::Callsite as _;
        let callsite = tracing::callsite! {
            name: "line",
            kind: tracing::metadata::Kind::EVENT,
            target: "libp2p_gossipsub",
            level: Level::WARN,
            fields:
        };
        let (seldom, start) = (Seldom::new((), Format::Text), Instant::now());
        let mut passed = (0..200)
            .map(|at_s| seldom.pass(callsite.metadata(), start + Duration::from_secs(at_s)));
        let passed: Vec<_> = passed
            .by_ref()
            .enumerate()
            .filter_map(|(at_s, it)| Some((at_s, it?)))
            .collect();
        assert_eq!(passed, [(0, 0), (60, 59), (120, 59), (180, 59)]);
    }
}
