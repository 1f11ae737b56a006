//! `bolao backup`: the home in one file, while its node runs or not.

use std::{
    fs::File,
    io::{self, BufWriter, Seek as _, SeekFrom, Write},
    path::PathBuf,
};

use anyhow::{Context as _, ensure};
use bolao_ledger::PoolId;
use bolao_node::Home;
use bolao_replay::{Decoder, Record, TipRecord};
use clap::Args;
use serde_json::json;
use tar::{Builder, EntryType, Header};

use crate::{
    archive::{ABOUT, About, CHAIN, FORMAT},
    log::Progress,
    output::{self, count},
    source::Source,
    time,
    whole::WholeFile,
};

/// The length of a header in a tar file; every entry is filled up to a multiple of it.
const HEADER: usize = 512;

/// Writes the home into one file, including its keys, even while its node runs; `bolao restore` reads it
#[derive(Args, Clone, Debug)]
pub(crate) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leaves out every key and every other secret
    #[arg(long)]
    no_keys: bool,
    /// Replaces an existing file
    #[arg(long)]
    force: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: BackupArgs, home: &Home) -> anyhow::Result<()> {
    let pool = home.genesis()?.pool_id();
    let source = Source::of(home).await?;
    let cannot = || format!("cannot write {}", args.file.display());
    let mut whole = WholeFile::begin_secret(&args.file, args.force)?;
    let mut tar = Builder::new(BufWriter::new(whole.file()));
    let keys = !args.no_keys;
    let about = serde_json::to_string(&About {
        format: FORMAT,
        keys,
    })?;
    let files = home.moved(keys)?;
    for (name, text) in [(ABOUT, about)].iter().chain(&files) {
        let mut header = header(u64::try_from(text.len())?);
        tar.append_data(&mut header, name, text.as_bytes())
            .with_context(cannot)?;
    }
    let tip = chain(&source, pool, tar.get_mut()).await?;
    tar.finish().with_context(cannot)?;
    tar.get_mut().flush().with_context(cannot)?;
    let bytes = tar.get_mut().stream_position()?;
    drop(tar);
    whole.keep()?;
    told(&args, &files, &tip, bytes)
}

/// Writes the chain behind what is there. Its length is known in the end, so its header comes then.
async fn chain(
    source: &Source,
    pool: PoolId,
    file: &mut BufWriter<&mut File>,
) -> anyhow::Result<TipRecord> {
    let at = file.stream_position()?;
    file.write_all(&[0; HEADER])?;
    let mut checked = Checked {
        file,
        decoder: Decoder::default(),
        bytes: 0,
        tip: None,
        height: 0,
        progress: Progress::new("backing up"),
    };
    source.copy("/api/v1/export", &mut checked).await?;
    checked.decoder.finish()?;
    let (bytes, tip) = (checked.bytes, checked.tip);
    let tip = tip.context("the node's export does not name its last block")?;
    ensure!(
        tip.pool == pool,
        "the node's chain is of pool {}, but this home is of {pool}",
        tip.pool
    );
    let past = usize::try_from(bytes)? % HEADER;
    if past > 0 {
        file.write_all([0; HEADER].get(past..).unwrap_or_default())?;
    }
    let mut header = header(bytes);
    header.set_path(CHAIN)?;
    header.set_cksum();
    file.seek(SeekFrom::Start(at))?;
    file.write_all(header.as_bytes())?;
    file.seek(SeekFrom::End(0))?;
    Ok(tip)
}

/// The header of a file that its owner alone may read.
fn header(bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(bytes);
    header
}

/// An export on its way into a file, read as it passes.
struct Checked<'b, 'f> {
    file: &'b mut BufWriter<&'f mut File>,
    decoder: Decoder,
    bytes: u64,
    tip: Option<TipRecord>,
    height: u64,
    progress: Progress,
}

impl Write for Checked<'_, '_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.decoder.feed(piece);
        while let Some(record) = self.decoder.next_record().map_err(io::Error::other)? {
            match record {
                Record::Tip(tip) => self.tip = Some(tip),
                Record::Block(_) => {
                    self.height = self.height.saturating_add(1);
                    let all = self.tip.map_or(self.height, |tip| tip.height.0);
                    self.progress.at(self.height, all);
                }
                _ => {}
            }
        }
        self.file.write_all(piece)?;
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn told(
    args: &BackupArgs,
    files: &[(&str, String)],
    tip: &TipRecord,
    bytes: u64,
) -> anyhow::Result<()> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    if args.json {
        return output::json(&json!({
            "file": args.file,
            "bytes": bytes,
            "height": tip.height,
            "tip": tip.hash,
            "files": names,
            "keys": !args.no_keys,
        }));
    }
    let time = time::timestamp(tip.time).map(|at| format!(" of {}", time::local(at)));
    let what = format!(
        "{} holds the chain up to block {}{}, and {} of the home",
        args.file.display(),
        tip.height,
        time.unwrap_or_default(),
        count(names.len(), "file", "files")
    );
    if args.no_keys {
        return output::line!(
            "{what}. It holds no key: `bolao wallet restore --home DIR` restores the wallet from its words."
        );
    }
    output::line!(
        "{what}, with its keys: keep it where nobody else can read it. `bolao restore {} --home DIR` restores it.",
        output::quoted(&args.file.display().to_string())
    )
}
