//! ministack, another server for what AWS does: it has the control plane of Amazon Bedrock, with models of its time.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use super::common::python::python;
use super::{Folder, account, as_recorded, ask, check, serve_before};
use crate::recorded::Account;

/// Starts it on a free port of loopback, without its other listener, until nobody holds its standard input any more.
const SERVE: &str = "
import os, socket, sys, threading
with socket.socket() as free:
    free.bind(('127.0.0.1', 0))
    port = free.getsockname()[1]
os.environ.update(BIND_HOST='127.0.0.1', GATEWAY_PORT=str(port), IOT_MTLS_ENABLED='0')
print(port, flush=True)
def wait():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=wait, daemon=True).start()
from ministack.app import main
sys.argv = ['ministack']
main()
";

struct Ministack {
    address: SocketAddr,
    _server: Child,
}

/// Where the one ministack of these tests listens.
pub fn ministack() -> SocketAddr {
    static MINISTACK: OnceLock<Ministack> = OnceLock::new();
    let started = MINISTACK.get_or_init(|| {
        let mut command = Command::new(python("ministack"));
        command.args(["-c", SERVE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        while !said.last().is_some_and(|line: &String| line.contains("Running on")) {
            said.push(log.next().unwrap_or_else(|| panic!("ministack did not start: {said:?}")).unwrap());
        }
        // a full pipe would stop it
        thread::spawn(move || log.for_each(drop));
        let address = SocketAddr::from(([127, 0, 0, 1], port.trim().parse().unwrap()));
        Ministack { address, _server: server }
    });
    started.address
}

#[test]
fn models_of_ministack_are_there_and_others_are_not() {
    let account = Account { beyond: &["bedrock"], ..account() };
    let server = serve_before(account, as_recorded, Some(ministack()));
    let calls = |id: &str| Folder::new(&[(".env", &format!("AWS_REGION=us-east-1\nBEDROCK_MODEL_ID={id}\n"))]);
    let arguments = check(&["--role", "app", "--select", "unavailable-model", "--format", "concise", "."]);
    for id in ["us.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"] {
        let run = ask(&calls(id), &server.url, &arguments);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{id}: {}", run.err);
        assert!(!run.err.contains("warning:"), "{}", run.err);
    }
    // it is older than this profile
    let run = ask(&calls("us.amazon.nova-2-lite-v1:0"), &server.url, &arguments);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("has no inference profile `us.amazon.nova-2-lite-v1:0` in `us-east-1`"), "{}", run.out);
}
