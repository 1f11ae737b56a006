//! Pools that are archives: their pages answer from the disk, opened when somebody asks and closed when nobody has for a while.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use bolao_api::{
    ActOnNode, ApiConfig, ClassicNode, HostPools, KeepInvitations, KeepSources, KeepSubscribers,
    LiveNode, ReadNode, body::Viewers,
};
use bolao_discovery::Problem;
use bolao_store::{OpenError, Reader, Store};
use tokio::task::spawn_blocking;
use tower::ServiceExt as _;

use crate::{config::NodeConfig, home::Home, reach::registry::Registry};

/// An archive, as the API sees it: a node that has stopped, at the host's names, for whoever might look before.
struct ArchiveBackend {
    reader: Reader,
    home: Home,
    names: Arc<Registry>,
}

impl ReadNode for ArchiveBackend {
    fn reader(&self) -> &Reader {
        &self.reader
    }
}

impl LiveNode for ArchiveBackend {
    fn answers_to(&self, name: &str) -> bool {
        self.names.answers_to(name)
    }

    fn viewers(&self) -> Viewers {
        if self.home.is_for_players() {
            Viewers::Players
        } else {
            Viewers::Everybody
        }
    }
}

impl ActOnNode for ArchiveBackend {}
impl KeepInvitations for ArchiveBackend {}
impl KeepSubscribers for ArchiveBackend {}
impl KeepSources for ArchiveBackend {}
impl ClassicNode for ArchiveBackend {}

/// The time after which one that nobody asks is closed.
const REST: Duration = Duration::from_mins(2);

/// The archives that a host shows. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archives(Arc<Mutex<BTreeMap<String, Arc<ShownArchive>>>>);

#[derive(Debug)]
struct ShownArchive {
    home: Home,
    names: Arc<Registry>,
    config: ApiConfig,
    open: tokio::sync::Mutex<Option<(Router, Instant)>>,
}

impl Archives {
    /// Shows these from now on, and closes those that rest.
    pub(crate) fn set(
        &self,
        wanted: BTreeMap<String, Home>,
        pools: &HostPools,
        (config, names): (&NodeConfig, &Arc<Registry>),
    ) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.retain(|code, _| {
            let stays = wanted.contains_key(code);
            if !stays {
                pools.hide(code);
            }
            stays
        });
        for (code, home) in wanted {
            if shown.contains_key(&code) {
                continue;
            }
            let archive = Arc::new(ShownArchive {
                home,
                names: Arc::clone(names),
                config: config.of_api(),
                open: tokio::sync::Mutex::default(),
            });
            pools.show(&code, routes(Arc::clone(&archive)));
            shown.insert(code, archive);
        }
        for archive in shown.values() {
            archive.rest();
        }
    }
}

fn routes(archive: Arc<ShownArchive>) -> Router {
    Router::new().fallback(move |request: Request| {
        let archive = Arc::clone(&archive);
        async move { archive.answer(request).await }
    })
}

impl ShownArchive {
    /// Closes it, unless somebody has asked of late.
    fn rest(&self) {
        if let Ok(mut open) = self.open.try_lock()
            && open.as_ref().is_some_and(|(_, at)| at.elapsed() > REST)
        {
            *open = None;
        }
    }

    async fn answer(&self, request: Request) -> Response {
        match self.router().await {
            Ok(router) => router.oneshot(request).await.into_response(),
            Err(error) => {
                tracing::error!(%error, pool = %self.home.dir().display(), "an archive cannot be opened");
                Problem::internal().into_response()
            }
        }
    }

    async fn router(&self) -> Result<Router, OpenError> {
        let mut open = self.open.lock().await;
        let now = Instant::now();
        if let Some((router, at)) = open.as_mut() {
            *at = now;
            return Ok(router.clone());
        }
        let path = self.home.chain_path();
        let opened = spawn_blocking(move || Store::open(&path)).await;
        let store = opened.map_err(io::Error::other)??;
        let backend = ArchiveBackend {
            reader: store.reader(),
            home: self.home.clone(),
            names: Arc::clone(&self.names),
        };
        let router = bolao_api::router(Arc::new(backend), self.config.clone());
        *open = Some((router.clone(), now));
        Ok(router)
    }
}
