//! `bolao restore`: a home from the file of a backup, which may be anybody's.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail, ensure};
use bolao_client::export::Export;
use bolao_ledger::UnixSeconds;
use bolao_node::{Home, Restoring};
use clap::Args;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tar::{Archive, EntryType};

use crate::{
    archive::{ABOUT, About, CHAIN, FORMAT, MemberDigest},
    home,
    log::Progress,
    output, time,
};

/// The longest small file, in bytes.
const MOST: u64 = 8 << 20;
/// The length of the pieces in which the chain is read.
const PIECE: usize = 64 << 10;
/// The age of a backup that lacks what was signed within minutes only, in seconds.
const FRESH_S: u64 = 600;
/// Why something is no backup, as far as can be told.
const NONE: &str = "it is not a backup made by this program, or it is damaged";

/// Restores a home from backups, one of each pool, and checks their chains block by block
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The first one comes into a new or an empty directory, each other one beside it, or beside the pools of a home that is \
        there, if it is of the same player."
)]
pub(crate) struct RestoreArgs {
    /// A file that `bolao backup` wrote
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &RestoreArgs, dir: &Path) -> anyhow::Result<()> {
    args.files
        .iter()
        .try_for_each(|file| restore(args, file, dir))
}

fn restore(args: &RestoreArgs, file: &Path, dir: &Path) -> anyhow::Result<()> {
    let open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let holds_pools = dir.is_dir() && !Home::pools(dir)?.is_empty();
    let restoring = match About::of(file) {
        Some(about) if holds_pools => Restoring::begin_beside(dir, about.pool)?,
        _ => Restoring::begin(dir)?,
    };
    let cannot = || format!("{} cannot be restored", file.display());
    let (height, made) = read(BufReader::new(open), &restoring).with_context(cannot)?;
    let waits = restoring.keep(is_fresh(made)).with_context(cannot)?;
    if args.json {
        return output::json(
            &json!({ "home": dir, "height": height, "waits_before_it_votes": waits }),
        );
    }
    output::line!(
        "{} is restored: the chain up to block {height}, every block of it checked. Next: {}",
        dir.display(),
        home::command("run")
    )?;
    if waits {
        output::line(
            "It does not vote yet, since it does not know what it has signed since: `bolao status` says what ends that. \
            Never run the old home again.",
        )?;
    }
    Ok(())
}

/// Why the next entry cannot be read: in the system's words where it failed, else because there is none.
fn unreadable(error: io::Error) -> anyhow::Error {
    if error.raw_os_error().is_some() {
        anyhow::Error::new(error).context("it cannot be read to its end")
    } else {
        anyhow!(NONE)
    }
}

/// Whether so little can have been signed since a backup was made that its home may go on with others such as it.
fn is_fresh(made: Option<UnixSeconds>) -> bool {
    let age = made.and_then(|made| time::now().0.checked_sub(made.0));
    age.is_some_and(|age| age <= FRESH_S)
}

/// Takes what is in a backup; the height of its chain, and when it was made.
fn read(file: impl Read, restoring: &Restoring) -> anyhow::Result<(u64, Option<UnixSeconds>)> {
    let mut archive = Archive::new(file);
    // As they are: nothing that says how to read the next one.
    let mut entries = archive.entries()?.raw(true);
    let mut taken: Vec<&str> = Vec::new();
    let (mut digests, mut made, mut height) = (BTreeMap::new(), None, None);
    while let Some(entry) = entries.next().transpose().map_err(unreadable)? {
        let name = entry.path_bytes().into_owned();
        let name = std::str::from_utf8(&name).context(NONE)?;
        let known = [ABOUT, CHAIN].into_iter().chain(Home::moving());
        let name = known
            .into_iter()
            .find(|known| *known == name)
            .ok_or_else(|| anyhow!("{NONE}: it holds {name:?}"))?;
        ensure!(
            entry.header().entry_type() == EntryType::Regular,
            "{NONE}: {name} is no plain file"
        );
        ensure!(!taken.contains(&name), "{NONE}: it holds {name} twice");
        ensure!(
            (name == ABOUT) == taken.is_empty() && height.is_none(),
            "{NONE}: {name} is not in its place"
        );
        taken.push(name);
        if name == ABOUT {
            let about = about(&text(entry, name)?)?;
            (digests, made) = (about.digests, about.made);
            continue;
        }
        let digest = if name == CHAIN {
            let (restored, digest) = chain(entry, restoring)?;
            height = Some(restored);
            digest
        } else {
            let text = text(entry, name)?;
            restoring.put(name, &text)?;
            MemberDigest::of(text.as_bytes())
        };
        ensure!(
            digests.remove(name) == Some(digest),
            "its {name} is not as it was written: the file is damaged; take another copy, or an older backup"
        );
    }
    let height = height
        .context("it is cut off and has no chain: copy it again from where it was written")?;
    if let Some((name, _)) = digests.pop_first() {
        bail!("{NONE}: it has no {name}");
    }
    Ok((height, made))
}

/// The description of a backup that this program reads.
fn about(text: &str) -> anyhow::Result<About> {
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_str(text).context(NONE)?;
    ensure!(
        format == FORMAT,
        "another version of this program wrote it: restore it with that"
    );
    serde_json::from_str(text).context(NONE)
}

fn text(entry: impl Read, name: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = entry.take(MOST + 1).read_to_string(&mut text);
    match read {
        Ok(read) if u64::try_from(read)? <= MOST => Ok(text),
        Ok(_) => bail!("its {name} is longer than any"),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => bail!("its {name} is no text"),
        Err(error) => Err(error).context("it is cut off: copy it again from where it was written"),
    }
}

/// Takes the chain: its height, and its digest.
fn chain(entry: impl Read, restoring: &Restoring) -> anyhow::Result<(u64, MemberDigest)> {
    let mut hashing = Hashing {
        inner: entry,
        hasher: Sha256::new(),
    };
    let pieces = std::iter::from_fn(|| {
        let mut piece = vec![0; PIECE];
        match hashing.read(&mut piece) {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some(Ok(piece))
            }
            Err(error) => Some(Err(error)),
        }
    });
    let export = Export::new(restoring.genesis()?, pieces).context("its chain cannot be read")?;
    let mut progress = Progress::new("restoring");
    let height = restoring.chain(&export, |done, all| progress.at(done, all))?;
    drop(export);
    // What follows the last block, if anything.
    io::copy(&mut hashing, &mut io::sink())?;
    Ok((height.0, hashing.hasher.into()))
}

/// A reader that hashes what passes.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hasher.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}
