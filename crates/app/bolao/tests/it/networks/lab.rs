//! Machines of their own on one machine: network namespaces on a switch. Needs root and `ip`.

use std::{
    ffi::OsStr,
    fs::{self, File},
    net::Ipv4Addr,
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{TIMEOUT, bolao, eventually, temp};

static LABS: AtomicU32 = AtomicU32::new(0);

/// Machines on two switches, all of them on the first at the beginning. Gone when dropped.
pub(crate) struct Lab {
    prefix: String,
    machines: usize,
    dir: TempDir,
    nodes: Vec<Option<Child>>,
    routers: Vec<String>,
    /// A file with the only certificates that are trusted.
    pub(crate) trusted: Option<PathBuf>,
    /// The program, with arguments, that starts the nodes to come; none starts them straight.
    pub(crate) starter: Vec<String>,
}

fn ip(line: &str) {
    let done = Command::new("ip").args(line.split(' ')).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ip {line}: {told}");
}

/// A machine, as a thread finds it.
#[derive(Clone, Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// Moves this thread, and the programs that it starts, there.
    pub(crate) fn enter(&self) {
        let there = File::open(&self.0).unwrap();
        let kind = Some(LinkNameSpaceType::Network);
        move_into_link_name_space(there.as_fd(), kind).unwrap();
    }
}

/// A machine's address at the beginning.
pub(crate) fn address(machine: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, 0, 10 + machine as u8)
}

impl Lab {
    pub(crate) fn new(machines: usize) -> Self {
        let lab = Self::unplugged(machines);
        let switch = lab.switch();
        for bridge in ["one", "two"] {
            ip(&format!("-n {switch} link add {bridge} type bridge"));
            ip(&format!("-n {switch} link set {bridge} up"));
        }
        for machine in 0..machines {
            ip(&format!("-n {switch} link set v{machine} master one"));
            lab.add_address(machine, address(machine));
        }
        lab
    }

    /// Machines with a cable to where the switches would be, and no address.
    pub(crate) fn unplugged(machines: usize) -> Self {
        let number = LABS.fetch_add(1, Ordering::SeqCst);
        let lab = Self {
            prefix: format!("bolao{}n{number}", std::process::id()),
            machines,
            dir: temp(),
            nodes: (0..machines).map(|_| None).collect(),
            routers: Vec::new(),
            trusted: None,
            starter: Vec::new(),
        };
        let switch = lab.switch();
        ip(&format!("netns add {switch}"));
        for machine in 0..machines {
            let name = lab.name(machine);
            ip(&format!("netns add {name}"));
            ip(&format!(
                "link add e netns {name} type veth peer name v{machine} netns {switch}"
            ));
            ip(&format!("-n {switch} link set v{machine} up"));
            ip(&format!("-n {name} link set e up"));
            ip(&format!("-n {name} link set lo up"));
        }
        lab
    }

    pub(crate) const fn machines(&self) -> usize {
        self.machines
    }

    /// Moves this thread, and the programs that it starts, to a machine.
    pub(crate) fn enter(&self, machine: usize) {
        self.place(machine).enter();
    }

    /// A machine, for threads that go there.
    pub(crate) fn place(&self, machine: usize) -> Place {
        Place(PathBuf::from("/run/netns").join(self.name(machine)))
    }

    /// Puts a machine behind routers, one behind the other, which let nobody in and give each connection another port.
    pub(crate) fn put_behind(&mut self, machine: usize, routers: usize) {
        ip(&format!("-n {} link del e", self.name(machine)));
        let mut inner = (self.name(machine), "e".to_owned());
        for number in 0..routers {
            inner = self.put_router(machine, inner, 100 + number);
        }
        self.plug_in(machine, &inner, address(machine));
    }

    /// Puts a machine behind one router, in the place of whatever connects it now, with a network and an address outside.
    pub(crate) fn move_behind(&mut self, machine: usize, net: usize, outside: Ipv4Addr) {
        self.unplug(machine);
        let inner = (self.name(machine), "e".to_owned());
        let inner = self.put_router(machine, inner, net);
        self.plug_in(machine, &inner, outside);
    }

    /// Puts a machine straight onto the first switch, in the place of whatever connects it now, without an address.
    pub(crate) fn move_before(&mut self, machine: usize) {
        self.unplug(machine);
        let (name, switch) = (self.name(machine), self.switch());
        ip(&format!(
            "-n {name} link add e type veth peer name v{machine} netns {switch}"
        ));
        ip(&format!("-n {switch} link set v{machine} master one up"));
        ip(&format!("-n {name} link set e up"));
    }

    /// Takes its network away from a machine, and its routers, too.
    fn unplug(&mut self, machine: usize) {
        let name = self.name(machine);
        ip(&format!("-n {name} link del e"));
        let own = format!("{name}r");
        for router in self.routers.extract_if(.., |it| it.starts_with(&own)) {
            ip(&format!("netns del {router}"));
        }
    }

    /// Runs `ip` on a machine.
    pub(crate) fn ip(&self, machine: usize, line: &str) {
        ip(&format!("-n {} {line}", self.name(machine)));
    }

    /// Puts a router before a device; the router, and its device to the outside.
    fn put_router(
        &mut self,
        machine: usize,
        (of, device): (String, String),
        net: usize,
    ) -> (String, String) {
        let router = format!("{}r{net}", self.name(machine));
        let net = format!("192.168.{net}");
        ip(&format!("netns add {router}"));
        ip(&format!(
            "-n {of} link add {device} type veth peer name in netns {router}"
        ));
        ip(&format!("-n {of} addr add {net}.2/24 dev {device}"));
        ip(&format!("-n {of} link set {device} up"));
        ip(&format!("-n {of} route add default via {net}.1"));
        ip(&format!("-n {router} addr add {net}.1/24 dev in"));
        ip(&format!("-n {router} link set in up"));
        let run = |command: &str| ip(&format!("netns exec {router} {command}"));
        run("sysctl -q -w net.ipv4.ip_forward=1");
        for rule in [
            "add table ip r",
            "add chain ip r out { type nat hook postrouting priority 100 ; }",
            "add rule ip r out oifname out masquerade random,fully-random",
            "add chain ip r here { type filter hook input priority 0 ; policy drop ; }",
            "add chain ip r through { type filter hook forward priority 0 ; policy drop ; }",
            "add rule ip r through iifname in accept",
            "add rule ip r through ct state established,related accept",
        ] {
            run(&format!("nft {rule}"));
        }
        self.routers.push(router.clone());
        (router, "out".to_owned())
    }

    /// Plugs a device into the first switch.
    fn plug_in(&self, machine: usize, (of, device): &(String, String), address: Ipv4Addr) {
        let switch = self.switch();
        ip(&format!(
            "-n {of} link add {device} type veth peer name v{machine} netns {switch}"
        ));
        ip(&format!("-n {switch} link set v{machine} master one up"));
        ip(&format!("-n {of} addr add {address}/24 dev {device}"));
        ip(&format!("-n {of} link set {device} up"));
    }

    fn switch(&self) -> String {
        format!("{}s", self.prefix)
    }

    fn name(&self, machine: usize) -> String {
        format!("{}m{machine}", self.prefix)
    }

    pub(crate) fn add_address(&self, machine: usize, address: Ipv4Addr) {
        ip(&format!(
            "-n {} addr add {address}/24 dev e",
            self.name(machine)
        ));
    }

    pub(crate) fn remove_address(&self, machine: usize, address: Ipv4Addr) {
        ip(&format!(
            "-n {} addr del {address}/24 dev e",
            self.name(machine)
        ));
    }

    /// What a name stands for on every machine.
    pub(crate) fn set_name(&self, name: &str, address: Ipv4Addr) {
        for machine in 0..self.machines {
            let etc = PathBuf::from("/etc/netns").join(self.name(machine));
            fs::create_dir_all(&etc).unwrap();
            let hosts = format!("127.0.0.1 localhost\n{address} {name}\n");
            // In place: a running program has this very file mounted.
            fs::write(etc.join("hosts"), hosts).unwrap();
        }
    }

    /// Puts machines on the second switch, or back on the first.
    pub(crate) fn plug(&self, machines: &[usize], switch: &str) {
        for machine in machines {
            ip(&format!(
                "-n {} link set v{machine} master {switch}",
                self.switch()
            ));
        }
    }

    /// A program on a machine.
    pub(crate) fn program(&self, machine: usize, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name(machine)]);
        command.arg(program);
        command
    }

    /// A program among the switches.
    pub(crate) fn program_at_the_switch(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.switch(), program]);
        command
    }

    /// What a machine's nodes printed.
    pub(crate) fn log(&self, machine: usize) -> String {
        let path = self.dir.path().join(format!("{machine}.log"));
        fs::read_to_string(path).unwrap_or_default()
    }

    /// A machine's home.
    pub(crate) fn home(&self, machine: usize) -> PathBuf {
        self.dir.path().join(machine.to_string())
    }

    /// The process of a machine's node.
    pub(crate) fn process(&self, machine: usize) -> u32 {
        self.nodes[machine].as_ref().unwrap().id()
    }

    fn command(&self, machine: usize, args: &str) -> Command {
        self.complete(self.program(machine, bolao().get_program()), machine, args)
    }

    /// A program of a machine, with what a command needs besides.
    fn complete(&self, mut command: Command, machine: usize, args: &str) -> Command {
        command
            .arg("--home")
            .arg(self.home(machine))
            .args(args.split(' '))
            .env_remove("BOLAO_HOME")
            .stdin(Stdio::null());
        if let Some(trusted) = &self.trusted {
            command.env("SSL_CERT_FILE", trusted);
        }
        command
    }

    /// A directory for files of the test.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Starts a command that runs until the machine is stopped.
    pub(crate) fn begin(&mut self, machine: usize, args: &str) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.dir.path().join(format!("{machine}.log")))
            .unwrap();
        let program = bolao().get_program().to_owned();
        let start = match self.starter.split_first() {
            None => self.program(machine, program),
            Some((starter, flags)) => {
                let mut start = self.program(machine, starter);
                start.args(flags).arg(program);
                start
            }
        };
        let mut command = self.complete(start, machine, args);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        self.nodes[machine] = Some(command.spawn().unwrap());
    }

    /// Runs a command on a machine, which must be a success; its output.
    #[track_caller]
    pub(crate) fn run(&self, machine: usize, args: &str) -> String {
        let done = self.command(machine, args).output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{args}: {told}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs a command; its output, if it is a success.
    pub(crate) fn try_run(&self, machine: usize, args: &str) -> Option<String> {
        let done = self.command(machine, args).output().unwrap();
        done.status
            .success()
            .then(|| String::from_utf8(done.stdout).unwrap())
    }

    /// Runs a command, whatever becomes of it; its output.
    pub(crate) fn say(&self, machine: usize, args: &str) -> String {
        let done = self.command(machine, args).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs a command that must fail; what it says.
    #[track_caller]
    pub(crate) fn fails(&self, machine: usize, args: &str) -> String {
        let done = self.command(machine, args).output().unwrap();
        assert!(!done.status.success(), "{args}");
        String::from_utf8(done.stderr).unwrap()
    }

    /// Starts a node, and waits until it answers.
    pub(crate) async fn start(&mut self, machine: usize, args: &str) {
        self.begin(machine, &format!("run {args}"));
        eventually("the node's answer", TIMEOUT, async || {
            let asked = self.command(machine, "status --running").output().unwrap();
            asked.status.success().then_some(())
        })
        .await;
    }

    pub(crate) fn stop(&mut self, machine: usize) {
        if let Some(mut node) = self.nodes[machine].take() {
            node.kill().unwrap();
            node.wait().unwrap();
        }
    }

    /// Forgets the nodes that a stopped one has met. One that was killed soon may have written none down.
    pub(crate) fn forget(&self, machine: usize) {
        for list in ["nodes.json", "peers.json"] {
            let path = self.dir.path().join(machine.to_string()).join(list);
            if path.exists() {
                fs::remove_file(path).unwrap();
            }
        }
    }

    /// The addresses of a node's peers.
    pub(crate) fn peers(&self, machine: usize) -> Vec<String> {
        let peers: Value = serde_json::from_str(&self.run(machine, "peers --json")).unwrap();
        let peers = peers.as_array().unwrap().iter();
        peers
            .map(|peer| peer["address"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The pool of the first machine, which all others join by its address.
    pub(crate) async fn pool(&mut self, first: &str) {
        let fixtures = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../data/openfootball/handwritten/unl-2018-19-finals.json"
        );
        self.run(
            0,
            &format!("new Cup --fixtures {fixtures} --as p0 --consensus pow --membership open --tips open"),
        );
        self.start(0, first).await;
        let organiser = address(0);
        for machine in 1..self.machines {
            self.run(
                machine,
                &format!("join http://{organiser}:9000 --name p{machine}"),
            );
            self.start(machine, "-p 9000").await;
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for machine in 0..self.machines {
            self.stop(machine);
            if std::thread::panicking() {
                println!("--- machine {machine}\n{}", self.log(machine));
            }
            let _ = fs::remove_dir_all(PathBuf::from("/etc/netns").join(self.name(machine)));
            let _ = Command::new("ip")
                .args(["netns", "del", &self.name(machine)])
                .output();
        }
        self.routers.push(self.switch());
        for name in &self.routers {
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}
