//! A million decisions of ours, and the same cases decided by the simulator of `tests/differential`.
//!
//!     cargo bench --bench evaluate [-- DECISIONS]
//!
//! Both decide in one thread, with everything in memory. The simulator takes policies as objects and reads them in every
//! call, so ours are timed twice: read beforehand, as a set of policies is that answers many questions, and read from
//! text for every decision.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a benchmark fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "parts of a test")]

#[path = "../tests/differential/case.rs"]
mod case;
#[path = "../tests/differential/dice.rs"]
mod dice;
#[path = "../tests/differential/generate.rs"]
mod generate;
#[path = "../tests/differential/keys.rs"]
mod keys;
#[path = "../tests/differential/simulator.rs"]
mod simulator;

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use case::Case;

/// Different cases; each is decided many times.
const CASES: usize = 2000;

fn main() {
    let decisions: usize = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    // with a policy on the resource, the call of the simulator that only decides crashes
    let cases = (0..).map(|number| generate::case(20_261_122, number)).filter(|case| case.on_resource.is_none());
    let cases: Vec<Case> = cases.take(CASES).collect();
    let read: Vec<case::Read> = cases.iter().map(Case::read).collect();

    let ours = seconds(|| read.iter().cycle().take(decisions).for_each(|read| drop(black_box(read.decide()))));
    let with_reading = decisions / 50;
    let reading =
        seconds(|| cases.iter().cycle().take(with_reading).for_each(|case| drop(black_box(case.read().decide()))));
    let asked = decisions / 100;
    let theirs = simulator_seconds(&cases, asked);

    let micros = |seconds: f64, count: usize| seconds * 1e6 / count as f64;
    let (ours, reading, theirs) = (micros(ours, decisions), micros(reading, with_reading), micros(theirs, asked));
    println!("{CASES} cases; microseconds for a decision");
    println!("ours                              {ours:9.2}   {decisions} decisions");
    println!("ours, policies read every time    {reading:9.2}   {with_reading} decisions");
    println!("@cloud-copilot/iam-simulate       {theirs:9.2}   {asked} decisions");
    println!(
        "the simulator takes {:.0} times as long, {:.1} times where policies are read",
        theirs / ours,
        theirs / reading
    );
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// What the simulator itself measures for so many decisions.
fn simulator_seconds(cases: &[Case], decisions: usize) -> f64 {
    let mut command = Command::new("node");
    command.args(["driver.mjs", &decisions.to_string()]).current_dir(simulator::installed());
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = process.stdin.take().unwrap();
    for case in cases {
        writeln!(questions, "{}", serde_json::to_string(case).unwrap()).unwrap();
    }
    drop(questions);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
