//! Where every command reads: the home's running node or, while none runs, its disk.

pub(crate) use bolao_client::{
    ApiError, Client, Offline, Source, as_view, as_views, escape, node, segment,
};
use bolao_node::Home;

use crate::{output, time};

/// The source of a home, with a hint where its node does not run, since what is shown may be old.
pub(crate) async fn open(home: &Home) -> anyhow::Result<Source> {
    let source = Source::of(home).await?;
    if let Some((height, at)) = source.stopped_at()? {
        let at = time::timestamp(at).map_or_else(|| "an unknown time".to_owned(), time::local);
        output::hint!(
            "Your node is not running: this is as of {at} (block {height}). Start it with `bolao run`."
        );
    }
    Ok(source)
}
