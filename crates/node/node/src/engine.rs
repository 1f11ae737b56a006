//! The core on a thread of its own. Everything that changes the chain goes through one bounded queue, in order; this
//! thread carries out what the core wants; whoever asked gets the answer through a one-shot channel. While nothing comes, the
//! thread sleeps until the time that the core named.
//!
//! What waits one behind the other shares one commit. All of it is answered after that.
//!
//! Votes, blocks and peers' answers come before everything else that waits, so that a pool decides however many bets come. Callers
//! here leave a part of the queue to peers.

use std::{collections::BTreeMap, future::ready, pin::pin, thread::JoinHandle, time::Duration};

use bolao_api::NodeError;
use bolao_chain::{
    Accepted, Core, CoreError, Event, Input, Now, Output, PeerId, Rejection, Request, Submission,
    Template,
};
use bolao_ledger::{AccountId, Block, BlockHash, Transaction, encode};
use bolao_openings::Deal;
use bolao_store::NoticedChange;
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    time::{sleep, timeout_at},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{clock::now, error::RunError, home::Keeps, kernel::MachineClocks};

/// The most inputs that may wait for the core.
const QUEUE: usize = 1_024;
/// The places of that queue that are left to peers.
const FOR_PEERS: usize = QUEUE / 4;
/// The most transactions that share a commit: what comes after them in the queue waits for a few milliseconds at most.
const TOGETHER: usize = 256;
/// The most events that a slow listener may lag behind.
const EVENTS: usize = 4_096;
/// The time between two questions to a core whose queue is full.
const BUSY_FOR: Duration = Duration::from_millis(100);
/// The time that a block that was found waits for a place in the queue: hours of work may be in it.
pub(crate) const FOUND_WAITS: Duration = Duration::from_secs(10);

#[allow(clippy::large_enum_variant)] // Nearly all are inputs.
enum Message {
    Input(Input),
    Submit(Box<Transaction>, Answer),
    Deals(Vec<Deal>, Answer),
    Mined(Box<Block>, Answer),
    Sync(Vec<PeerId>, oneshot::Sender<u64>),
    Template(AccountId, oneshot::Sender<Template>),
    ClockAgrees(oneshot::Sender<bool>),
    Recalled(oneshot::Sender<bool>),
    Alive(oneshot::Sender<()>),
}

type Answer = oneshot::Sender<Result<Accepted, Rejection>>;

/// The way to the core. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    queue: mpsc::Sender<Message>,
    urgent: mpsc::Sender<Input>,
    events: broadcast::Sender<Event>,
}

/// Whether others wait for it, or it is what they waited for.
const fn is_urgent(input: &Input) -> bool {
    matches!(
        input,
        Input::Response { .. }
            | Input::Request {
                request: Request::Votes(_) | Request::PushBlock(_),
                ..
            }
    )
}

/// The running thread.
#[derive(Debug)]
pub(crate) struct EngineThread {
    thread: JoinHandle<Result<(), CoreError>>,
}

impl Engine {
    /// Starts the core's thread; `outbound` carries out what concerns other nodes, and what a validator's home keeps beside its chain goes
    /// before that. It ends when `cancel` is cancelled, or when the core fails, which cancels it. Each of the two
    /// receivers gets every event from the thread's start on; whoever subscribes later misses the first ones.
    pub(crate) fn start(
        core: Core,
        outbound: impl FnMut(Output) + Send + 'static,
        keeps: Option<Keeps>,
        cancel: CancellationToken,
    ) -> std::io::Result<(Self, EngineThread, [broadcast::Receiver<Event>; 2])> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let (urgent, first_of_all) = mpsc::channel(QUEUE);
        let (events, first) = broadcast::channel(EVENTS);
        let every_event = [first, events.subscribe()];
        let engine = Self {
            queue,
            urgent,
            events: events.clone(),
        };
        let worker = Worker {
            _ends_the_node: cancel.clone().drop_guard(),
            core,
            messages,
            urgent: first_of_all,
            next: None,
            outbound: Box::new(outbound),
            keeps,
            submitted: BTreeMap::new(),
            events,
            wake_at: Some(0),
            answers: BTreeMap::new(),
            syncs: BTreeMap::new(),
            next_token: 0,
            clocks: MachineClocks::default(),
        };
        // Its timers wait for so long, not until a time of the system's clock, so that they hold where that is not the real one.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("bolao-core".into())
            .spawn(move || runtime.block_on(worker.run(&cancel)))?;
        Ok((engine, EngineThread { thread }, every_event))
    }

    /// The events from now on.
    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Gives the core an input of the network's; waits for room.
    pub(crate) async fn input(&self, input: Input) -> Result<(), NodeError> {
        let sent = if is_urgent(&input) {
            self.urgent.send(input).await.is_ok()
        } else {
            self.queue.send(Message::Input(input)).await.is_ok()
        };
        sent.then_some(()).ok_or(NodeError::Stopped)
    }

    /// Gives the core an input that nobody misses where it has no room.
    pub(crate) fn try_input(&self, input: Input) {
        if self.queue.capacity() > FOR_PEERS {
            let _ = self.queue.try_send(Message::Input(input));
        }
    }

    /// Submits a local transaction; it is on disk when this returns.
    pub(crate) async fn submit(&self, transaction: Transaction) -> Result<Accepted, NodeError> {
        Ok(self
            .ask(|answer| Message::Submit(Box::new(transaction), answer))
            .await??)
    }

    /// Gives the core what players deal to keepers; it is on disk when this returns.
    pub(crate) async fn deals(&self, deals: Vec<Deal>) -> Result<Accepted, NodeError> {
        Ok(self.ask(|answer| Message::Deals(deals, answer)).await??)
    }

    /// Gives the core a block that was found here, once there is room, which it waits for until `end`; it is on disk when
    /// this returns.
    pub(crate) async fn mined(
        &self,
        block: Block,
        end: tokio::time::Instant,
    ) -> Result<Accepted, NodeError> {
        let (answer, answered) = oneshot::channel();
        let sending = self.queue.send(Message::Mined(Box::new(block), answer));
        match timeout_at(end, sending).await {
            Ok(Ok(())) => Ok(answered.await.map_err(|_| NodeError::Stopped)??),
            Ok(Err(_)) => Err(NodeError::Stopped),
            Err(_) => Err(NodeError::Busy),
        }
    }

    /// Gives the core a block that somebody else has, who may try again: it does not wait for room.
    pub(crate) async fn received(&self, block: Block) -> Result<Accepted, NodeError> {
        Ok(self
            .ask(|answer| Message::Mined(Box::new(block), answer))
            .await??)
    }

    /// Asks every peer for better chains, these among them; gives how often this chain has been replaced since the start.
    pub(crate) async fn sync_now(&self, peers: Vec<PeerId>) -> Result<u64, NodeError> {
        self.ask(|answer| Message::Sync(peers, answer)).await
    }

    /// The same, once there is room for the question, however long that takes.
    pub(crate) async fn synced(&self, peers: impl Fn() -> Vec<PeerId>) -> Result<u64, NodeError> {
        loop {
            match self.sync_now(peers()).await {
                Err(NodeError::Busy) => sleep(BUSY_FOR).await,
                answer => return answer,
            }
        }
    }

    /// Keeps and tells a notice of what is outside the chain.
    pub(crate) async fn notice(&self, change: NoticedChange) -> Result<(), NodeError> {
        self.input(Input::Notice(Box::new(change))).await
    }

    /// A template for the next block.
    pub(crate) async fn template(&self, miner: AccountId) -> Result<Template, NodeError> {
        self.ask(|answer| Message::Template(miner, answer)).await
    }

    /// Whether this machine's clock agrees with the peers', as [`Core::clock_agrees`] says.
    pub(crate) async fn clock_agrees(&self) -> Result<bool, NodeError> {
        self.ask(Message::ClockAgrees).await
    }

    /// Whether all other validators have told what this home signed, as [`Core::has_recalled`] says.
    pub(crate) async fn recalled(&self) -> Result<bool, NodeError> {
        self.ask(Message::Recalled).await
    }

    /// Returns once the core has done all that came before.
    pub(crate) async fn alive(&self) -> Result<(), NodeError> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .send(Message::Alive(answer))
            .await
            .map_err(|_| NodeError::Stopped)?;
        answered.await.map_err(|_| NodeError::Stopped)
    }

    async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, NodeError> {
        let (answer, answered) = oneshot::channel();
        if self.queue.capacity() <= FOR_PEERS {
            return Err(NodeError::Busy);
        }
        self.queue
            .try_send(message(answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => NodeError::Busy,
                mpsc::error::TrySendError::Closed(_) => NodeError::Stopped,
            })?;
        answered.await.map_err(|_| NodeError::Stopped)
    }
}

impl EngineThread {
    /// Waits for the thread's end; a failed disk shows here.
    pub(crate) fn join(self) -> Result<(), RunError> {
        match self.thread.join() {
            Ok(result) => Ok(result?),
            Err(_) => Err(RunError::CorePanicked),
        }
    }
}

/// Logs a found block that the core did not get, and that nobody submits again.
pub(crate) fn lost(hash: &BlockHash, error: &dyn std::error::Error) {
    tracing::warn!(%hash, %error, "a found block is lost");
}

struct Worker {
    /// However the core ends, by a panic too, the node ends with it. It goes before the channels do: whoever finds those closed
    /// knows that the node is to end.
    _ends_the_node: DropGuard,
    core: Core,
    messages: mpsc::Receiver<Message>,
    urgent: mpsc::Receiver<Input>,
    /// The message that was taken out of the queue and not handled yet.
    next: Option<Message>,
    outbound: Box<dyn FnMut(Output) + Send>,
    events: broadcast::Sender<Event>,
    /// When the core wants to be called if nothing happens before.
    wake_at: Option<u64>,
    answers: BTreeMap<u64, Answer>,
    /// Transactions that are not answered yet, encoded.
    submitted: BTreeMap<u64, Vec<u8>>,
    /// None where nothing is kept.
    keeps: Option<Keeps>,
    syncs: BTreeMap<u64, oneshot::Sender<u64>>,
    next_token: u64,
    clocks: MachineClocks,
}

impl Worker {
    async fn run(mut self, cancel: &CancellationToken) -> Result<(), CoreError> {
        let mut cancelled = pin!(cancel.cancelled());
        loop {
            let (rest, waits) = (self.rest(), self.next.is_some());
            let message = tokio::select! {
                biased;
                () = &mut cancelled => return Ok(()),
                Some(input) = self.urgent.recv() => Message::Input(input),
                () = ready(()), if waits => match self.next.take() {
                    Some(message) => message,
                    None => continue,
                },
                message = self.messages.recv() => match message {
                    Some(message) => message,
                    None => return Ok(()),
                },
                () = sleep(rest.unwrap_or_default()), if rest.is_some() => {
                    Message::Input(Input::Tick)
                }
            };
            self.handle(message)?;
        }
    }

    /// The time for which the core need not be called, if nothing happens; for ever if none.
    fn rest(&self) -> Option<Duration> {
        let ms = self.wake_at?.saturating_sub(now().mono_ms);
        Some(Duration::from_millis(ms))
    }

    fn handle(&mut self, message: Message) -> Result<(), CoreError> {
        let (now, mut asks_of_clock) = (now(), None);
        let input = match message {
            Message::Input(_) | Message::Submit(..) => return self.handle_with_next(now, message),
            Message::Deals(deals, answer) => Input::Deals {
                token: self.expect(answer),
                deals,
            },
            Message::Mined(block, answer) => Input::Mined {
                token: self.expect(answer),
                block,
            },
            Message::Sync(peers, answer) => {
                let token = self.token();
                self.syncs.insert(token, answer);
                Input::SyncNow { token, peers }
            }
            Message::Template(miner, answer) => {
                // Whoever asked may have gone; there is nobody to tell then.
                let _ = answer.send(self.core.template(now, miner, &[])?);
                return Ok(());
            }
            // The core looks first whether the clock was set.
            Message::ClockAgrees(answer) => {
                asks_of_clock = Some(answer);
                Input::Tick
            }
            Message::Recalled(answer) => {
                let _ = answer.send(self.core.has_recalled());
                return Ok(());
            }
            Message::Alive(answer) => {
                let _ = answer.send(());
                return Ok(());
            }
        };
        self.carry_out(now, vec![input])?;
        if let Some(answer) = asks_of_clock {
            let _ = answer.send(self.core.clock_agrees(now));
        }
        Ok(())
    }

    /// Handles an input or a transaction with those that wait right behind it, what is urgent first.
    fn handle_with_next(&mut self, now: Now, first: Message) -> Result<(), CoreError> {
        let (mut inputs, mut submissions) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Input(input) => inputs.push(input),
                Message::Submit(transaction, answer) => {
                    submissions.push(self.submission(*transaction, answer));
                }
                other => {
                    self.next = Some(other);
                    break;
                }
            }
            if inputs.len() + submissions.len() >= TOGETHER {
                break;
            }
            // A flood of them leaves room for others.
            let urgent = (inputs.len() < TOGETHER / 2).then(|| self.urgent.try_recv().ok());
            let urgent = urgent.flatten().map(Message::Input);
            let waits = || self.messages.try_recv().ok();
            next = urgent.or_else(|| self.next.take()).or_else(waits);
        }
        if !submissions.is_empty() {
            inputs.push(Input::Submit(submissions));
        }
        self.carry_out(now, inputs)
    }

    /// Has the core handle inputs, and carries out what it wants.
    fn carry_out(&mut self, now: Now, inputs: Vec<Input>) -> Result<(), CoreError> {
        self.wake_at = None;
        let clocks = self.clocks.look(now).map(Input::Clock);
        let inputs = clocks.chain(inputs);
        let outputs = self.core.handle_all(now, inputs)?;
        self.keep(&outputs);
        for output in outputs {
            match output {
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Reply { token, result } => {
                    if let Some(answer) = self.answers.remove(&token) {
                        let _ = answer.send(result);
                    }
                }
                Output::SyncRound {
                    token,
                    replacements,
                } => {
                    if let Some(answer) = self.syncs.remove(&token) {
                        let _ = answer.send(replacements);
                    }
                }
                Output::Event(event) => {
                    let _ = self.events.send(event);
                }
                output => (self.outbound)(output),
            }
        }
        Ok(())
    }

    /// Keeps what is about to be told beside the chain, before it is.
    fn keep(&mut self, outputs: &[Output]) {
        let Some(keeps) = &mut self.keeps else {
            return;
        };
        let votes = self.core.has_vote();
        for output in outputs {
            match output {
                Output::Event(Event::Final { height, .. }) if votes => keeps.voted(*height),
                Output::Reply { token, result } => {
                    let submitted = self.submitted.remove(token);
                    if let Some(bytes) = submitted.filter(|_| votes && result.is_ok()) {
                        keeps.answered(&bytes);
                    }
                }
                _ => {}
            }
        }
    }

    fn submission(&mut self, transaction: Transaction, answer: Answer) -> Submission {
        let token = self.expect(answer);
        if self.keeps.is_some() {
            self.submitted.insert(token, encode(&transaction));
        }
        Submission { token, transaction }
    }

    fn token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    fn expect(&mut self, answer: Answer) -> u64 {
        let token = self.token();
        self.answers.insert(token, answer);
        token
    }
}

#[cfg(test)]
mod tests;
