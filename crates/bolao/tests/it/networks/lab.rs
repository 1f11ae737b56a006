//! Machines of their own on one machine: network namespaces on a switch. Needs root and `ip`.

use std::{
    fs::{self, File},
    net::Ipv4Addr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

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
}

fn ip(line: &str) {
    let done = Command::new("ip").args(line.split(' ')).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ip {line}: {told}");
}

/// A machine's address at the beginning.
pub(crate) fn address(machine: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, 0, 10 + machine as u8)
}

impl Lab {
    pub(crate) fn new(machines: usize) -> Self {
        let number = LABS.fetch_add(1, Ordering::SeqCst);
        let lab = Self {
            prefix: format!("bolao{}n{number}", std::process::id()),
            machines,
            dir: temp(),
            nodes: (0..machines).map(|_| None).collect(),
        };
        let switch = lab.switch();
        ip(&format!("netns add {switch}"));
        for bridge in ["one", "two"] {
            ip(&format!("-n {switch} link add {bridge} type bridge"));
            ip(&format!("-n {switch} link set {bridge} up"));
        }
        for machine in 0..machines {
            let name = lab.name(machine);
            ip(&format!("netns add {name}"));
            ip(&format!(
                "link add e netns {name} type veth peer name v{machine} netns {switch}"
            ));
            ip(&format!("-n {switch} link set v{machine} master one up"));
            lab.add_address(machine, address(machine));
            ip(&format!("-n {name} link set e up"));
            ip(&format!("-n {name} link set lo up"));
        }
        lab
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

    fn command(&self, machine: usize, args: &str) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.name(machine)])
            .arg(bolao().get_program())
            .arg("--home")
            .arg(self.dir.path().join(machine.to_string()))
            .args(args.split(' '))
            .env_remove("BOLAO_HOME")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command on a machine, which must be a success; its output.
    #[track_caller]
    pub(crate) fn run(&self, machine: usize, args: &str) -> String {
        let done = self.command(machine, args).output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{args}: {told}");
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
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.dir.path().join(format!("{machine}.log")))
            .unwrap();
        let node = self
            .command(machine, &format!("run {args}"))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.nodes[machine] = Some(node);
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
            "/../../data/openfootball/handwritten/unl-2018-19-finals.json"
        );
        self.run(
            0,
            &format!("new Cup --fixtures {fixtures} --as p0 --consensus pow --membership open"),
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
                let log = fs::read_to_string(self.dir.path().join(format!("{machine}.log")));
                println!("--- machine {machine}\n{}", log.unwrap_or_default());
            }
            let _ = fs::remove_dir_all(PathBuf::from("/etc/netns").join(self.name(machine)));
            let _ = Command::new("ip")
                .args(["netns", "del", &self.name(machine)])
                .output();
        }
        let _ = Command::new("ip")
            .args(["netns", "del", &self.switch()])
            .output();
    }
}
