//! What the API asks of a node, answered by the one that is played.

use std::net::IpAddr;

use super::{
    AccountId, ActOnNode, Arc, Attendance, Block, BlockHash, Chips, ClassicBet, ClassicNode, Deal,
    Discovery, Duration, Events, Height, Job, KeepInvitations, KeepSources, KeepSubscribers, Live,
    LiveNode, MiningMode, MiningStatus, NodeError, NodeStatus, NotTaken, OpenBet, PeerBody,
    PublicInvite, PushAddress, ReadNode, Reader, Reason, Rejection, SolutionBody, SyncState,
    SyncStatus, TOKEN, TestNode, Told, Transaction, TxId, UnixSeconds, Url, Viewers, Word,
    WordBody, async_trait,
};

impl ReadNode for TestNode {
    fn reader(&self) -> &Reader {
        &self.reader
    }
}

impl LiveNode for TestNode {
    fn own_url(&self) -> String {
        "http://localhost:9000".into()
    }

    fn discovery(&self) -> Option<&Discovery> {
        Some(&self.discovery)
    }

    fn peers(&self) -> Vec<PeerBody> {
        self.peers.lock().unwrap().clone()
    }

    fn attendance(&self) -> Option<Arc<Attendance>> {
        self.attendance.lock().unwrap().clone()
    }

    fn status(&self) -> Option<NodeStatus> {
        Some(NodeStatus {
            started: UnixSeconds(1_559_692_800),
            uptime: Duration::from_secs(7),
            sync: SyncStatus {
                state: SyncState::Alone,
                headers: Height(0),
                blocks: Height(0),
                target: Height(0),
                clock_ahead_s: None,
                clock_agrees: false,
                clock_doubt: None,
            },
            mining: MiningStatus {
                mode: MiningMode::Manual,
                active: false,
                hashes_per_second: 0,
                threads: 2,
            },
            own_vote: None,
        })
    }

    fn viewers(&self) -> Viewers {
        *self.viewers.lock().unwrap()
    }

    fn clock_nonces(&self) -> Vec<String> {
        self.clock_nonces.lock().unwrap().clone()
    }

    fn told_time(&self, _: IpAddr, player: AccountId, time: UnixSeconds) {
        let is_ana = player == super::account("Ana");
        self.called(format!(
            "told {} by {}",
            time.0,
            if is_ana { "Ana" } else { "another" }
        ));
    }

    fn events(&self) -> Option<&Events> {
        Some(&self.events)
    }

    fn token(&self) -> Option<&str> {
        Some(TOKEN)
    }
}

#[async_trait]
impl ActOnNode for TestNode {
    async fn submit(&self, transaction: Transaction) -> Result<Option<Chips>, NodeError> {
        self.called("submit");
        let checked = transaction
            .check(&self.genesis, self.genesis.pool_id())
            .map_err(|error| Rejection {
                reason: error.reason(),
                message: error.to_string(),
            })?;
        self.put_pending(checked.get());
        Ok(None)
    }

    async fn keep_openings(&self, deals: Vec<Deal>) -> Result<usize, NodeError> {
        self.called(format!("keep {}", deals.len()));
        if let Err(error) = deals
            .iter()
            .try_for_each(|deal| deal.check(self.genesis.pool_id()))
        {
            let reason = Reason::BadSignature;
            let message = error.to_string();
            return Err(Rejection { reason, message }.into());
        }
        let count = deals.len();
        for deal in deals {
            self.keep(&deal.into());
        }
        Ok(count)
    }

    async fn mine(&self) -> Result<BlockHash, NodeError> {
        self.called("mine");
        Ok(self.mine_now())
    }

    async fn trust_clock(&self) -> Result<(), NodeError> {
        self.called("trust");
        Ok(())
    }

    async fn mining_job(
        &self,
        _: AccountId,
        known: Option<&str>,
        patience: Duration,
    ) -> Result<Job, NodeError> {
        self.called(format!("job {known:?} {patience:?}"));
        if known == Some("a-job") {
            tokio::time::sleep(patience).await;
        }
        let header = [1; 80];
        let target = std::array::from_fn(|byte| byte as u8);
        Ok(Job {
            id: "a-job".into(),
            height: 7,
            coinbase_prefix: vec![2; 3],
            merkle_branch: vec![[3; 32]],
            min_time: 4,
            max_time: 5,
            transactions: 6,
            wanted: true,
            ..Job::new(header, target)
        })
    }

    async fn submit_work(&self, found: SolutionBody) -> Result<BlockHash, NodeError> {
        self.called(format!("submit {found:?}"));
        if found.template == "crowded" {
            tokio::time::sleep(Duration::from_secs(12)).await;
            return Err(NodeError::Busy);
        }
        Err(NodeError::Stale)
    }

    async fn receive_block(&self, block: Block) -> Result<(), NodeError> {
        self.called("receive_block");
        self.take(block).map(drop)
    }

    async fn consensus(&self) -> Result<bool, NodeError> {
        self.called("consensus");
        Ok(*self.replaced.lock().unwrap())
    }
}

#[async_trait]
impl KeepInvitations for TestNode {
    async fn keep_invitation(&self, invite: PublicInvite) -> Result<(), NodeError> {
        self.called("keep invitation");
        self.acts()?;
        let mut kept = self.invitations.lock().unwrap();
        kept.insert(invite.given.ticket.key, invite);
        Ok(())
    }

    async fn invitation(&self, ticket: AccountId) -> Result<Option<PublicInvite>, NodeError> {
        Ok(self.invitations.lock().unwrap().get(&ticket).cloned())
    }
}

#[async_trait]
impl KeepSubscribers for TestNode {
    fn push_key(&self) -> Option<String> {
        Some("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx".to_owned())
    }

    async fn subscribe(&self, _: AccountId, _: PushAddress) -> Result<(), NodeError> {
        self.acts()
    }
}

#[async_trait]
impl ClassicNode for TestNode {
    async fn classic_bet(&self, bet: ClassicBet) -> Result<TxId, NodeError> {
        self.called("classic_bet");
        assert_ne!(bet.name.as_str(), "panic", "a bug in the node");
        if self.foreign.lock().unwrap().contains(bet.name.as_str()) {
            return Err(NodeError::NameTaken { name: bet.name });
        }
        if bet.stake.0 > 1_000 {
            return Err(NodeError::Rejected(Rejection {
                reason: Reason::NotEnoughChips,
                message: "the stakes need more chips than the account has".into(),
            }));
        }
        let tip = OpenBet {
            match_no: bet.match_no,
            prediction: bet.score.into(),
            stake: bet.stake,
        };
        Ok(self.bet(bet.name.as_str(), vec![tip]))
    }

    async fn post_bet(&self, bet: String) -> Vec<NotTaken> {
        self.posted.lock().unwrap().push(bet);
        self.missed.lock().unwrap().clone()
    }

    async fn register_node(&self, url: Url, spread: bool) -> Result<(), NodeError> {
        self.called(format!("register {url} {spread}"));
        let url = url.as_str().trim_end_matches('/').to_owned();
        self.nodes.lock().unwrap().push(url);
        Ok(())
    }

    async fn register_nodes(&self, urls: Vec<Url>) -> Result<(), NodeError> {
        self.called("register many");
        let mut nodes = self.nodes.lock().unwrap();
        nodes.extend(
            urls.iter()
                .map(|url| url.as_str().trim_end_matches('/').to_owned()),
        );
        Ok(())
    }

    fn network_nodes(&self) -> Vec<String> {
        self.nodes.lock().unwrap().clone()
    }
}

#[async_trait]
impl KeepSources for TestNode {
    fn told(&self) -> Told {
        self.told.lock().unwrap().clone()
    }

    fn live(&self) -> Vec<Live> {
        self.live.lock().unwrap().clone()
    }

    async fn hear(&self, word: Word, _: WordBody) -> Result<(), NodeError> {
        self.acts()?;
        self.calls.lock().unwrap().push(word.to_string());
        Ok(())
    }
}
