//! A relay, its homes and their callers, on loopback.

use std::{
    future::pending,
    io,
    net::{SocketAddr, UdpSocket},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, routing::get};
use bolao_discovery::Limits;
use bolao_reach::{
    Https,
    relay::{Token, Tunnel, TunnelSettings, TunnelState},
};
use bolao_relay::{Labels, RelayLimits, Settings, serve};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) const DOMAIN: &str = "relay.example";
pub(crate) const PAGE: &str = "a page that no relay may read";
const SOON: Duration = Duration::from_secs(10);

pub(crate) struct World {
    dir: tempfile::TempDir,
    pub(crate) labels: Labels,
    pub(crate) limits: RelayLimits,
    pub(crate) address: SocketAddr,
    /// By name: the relay's, then those of the homes.
    certificates: Vec<(String, Arc<ServerConfig>)>,
    pub(crate) trusting: Arc<ClientConfig>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

pub(crate) struct Home {
    pub(crate) state: watch::Receiver<TunnelState>,
    /// The nodes that the home's node was told of.
    pub(crate) introduced: Arc<Mutex<Vec<SocketAddr>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Home {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl World {
    pub(crate) async fn new(change: impl FnOnce(&mut RelayLimits)) -> Self {
        let mut limits = RelayLimits::default();
        change(&mut limits);
        let dir = tempfile::tempdir().unwrap();
        let labels = Labels::open(dir.path().join("labels.json")).unwrap();
        let mut roots = RootCertStore::empty();
        let names = [DOMAIN, "ana.relay.example", "bruno.relay.example"];
        let certificates = names.map(|name| {
            let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
            let certificate: CertificateDer<'static> = made.cert.into();
            roots.add(certificate.clone()).unwrap();
            let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
            let mut config =
                ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                    .with_safe_default_protocol_versions()
                    .unwrap()
                    .with_no_client_auth()
                    .with_single_cert(vec![certificate], key)
                    .unwrap();
            // As `bolao_reach` has them, for browsers and authorities.
            config.alpn_protocols = ["h2", "http/1.1", "acme-tls/1"].map(Into::into).into();
            (name.to_owned(), Arc::new(config))
        });
        let trusting = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut world = Self {
            dir,
            labels,
            limits,
            address: ([127, 0, 0, 1], 0).into(),
            certificates: certificates.into(),
            trusting: Arc::new(trusting),
            running: None,
        };
        world.start().await;
        world
    }

    /// Starts the relay, at the address that it had.
    pub(crate) async fn start(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let settings = Settings {
            place: DOMAIN.parse().unwrap(),
            own: self.certificate(DOMAIN),
            labels: Labels::open(self.dir.path().join("labels.json")).unwrap(),
            nodes: Some(([0, 0, 0, 0], 0).into()),
            limits: self.limits.clone(),
        };
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            serve(listener, settings, async {
                let _ = stopped.await;
            })
            .await;
        });
        self.running = Some((stop, task));
    }

    pub(crate) async fn stop(&mut self) {
        let (stop, task) = self.running.take().unwrap();
        stop.send(()).unwrap();
        task.await.unwrap();
    }

    fn certificate(&self, name: &str) -> Arc<ServerConfig> {
        let found = self.certificates.iter().find(|(of, _)| of == name);
        Arc::clone(&found.unwrap().1)
    }

    pub(crate) fn token(&self, label: &str) -> Token {
        let label = label.parse().unwrap();
        self.labels.add(label, DOMAIN.parse().unwrap()).unwrap()
    }

    /// The token of a label that was removed, given again.
    pub(crate) fn token_again(&self, label: &str) -> Token {
        let label = label.parse().unwrap();
        self.labels
            .add_again(label, DOMAIN.parse().unwrap())
            .unwrap()
    }

    /// A home with a page, whose tunnel comes up.
    pub(crate) async fn home(&self, token: &Token, key: u8, page: &'static str) -> Home {
        let home = self.begin_home(token, key, page);
        home.reaches(|state| matches!(state, TunnelState::Up { .. }))
            .await;
        home
    }

    pub(crate) fn begin_home(&self, token: &Token, key: u8, page: &'static str) -> Home {
        let tls = Arc::clone(&self.trusting);
        let mut settings = TunnelSettings::new(token.clone(), [key; 32].into(), tls);
        settings.address = Some(self.address);
        settings.retry = (Duration::from_millis(50), Duration::from_millis(200));
        let (tunnel, connections, nodes, state) = Tunnel::new(settings);
        let https = Https::new(connections, self.certificate(&token.name()));
        let router = Router::new()
            .route(
                "/",
                get(async move |ConnectInfo(caller): ConnectInfo<SocketAddr>| {
                    format!("{page} for {caller}")
                }),
            )
            .route("/big", get(async || vec![b'x'; 1_000_000]))
            // An answer whose head comes, and no more.
            .route("/wait", get(async || pending::<()>().await));
        let mut limits = Limits::default();
        limits.connections_per_address = 512;
        limits.header_timeout = Duration::from_mins(1);
        let served = bolao_discovery::serve(https, router, limits, pending());
        let node = UdpSocket::bind("127.0.0.1:0").unwrap();
        node.set_nonblocking(true).unwrap();
        let node = tokio::net::UdpSocket::from_std(node).unwrap();
        let introduced = Arc::default();
        let callers: Arc<Mutex<Vec<SocketAddr>>> = Arc::clone(&introduced);
        let met = nodes.pass_on(node.local_addr().unwrap(), move |_, caller| {
            callers.lock().unwrap().push(caller);
        });
        let tasks = vec![
            tokio::spawn(tunnel.run()),
            tokio::spawn(served),
            tokio::spawn(met),
            tokio::spawn(echo(node)),
        ];
        Home {
            state,
            introduced,
            tasks,
        }
    }

    /// Opens TLS with whoever has a name.
    pub(crate) async fn open(&self, name: &str) -> io::Result<TlsStream<TcpStream>> {
        self.open_at(self.address, name).await
    }

    pub(crate) async fn open_at(
        &self,
        address: SocketAddr,
        name: &str,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let stream = TcpStream::connect(address).await?;
        let connector = TlsConnector::from(Arc::clone(&self.trusting));
        timeout(SOON, connector.connect(name, stream)).await?
    }

    /// The same, from an address of this machine.
    pub(crate) async fn open_from(
        &self,
        from: [u8; 4],
        name: &str,
    ) -> io::Result<TlsStream<TcpStream>> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(self.address).await?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connector = TlsConnector::from(Arc::clone(&self.trusting));
        timeout(SOON, connector.connect(name, stream)).await?
    }

    pub(crate) async fn get(&self, name: &str, path: &str) -> io::Result<String> {
        let mut stream = self.open(name).await?;
        ask(&mut stream, name, path, "").await
    }
}

/// A node that sends back what it gets.
async fn echo(node: tokio::net::UdpSocket) {
    let mut buffer = [0; 2000];
    loop {
        let (length, from) = node.recv_from(&mut buffer).await.unwrap();
        node.send_to(&buffer[..length], from).await.unwrap();
    }
}

/// Asks for a page and reads all of the answer.
pub(crate) async fn ask(
    stream: &mut TlsStream<TcpStream>,
    name: &str,
    path: &str,
    headers: &str,
) -> io::Result<String> {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {name}\r\n{headers}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    timeout(2 * SOON, stream.read_to_string(&mut answer)).await??;
    Ok(answer)
}

impl Home {
    /// The address at the relay by which its node is reached.
    pub(crate) fn node(&self) -> SocketAddr {
        match *self.state.borrow() {
            TunnelState::Up { node_port, .. } => ([127, 0, 0, 1], node_port.unwrap()).into(),
            ref state => panic!("{state:?}"),
        }
    }

    /// Waits for a state of the tunnel.
    pub(crate) async fn reaches(&self, wanted: impl Fn(&TunnelState) -> bool) -> TunnelState {
        let mut state = self.state.clone();
        let reached = timeout(SOON, state.wait_for(|state| wanted(state))).await;
        let Ok(reached) = reached else {
            panic!("the tunnel is still {:?}", self.state.borrow());
        };
        reached.unwrap().clone()
    }
}

/// What goes through a proxy between a caller and the relay.
pub(crate) type Seen = Arc<Mutex<Vec<u8>>>;

/// A proxy to an address that notes every byte, and passes the caller's on so many at a time.
pub(crate) async fn proxy(to: SocketAddr, at_a_time: usize) -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    tokio::spawn(async move {
        let (caller, _) = listener.accept().await.unwrap();
        let relay = TcpStream::connect(to).await.unwrap();
        relay.set_nodelay(true).unwrap();
        let ((mut from, mut back), (mut answers, mut on)) =
            (caller.into_split(), relay.into_split());
        let noted = Arc::clone(&notes);
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = answers.read(&mut buffer).await {
                noted.lock().unwrap().extend(&buffer[..count]);
                back.write_all(&buffer[..count]).await.unwrap();
            }
        });
        let mut buffer = vec![0; at_a_time];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            notes.lock().unwrap().extend(&buffer[..count]);
            on.write_all(&buffer[..count]).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    (address, seen)
}
