//! Logs and progress bars share the terminal's error stream without tearing each other.

mod seldom;

use std::{
    io::{self, IsTerminal as _, Write},
    sync::OnceLock,
    time::{Duration, Instant},
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Zoned;
use tracing_subscriber::{
    EnvFilter,
    fmt::{MakeWriter, format::Writer, time::FormatTime},
};

use self::seldom::Seldom;

/// Overrides what is logged, in the syntax of tracing's filters.
const VARIABLE: &str = "BOLAO_LOG";

/// From one plain line of progress to the next, where there is no terminal for a bar.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

fn bars() -> &'static MultiProgress {
    static BARS: OnceLock<MultiProgress> = OnceLock::new();
    BARS.get_or_init(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()))
}

#[derive(Clone, Copy, Debug)]
struct AroundBars;

impl Write for AroundBars {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bars().suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for AroundBars {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

/// The form in which lines of the log are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Plain text, for people.
    #[default]
    Text,
    /// One object per line, for programs.
    Json,
}

/// The hour as a clock on the wall shows it, with the day.
#[derive(Debug)]
struct WallClock;

impl FormatTime for WallClock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", Zoned::now().strftime("%-d %b %H:%M:%S"))
    }
}

/// Starts logging to the error stream; `default` is the filter where the environment gives none.
pub fn start(default: &str, format: Format) {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(AroundBars);
    // A second start, as in tests, leaves the first as it is.
    let _ = match format {
        Format::Text => log
            .with_ansi(supports_colour())
            .with_target(false)
            .with_timer(WallClock)
            .map_event_format(|lines| Seldom::new(lines, format))
            .try_init(),
        Format::Json => log
            .json()
            .flatten_event(true)
            .map_event_format(|lines| Seldom::new(lines, format))
            .try_init(),
    };
}

fn supports_colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// One line at the bottom of a terminal that renews itself, below what is logged.
#[derive(Debug)]
pub struct StatusLine(ProgressBar);

impl Default for StatusLine {
    fn default() -> Self {
        let style = ProgressStyle::with_template("{msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        Self(bars().add(ProgressBar::new_spinner().with_style(style)))
    }
}

impl StatusLine {
    /// Sets the text that it shows.
    pub fn set(&self, text: String) {
        self.0.set_message(text);
        self.0.tick();
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
        bars().remove(&self.0);
    }
}

/// Progress on a terminal as a bar, elsewhere as a line now and then.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    unit: &'static str,
    last_line: Instant,
}

impl Progress {
    /// A bar that is not drawn until something is done.
    pub fn new(what: &'static str) -> Self {
        Self::of(what, "blocks")
    }

    /// The same for other things than blocks.
    pub fn of(what: &'static str, unit: &'static str) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let green = if supports_colour() { ".green" } else { "" };
            let style = format!(
                "{{msg:>10}} [{{bar:32{green}}}] {{human_pos}}/{{human_len}} {unit}, {{eta}} left"
            );
            let style = ProgressStyle::with_template(&style)
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> ");
            let bar = bars().add(ProgressBar::no_length().with_style(style));
            bar.set_message(what);
            bar
        });
        Self {
            bar,
            what,
            unit,
            last_line: Instant::now(),
        }
    }

    /// Shows how far it is.
    pub fn at(&mut self, done: u64, all: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(all);
            bar.set_position(done);
            return;
        }
        if self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            let _ = writeln!(io::stderr(), "{}: {done} of {all} {}", self.what, self.unit);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            bars().remove(bar);
        }
    }
}
