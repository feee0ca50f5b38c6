//! Other people's servers for what AWS does: moto for IAM and Organizations, ministack for Amazon Bedrock. Both are
//! installed with pinned versions into the target folder, listen on loopback alone, and end with the tests.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::common::python::python;

/// Starts moto on a free port, says which, and ends when nobody listens any more.
const SERVE: &str = "
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
";

/// Clients for whoever fills the account.
const CLIENTS: &str = "
import boto3, json, sys
at = dict(endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='testing', aws_secret_access_key='testing')
iam, organizations = boto3.client('iam', **at), boto3.client('organizations', **at)
def document(*statements):
    return json.dumps({'Version': '2012-10-17', 'Statement': list(statements)}, indent=2)
def allow(actions, resources, **more):
    return {'Effect': 'Allow', 'Action': actions, 'Resource': resources, **more}
trust = document({'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'})
";

/// A running moto. It lives as long as its standard input.
pub struct Moto {
    python: PathBuf,
    pub address: SocketAddr,
    /// The root of its organization.
    root: OnceLock<String>,
    /// Its standard input closes when the process of the tests ends.
    _server: Child,
}

/// The one moto of these tests; each test has names of its own in it.
pub fn moto() -> &'static Moto {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    MOTO.get_or_init(|| {
        let python = python("moto");
        let mut command = Command::new(&python);
        command.args(["-c", SERVE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().unwrap_or_else(|_| panic!("moto did not start: `{port}`"));
        Moto { python, address: SocketAddr::from(([127, 0, 0, 1], port)), root: OnceLock::new(), _server: server }
    })
}

impl Moto {
    /// Fills the one organization of the account, which is its management account: Python with `root`, its root.
    pub fn fill_organization(&self, script: &str) -> String {
        let root = self.root.get_or_init(|| {
            self.fill(
                "
organizations.create_organization(FeatureSet='ALL')
root = organizations.list_roots()['Roots'][0]['Id']
organizations.enable_policy_type(RootId=root, PolicyType='SERVICE_CONTROL_POLICY')
print(root)
",
            )
        });
        self.fill(&format!("root = '{root}'\n{script}"))
    }

    /// Fills the account: Python with `iam`, `organizations`, `document`, `allow` and `trust`.
    pub fn fill(&self, script: &str) -> String {
        let url = format!("http://{}", self.address);
        let mut command = Command::new(&self.python);
        command.args(["-", &url]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{CLIENTS}\n{script}").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
