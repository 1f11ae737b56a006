//! `bolao backup`: the home in one file, while its node runs or not.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use bolao_ledger::PoolId;
use bolao_node::Home;
use bolao_replay::{Decoder, Record, TipRecord};
use bolao_store::Tip;
use clap::Args;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

use crate::{
    archive::{ABOUT, ABOUT_BYTES, About, CHAIN, FORMAT, MemberDigest},
    choice,
    command::status,
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
    /// The file to write; with --all, the directory of the files
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Writes a file of each pool of the home, named by its code
    #[arg(long)]
    all: bool,
    /// Leaves out every key and every other secret
    #[arg(long)]
    no_keys: bool,
    /// Replaces an existing backup
    #[arg(long)]
    force: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: BackupArgs, dir: &Path) -> anyhow::Result<()> {
    if !args.all {
        return back_up(args, &choice::existing(dir)?).await;
    }
    fs::create_dir_all(&args.file)
        .with_context(|| format!("cannot make {}", args.file.display()))?;
    for home in Home::pools(dir)? {
        let file = args.file.join(format!("{}.tar", home.code()?));
        let args = args.clone();
        back_up(BackupArgs { file, ..args }, &home).await?;
    }
    Ok(())
}

async fn back_up(args: BackupArgs, home: &Home) -> anyhow::Result<()> {
    refuse_others(&args)?;
    let pool = home.genesis()?.pool_id();
    let source = Source::of(home).await?;
    let cannot = || format!("cannot write {}", args.file.display());
    let began = time::now();
    let mut whole = WholeFile::begin_secret(&args.file, args.force)?;
    let mut tar = Builder::new(BufWriter::new(whole.file()));
    let keys = !args.no_keys;
    let files = home.moved(keys)?;
    let room = " ".repeat(ABOUT_BYTES);
    for (name, text) in [(ABOUT, room)].iter().chain(&files) {
        let mut header = header(u64::try_from(text.len())?);
        tar.append_data(&mut header, name, text.as_bytes())
            .with_context(cannot)?;
    }
    let (tip, chain) = chain(&source, pool, tar.get_mut()).await?;
    tar.finish().with_context(cannot)?;
    let bytes = tar.get_mut().seek(SeekFrom::End(0)).with_context(cannot)?;
    let digests = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), MemberDigest::of(text.as_bytes())));
    let about = About {
        format: FORMAT,
        keys,
        pool,
        height: tip.height,
        made: Some(began),
        digests: digests.chain([(CHAIN.to_owned(), chain)]).collect(),
    };
    describe(tar.get_mut(), &about).with_context(cannot)?;
    drop(tar);
    refuse_shorter(&args, &about)?;
    whole.keep()?;
    if keys && let Err(error) = home.set_backed_up() {
        output::hint!(
            "warning: the backup is whole, but this home cannot keep that it was made: {error}"
        );
    }
    if let Some(lost) = status::lost(home, tip.height)? {
        output::hint!("warning: {}", lost.text);
    }
    told(&args, &files, &tip, bytes)
}

/// Writes the description into the room that was left for it.
fn describe(file: &mut BufWriter<&mut File>, about: &About) -> anyhow::Result<()> {
    let text = serde_json::to_vec(about)?;
    ensure!(text.len() <= ABOUT_BYTES, "its description is too long");
    file.seek(SeekFrom::Start(u64::try_from(HEADER)?))?;
    file.write_all(&text)?;
    Ok(file.flush()?)
}

/// Refuses to put a backup in the place of anything else, such as a file of the home.
fn refuse_others(args: &BackupArgs) -> anyhow::Result<()> {
    ensure!(
        args.file.as_os_str() != "-",
        "a backup is a file and does not go to standard output: choose a name"
    );
    let is_something = args.file.metadata().is_ok_and(|found| found.len() > 0);
    ensure!(
        !is_something || !args.force || About::of(&args.file).is_some(),
        "{} is no backup, and --force replaces nothing else: choose another file",
        args.file.display()
    );
    Ok(())
}

/// Refuses to put a backup in the place of one that holds more of the same pool.
fn refuse_shorter(args: &BackupArgs, new: &About) -> anyhow::Result<()> {
    match About::of(&args.file) {
        Some(there) if there.pool == new.pool && there.height > new.height => bail!(
            "{} holds the chain up to block {}, and this home only up to block {}: it stays as it is. `bolao --home \
            NEW restore {0}` gives the rest back; or choose another file",
            args.file.display(),
            there.height,
            new.height
        ),
        _ => Ok(()),
    }
}

/// Writes the chain behind what is there. Its length is known in the end, so its header comes then.
async fn chain(
    source: &Source,
    pool: PoolId,
    file: &mut BufWriter<&mut File>,
) -> anyhow::Result<(Tip, MemberDigest)> {
    let at = file.stream_position()?;
    file.write_all(&[0; HEADER])?;
    let mut checked = Checked {
        file,
        decoder: Decoder::default(),
        hasher: Sha256::new(),
        bytes: 0,
        tip: None,
        height: 0,
        progress: Progress::new("backing up"),
    };
    source.copy("/api/v1/export", &mut checked).await?;
    checked.decoder.finish()?;
    let (bytes, tip, digest) = (checked.bytes, checked.tip, checked.hasher.into());
    let TipRecord { pool: of, tip } =
        tip.context("the node's export does not name its last block")?;
    ensure!(
        of == pool,
        "the node's chain is of pool {of}, but this home is of {pool}"
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
    Ok((tip, digest))
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
    hasher: Sha256,
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
                    let all = self.tip.map_or(self.height, |it| it.tip.height.0);
                    self.progress.at(self.height, all);
                }
                _ => {}
            }
        }
        self.file.write_all(piece)?;
        self.hasher.update(piece);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn told(args: &BackupArgs, files: &[(&str, String)], tip: &Tip, bytes: u64) -> anyhow::Result<()> {
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
