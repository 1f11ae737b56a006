//! What people see: the story line by line, and below it, on a terminal, a line for each node that follows it live.

use std::{
    fmt,
    io::{self, IsTerminal as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use bolao_terminal::output;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use owo_colors::{OwoColorize as _, Stream};

/// As wide as the times before what happens.
pub(crate) const INDENT: &str = "          ";
/// Beside the labels of what a command said.
const QUOTED: &str = "                     ";

fn fitted(line: &str, before_rest: &str) -> String {
    match output::width() {
        Some(width) => output::broken(line, width, before_rest),
        None => line.to_owned(),
    }
}

/// The screen on which the story is shown. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Screen(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    bars: Option<MultiProgress>,
    lines: Mutex<Vec<ProgressBar>>,
    progress: Mutex<Option<ProgressBar>>,
}

impl Screen {
    /// Plain lines, or with live lines below them where there is a terminal.
    pub(crate) fn new(headless: bool) -> Self {
        let live = !headless && io::stdout().is_terminal();
        Self(Arc::new(Inner {
            started: Instant::now(),
            bars: live.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stdout())),
            lines: Mutex::new(Vec::new()),
            progress: Mutex::new(None),
        }))
    }

    /// Whether live lines are shown.
    pub(crate) fn is_live(&self) -> bool {
        self.0.bars.is_some()
    }

    /// Prints one thing that happened.
    pub(crate) fn plain(&self, text: impl fmt::Display) -> anyhow::Result<()> {
        let time = format!("{:6.1} s", self.0.started.elapsed().as_secs_f32());
        let time = time.if_supports_color(Stream::Stdout, |t| t.dimmed());
        self.print(&fitted(&format!("{time}  {text}"), INDENT))
    }

    /// Prints a line of what a command said, beside the times.
    pub(crate) fn quoted(&self, line: &str) -> anyhow::Result<()> {
        self.print(&fitted(&format!("{INDENT} {line}"), QUOTED))
    }

    /// Prints a heading, in bold.
    pub(crate) fn heading(&self, text: impl fmt::Display) -> anyhow::Result<()> {
        self.plain(text.if_supports_color(Stream::Stdout, |t| t.bold()))
    }

    /// Something that the rules refuse, as they should.
    pub(crate) fn refused(&self, text: impl fmt::Display) -> anyhow::Result<()> {
        self.plain(text.if_supports_color(Stream::Stdout, |t| t.magenta()))
    }

    /// A node goes.
    pub(crate) fn gone(&self, text: impl fmt::Display) -> anyhow::Result<()> {
        self.plain(text.if_supports_color(Stream::Stdout, |t| t.red()))
    }

    /// Prints good news, in green.
    pub(crate) fn good(&self, text: impl fmt::Display) -> anyhow::Result<()> {
        self.plain(text.if_supports_color(Stream::Stdout, |t| t.green()))
    }

    /// Prints lines as they are.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        match &self.0.bars {
            Some(bars) => Ok(bars.println(text)?),
            None => Ok(output::line(text)?),
        }
    }

    /// Shows what is known of a node, the first being 0.
    pub(crate) fn node(&self, index: usize, text: String) {
        let Some(bars) = &self.0.bars else { return };
        let mut lines = lock(&self.0.lines);
        while lines.len() <= index {
            let bar = bars.add(ProgressBar::new_spinner());
            bar.set_style(
                ProgressStyle::with_template("  {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            lines.push(bar);
        }
        if let Some(bar) = lines.get(index) {
            bar.set_message(text);
            bar.tick();
        }
    }

    /// Shows how many matches have been played, on a terminal.
    pub(crate) fn progress(&self, played: usize, all: usize) {
        let Some(bars) = &self.0.bars else { return };
        let mut progress = lock(&self.0.progress);
        let bar = progress.get_or_insert_with(|| {
            let bar = bars.add(ProgressBar::no_length());
            bar.with_style(
                ProgressStyle::with_template("  [{bar:40}] {pos} of {len} matches")
                    .unwrap_or_else(|_| ProgressStyle::default_bar())
                    .progress_chars("=> "),
            )
        });
        bar.set_length(u64::try_from(all).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(played).unwrap_or(u64::MAX));
    }

    /// Takes the live lines away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = lock(&self.0.progress).take() {
            bar.finish_and_clear();
        }
        let lines = std::mem::take(&mut *lock(&self.0.lines));
        for line in lines {
            line.finish_and_clear();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
