//! Where every command reads: the home's running node or, while none runs, its disk.

use bolao_api::body::{NoticeBody, ProofsBody};
pub(crate) use bolao_client::{
    ApiError, Client, Offline, Source, Unreached, as_view, as_views, escape, node, segment,
};
use bolao_node::Home;
use bolao_receipts::Proof;

use crate::{output, time};

/// Notices that are looked through, the last first.
const NOTICES: usize = 500;

/// The source of a home, with a hint where its node does not run, since what is shown may be old.
pub(crate) async fn open(home: &Home) -> anyhow::Result<Source> {
    let source = Source::of(home).await?;
    let Some((height, at)) = source.stopped_at()? else {
        return Ok(source);
    };
    if let Some(why) = two_histories(&source, home).await? {
        output::hint(why);
    } else {
        let at = time::timestamp(at).map_or_else(|| "an unknown time".to_owned(), time::local);
        output::hint!(
            "Your node is not running: this is as of {at} (block {height}). Start it with `bolao run`."
        );
        if let Some(why) = mended(&source, height.0).await {
            output::hint(why);
        }
    }
    Ok(source)
}

/// The notice of how a stopped home's store was made anew, if no block has come since.
async fn mended(source: &Source, height: u64) -> Option<String> {
    // A damaged store, too, is shown as far as it can be read.
    let notices = source.list("/api/v1/notices", NOTICES).await.ok()?;
    let notices: Vec<NoticeBody> = as_views(notices).ok()?;
    let mended = |it: &NoticeBody| it.finding.code == "store-mended" && it.height >= height;
    let last = notices
        .into_iter()
        .filter(mended)
        .max_by_key(|it| it.number);
    Some(last?.finding.text)
}

/// The sentence that a stopped home's node will not go on, since validators made two histories final.
async fn two_histories(source: &Source, home: &Home) -> anyhow::Result<Option<String>> {
    // A damaged store, too, is shown as far as it can be read.
    let Ok(proofs) = source.read::<ProofsBody>("/api/v1/validators/proofs").await else {
        return Ok(None);
    };
    let pool = home.genesis()?.pool_id();
    let is_one = |proof: &Proof| proof.verify(pool).is_ok_and(|report| report.both_final);
    let is_proven = proofs.only_on_disk || proofs.items.iter().any(is_one);
    Ok(is_proven.then(|| {
        "Your node stopped, and stops again if you start it: validators signed two final histories. `bolao \
        validators proof` writes the proof for your friends; decide together which history you keep (OPERATING.md \
        says how)."
            .to_owned()
    }))
}
