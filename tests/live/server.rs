//! A server on loopback that speaks the wire protocols of AWS: it answers what a test says, passes the rest on to another
//! server, and keeps what it was asked. It can fail as networks do.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use percent_encoding::percent_decode_str;

/// A request, understood.
#[derive(Clone, Debug)]
pub struct Question {
    /// The operation as IAM names its permission: `iam:GetRole`.
    pub operation: String,
    /// The Region in the scope of the signature.
    pub region: String,
    /// The id of the access key in it.
    pub key: String,
    /// What is asked for: fields of a form, of a JSON body, of a query; what stands in the path is `id`.
    pub fields: BTreeMap<String, String>,
    /// Every byte of it.
    pub raw: Vec<u8>,
}

impl Question {
    /// A field; empty if it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What the server does.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It answers.
    Say { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// It promises more than it sends, and closes.
    Truncate { body: String },
    /// It sends nothing, and holds the connection.
    Hang,
    /// It closes the connection.
    Close,
}

type Answering = dyn Fn(&Question) -> Option<Answer> + Send + Sync;

/// A running server. Its threads end with the process.
#[derive(Debug)]
pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Server {
    /// Starts one. What `answering` does not answer goes to `beyond`, if there is something beyond.
    pub fn start(
        answering: impl Fn(&Question) -> Option<Answer> + Send + Sync + 'static,
        beyond: Option<SocketAddr>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Question>>> = Arc::default();
        let (answering, kept): (Arc<Answering>, _) = (Arc::new(answering), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answering, kept) = (Arc::clone(&answering), Arc::clone(&kept));
                thread::spawn(move || serve(stream, &*answering, &kept, beyond));
            }
        });
        Self { url, asked }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }

    /// How often an operation was asked for.
    pub fn count(&self, operation: &str) -> usize {
        self.asked().iter().filter(|question| question.operation == operation).count()
    }
}

/// Answers the requests of a connection, one after the other.
fn serve(mut stream: TcpStream, answering: &Answering, kept: &Mutex<Vec<Question>>, beyond: Option<SocketAddr>) {
    while let Some(raw) = request(&mut stream) {
        let question = understood(raw);
        kept.lock().unwrap().push(question.clone());
        match answering(&question) {
            Some(Answer::Say { status, headers, body }) => say(&mut stream, status, &headers, &body, body.len()),
            Some(Answer::Truncate { body }) => {
                say(&mut stream, 200, &[], &body, body.len() + 100);
                return;
            }
            Some(Answer::Hang) => {
                // until the other side has had enough
                let _ = stream.read(&mut [0]);
                return;
            }
            Some(Answer::Close) => return,
            None => match beyond {
                Some(server) => {
                    pass_on(&question.raw, server, &mut stream);
                    return;
                }
                None => {
                    let body = format!("{} is not recorded", question.operation);
                    say(&mut stream, 501, &[], &body, body.len());
                }
            },
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// The bytes of the next request.
fn request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        if let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
            let length = header(&raw[..end], "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            if raw.len() >= end + 4 + length {
                return Some(raw);
            }
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => raw.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

fn header(head: &[u8], name: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head).into_owned();
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
}

fn say(stream: &mut TcpStream, status: u16, headers: &[(&'static str, String)], body: &str, length: usize) {
    let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
}

/// Sends a request to another server, and its answer back; both connections end with it.
fn pass_on(raw: &[u8], server: SocketAddr, back: &mut TcpStream) {
    let Ok(mut stream) = TcpStream::connect(server) else { return };
    let end = raw.windows(2).position(|two| two == b"\r\n").unwrap();
    let (line, rest) = raw.split_at(end);
    let sent = [line, b"\r\nconnection: close", rest].concat();
    let mut answer = Vec::new();
    if stream.write_all(&sent).is_ok() && stream.read_to_end(&mut answer).is_ok() {
        let _ = back.write_all(&answer);
    }
    let _ = back.shutdown(Shutdown::Both);
}

/// IAM and STS take forms, Organizations takes JSON with a target, Amazon Bedrock is asked by path.
fn understood(raw: Vec<u8>) -> Question {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let (head, body) = (&raw[..end], String::from_utf8_lossy(&raw[end + 4..]).into_owned());
    let authorization = header(head, "authorization").unwrap_or_default();
    let scope: Vec<&str> = authorization.split("Credential=").nth(1).unwrap_or_default().split('/').collect();
    let part = |index: usize| scope.get(index).copied().unwrap_or_default();
    let (key, region, service) = (part(0).to_owned(), part(2).to_owned(), part(3).to_owned());
    let line = String::from_utf8_lossy(head).lines().next().unwrap().to_owned();
    let path = line.split(' ').nth(1).unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut fields = pairs(query);
    let operation = match (header(head, "x-amz-target"), service.as_str()) {
        (Some(target), _) => {
            let json: serde_json::Value = serde_json::from_str(&body).unwrap();
            let strings = json.as_object().unwrap().iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            fields.extend(strings.map(|(name, value)| (name.clone(), value.to_owned())));
            target.split('.').next_back().unwrap().to_owned()
        }
        (None, "bedrock") => {
            let segments: Vec<&str> = path.trim_matches('/').splitn(2, '/').collect();
            if let Some(id) = segments.get(1) {
                fields.insert("id".to_owned(), decoded(id));
            }
            match (segments[0], segments.len()) {
                ("foundation-models", 1) => "ListFoundationModels",
                ("inference-profiles", 1) => "ListInferenceProfiles",
                ("inference-profiles", _) => "GetInferenceProfile",
                ("foundation-model-availability", _) => "GetFoundationModelAvailability",
                ("use-case-for-model-access", _) => "GetUseCaseForModelAccess",
                _ => panic!("{line}"),
            }
            .to_owned()
        }
        (None, _) => {
            fields.extend(pairs(&body));
            fields.get("Action").cloned().unwrap_or_default()
        }
    };
    Question { operation: format!("{service}:{operation}"), region, key, fields, raw }
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(&value.replace('+', " ")))).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}
