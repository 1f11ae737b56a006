//! What a service manager hears of a node (systemd's `sd_notify`): that it is ready, how it is, that it does not hang. Where
//! no manager asks for it, nothing is sent.

use bolao_node::Liveness;
use tokio::sync::watch;

/// The node answers.
pub(crate) fn ready() {
    manager::tell("READY=1");
}

/// The node is on its way down.
pub(crate) fn stopping() {
    manager::tell("STOPPING=1");
}

/// Tells the service manager the node's state in a line.
pub(crate) fn status(line: &str) {
    manager::tell(&format!("STATUS={line}"));
}

/// Says that the node does not hang, twice in the time after which the manager would restart it. Nothing is said while the
/// core is stuck, or this process's tasks are. Between two nodes, while a store is mended, there is no core to ask. Until
/// the sender is dropped.
pub(crate) async fn stay_alive(node: watch::Receiver<Option<Liveness>>) {
    let Some(patience) = manager::patience() else {
        return;
    };
    while node.has_changed().is_ok() {
        let pulse = node.borrow().clone();
        if let Some(pulse) = pulse {
            pulse.beat().await;
        }
        manager::tell("WATCHDOG=1");
        tokio::time::sleep(patience / 2).await;
    }
}

#[cfg(target_os = "linux")]
mod manager {
    use std::time::Duration;

    use sd_notify::NotifyState;

    pub(super) fn tell(what: &str) {
        if let Err(error) = sd_notify::notify(&[NotifyState::Custom(what)]) {
            tracing::warn!(%error, what, "the service manager could not be told");
        }
    }

    pub(super) fn patience() -> Option<Duration> {
        sd_notify::watchdog_enabled()
    }
}

#[cfg(not(target_os = "linux"))]
mod manager {
    use std::time::Duration;

    pub(super) fn tell(_what: &str) {}

    pub(super) fn patience() -> Option<Duration> {
        None
    }
}
