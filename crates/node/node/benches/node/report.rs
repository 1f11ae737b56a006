//! Figures: how they are summed up and printed.

use std::time::{Duration, Instant};

/// Prints rows as they come, in the form of a Markdown table.
#[derive(Debug, Default)]
pub(crate) struct Report {
    open: bool,
}

impl Report {
    pub(crate) fn section(&mut self, title: &str) {
        println!("\n## {title}\n");
        self.open = false;
    }

    /// One figure, and what it is held against.
    pub(crate) fn row(&mut self, what: &str, figure: &str, beside: &str) {
        if !self.open {
            println!("| {:<64} | {:>18} | {:<40} |", "", "figure", "beside");
            println!("|{:-<66}|{:->19}:|{:-<42}|", "", "", "");
            self.open = true;
        }
        println!("| {what:<64} | {figure:>18} | {beside:<40} |");
    }

    pub(crate) fn note(&mut self, text: &str) {
        println!("\n{text}");
        self.open = false;
    }
}

pub(crate) fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = run();
    (began.elapsed(), result)
}

/// Many times of the same thing.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    fn at(&self, percent: usize) -> Duration {
        let mut times = self.0.clone();
        times.sort_unstable();
        times[(times.len() * percent / 100).min(times.len() - 1)]
    }

    pub(crate) fn median(&self) -> Duration {
        self.at(50)
    }

    pub(crate) fn p99(&self) -> Duration {
        self.at(99)
    }

    /// Of `count` things that took the median time together.
    pub(crate) fn rate(&self, count: usize) -> f64 {
        count as f64 / self.median().as_secs_f64()
    }

    /// Median and 99th percentile.
    pub(crate) fn both(&self) -> String {
        format!("{} / {}", ms(self.median()), ms(self.p99()))
    }
}

pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    match ms {
        ..1.0 => format!("{:.0} µs", ms * 1_000.0),
        ..100.0 => format!("{ms:.1} ms"),
        _ => format!("{ms:.0} ms"),
    }
}

/// With commas between the thousands.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn per_second(rate: f64) -> String {
    format!("{}/s", grouped(rate))
}

pub(crate) fn ratio(figure: f64, beside: f64, of: &str) -> String {
    format!("{:.2} of {of}", figure / beside)
}

pub(crate) fn times_as(figure: Duration, beside: Duration, of: &str) -> String {
    ratio(figure.as_secs_f64(), beside.as_secs_f64(), of)
}
