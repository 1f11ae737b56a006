//! `bolao export`: standings and bets for spreadsheets and scripts.

use std::{
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bolao_node::Home;
use clap::{Args, ValueEnum};

use crate::{
    command::standings::WhichTable,
    exit::usage,
    output,
    source::{self, Source},
    whole::WholeFile,
};

/// Writes the standings or every bet as a file for spreadsheets and scripts
#[derive(Args, Clone, Debug)]
pub(crate) struct ExportArgs {
    what: What,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replaces an existing file
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    which: WhichTable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Place, name, points, hits and chips of every player
    Standings,
    /// Every bet that counts, with its points
    Tips,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values; text from players never becomes a formula
    Csv,
    Json,
}

pub(crate) async fn run(args: ExportArgs, home: &Home) -> anyhow::Result<()> {
    let chosen = args.which.round.is_some() || args.which.from.is_some();
    if args.what == What::Tips && chosen {
        return Err(usage(
            "--round and --from choose among standings; `export tips` writes every bet",
        ));
    }
    let source = source::open(home).await?;
    let what = match args.what {
        What::Standings => "standings",
        What::Tips => "tips",
    };
    let format = match args.format {
        Format::Csv => "csv",
        Format::Json => "json",
    };
    let (query, _) = args.which.query(&source).await?;
    let path = format!("/api/v1/{what}.{format}{query}");
    match &args.output {
        None => source.copy(&path, &mut io::stdout().lock()).await,
        Some(file) => {
            to_file(&source, &path, file, args.force).await?;
            output::hint!("{} holds the {what}.", file.display());
            Ok(())
        }
    }
}

async fn to_file(source: &Source, path: &str, file: &Path, force: bool) -> anyhow::Result<()> {
    let mut whole = WholeFile::begin(file, force)?;
    let mut writer = BufWriter::new(whole.file());
    source.copy(path, &mut writer).await?;
    writer
        .flush()
        .with_context(|| format!("cannot write {}", file.display()))?;
    drop(writer);
    whole.keep()
}
