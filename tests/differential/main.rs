//! The evaluator against a simulator of IAM that is not ours.
//!
//! Random cases of a fixed seed are decided by both. Where they differ, either we are wrong, or the simulator misreads
//! what `known.json` describes, with the AWS page that says so; then the case, spelt otherwise, must be decided alike.
//! More cases: `BEDROCK_LINT_CASES=100000 cargo test --release --test differential -- --nocapture`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod case;
mod compare;
mod dice;
mod generate;
mod keys;
mod known;
mod shrink;
mod simulator;

use std::collections::{BTreeMap, BTreeSet};

use bedrock_lint::iam::{Decision, Operator};
use case::Case;
use compare::{Outcome, compare};
use known::{Misreading, misreadings, respell};
use simulator::{Answer, Simulator};

const SEED: u64 = 20_261_122;
/// How many cases every run of the tests decides.
const CASES: u64 = 3000;

/// A comparison of many cases.
struct Comparison {
    simulator: Simulator,
    misreadings: Vec<Misreading>,
    outcomes: BTreeMap<&'static str, usize>,
    decisions: BTreeMap<String, usize>,
    /// How many cases each misreading explains.
    misread: BTreeMap<String, usize>,
    /// Cases that differ for no known reason.
    unexplained: Vec<Case>,
}

impl Comparison {
    fn new() -> Self {
        Self {
            simulator: Simulator::start(),
            misreadings: misreadings(),
            outcomes: BTreeMap::new(),
            decisions: BTreeMap::new(),
            misread: BTreeMap::new(),
            unexplained: Vec::new(),
        }
    }

    /// What both say to each case, the simulator being asked once more where it may have misread.
    fn ask(&mut self, cases: &[Case]) -> Vec<(Decision, Answer, Outcome, BTreeSet<String>)> {
        let (answers, ours) = self.simulator.ask(cases, || cases.iter().map(|case| case.read().decide()).collect());
        let ours: Vec<Decision> = ours;
        let first: Vec<Outcome> = ours.iter().zip(&answers).map(|(ours, theirs)| compare(ours, theirs)).collect();
        let differing = cases.iter().zip(&first).filter(|(_, outcome)| matches!(outcome, Outcome::Differ(_)));
        let (respelt, reasons): (Vec<Case>, Vec<BTreeSet<String>>) =
            differing.map(|(case, _)| respell(&self.misreadings, case)).unzip();
        let (second, ()) = self.simulator.ask(&respelt, || ());
        let mut second = second.into_iter().zip(reasons);
        let said = ours.into_iter().zip(answers).zip(first);
        said.map(|((ours, theirs), first)| match first {
            Outcome::Differ(_) => {
                let (theirs, reasons) = second.next().unwrap();
                let outcome = compare(&ours, &theirs);
                (ours, theirs, outcome, reasons)
            }
            outcome => (ours, theirs, outcome, BTreeSet::new()),
        })
        .collect()
    }

    fn count(&mut self, cases: &[Case]) {
        let said = self.ask(cases);
        for ((_, theirs, outcome, reasons), case) in said.into_iter().zip(cases) {
            *self.outcomes.entry(outcome.name()).or_default() += 1;
            *self.decisions.entry(theirs.decision.unwrap_or_default()).or_default() += 1;
            match outcome {
                Outcome::Differ(_) => self.unexplained.push(case.clone()),
                _ => reasons.into_iter().for_each(|reason| *self.misread.entry(reason).or_default() += 1),
            }
        }
    }

    /// The case made small, and what both say to it.
    fn explain(&mut self, case: &Case) -> String {
        let differs =
            |case: &Case| matches!(self.ask(std::slice::from_ref(case)).first(), Some((_, _, Outcome::Differ(_), _)));
        let small = shrink::shrink(case, differs);
        let said = self.ask(std::slice::from_ref(&small));
        let (ours, theirs, ..) = said.first().unwrap();
        format!("{}\n  ours: {ours:?}\n  theirs: {theirs:?}\n", serde_json::to_string(&small).unwrap())
    }

    fn share(&self, outcome: &str) -> usize {
        let all: usize = self.outcomes.values().sum();
        self.outcomes.get(outcome).copied().unwrap_or_default() * 1000 / all
    }
}

#[test]
fn both_decide_alike() {
    let count = std::env::var("BEDROCK_LINT_CASES").map_or(CASES, |count| count.parse().unwrap());
    let numbers: Vec<u64> = (0..count).collect();
    let mut comparison = Comparison::new();
    for numbers in numbers.chunks(500) {
        let cases: Vec<Case> = numbers.iter().map(|number| generate::case(SEED, *number)).collect();
        comparison.count(&cases);
    }
    println!("{count} cases: {:?}\n{:?}", comparison.outcomes, comparison.decisions);
    println!("explained by misreadings: {:#?}", comparison.misread);
    let unexplained = std::mem::take(&mut comparison.unexplained);
    let explained: Vec<String> = unexplained.iter().take(3).map(|case| comparison.explain(case)).collect();
    assert!(unexplained.is_empty(), "{} cases differ, among them\n{}", unexplained.len(), explained.join("\n"));

    // the cases are worth their while: every answer is frequent, and most are compared to the statement
    if count >= CASES {
        for decision in ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"] {
            assert!(comparison.decisions.get(decision).is_some_and(|number| *number as u64 > count / 5), "{decision}");
        }
        assert!(comparison.share("same statements") > 880);
        assert!(comparison.share("left open") < 5 && comparison.share("not answered") < 15);
        let idle = comparison.misreadings.iter().filter(|known| !comparison.misread.contains_key(&known.name));
        let idle: Vec<&str> = idle.map(|known| known.name.as_str()).collect();
        assert!(idle.is_empty(), "the simulator does not misread any more: {idle:?}");
    }
}

#[test]
fn a_layer_that_is_forgotten_is_noticed() {
    let cases: Vec<Case> = (0..700).map(|number| generate::case(SEED, number)).collect();
    let (answers, ()) = Simulator::start().ask(&cases, || ());
    type Forget = fn(&mut Case);
    let forget: [(&str, Forget); 6] = [
        ("the last level", |case| drop(case.scps.pop())),
        ("the policy on the resource", |case| case.on_resource = None),
        ("an identity policy", |case| drop(case.identity.pop())),
        ("the boundary", |case| case.boundary = None),
        ("the session policy", |case| case.session = None),
        ("what the request holds", |case| case.context.clear()),
    ];
    let differing = |forget: Forget| {
        let answers = cases.iter().zip(&answers).filter(|(case, theirs)| {
            let mut case = (*case).clone();
            forget(&mut case);
            matches!(compare(&case.read().decide(), theirs), Outcome::Differ(_))
        });
        answers.count()
    };
    let usual = differing(|_| ());
    for (what, forget) in forget {
        assert!(differing(forget) > usual + 2, "{what}");
    }
}

#[test]
fn the_cases_hold_all_that_policies_can_say() {
    let cases: Vec<Case> = (0..CASES).map(|number| generate::case(SEED, number)).collect();
    assert_eq!(cases.first(), Some(&generate::case(SEED, 0)));
    let text: String = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    for base in keys::OPERATORS.iter().flat_map(|(_, bases)| *bases) {
        for [quantifier, suffix] in [["", ""], ["", "IfExists"], ["ForAllValues:", ""], ["ForAnyValue:", ""]] {
            let operator = format!("{quantifier}{base}{suffix}");
            assert!(Operator::parse(&operator).is_some(), "{operator}");
            assert!(text.contains(&format!("\"{operator}\":")), "{operator}");
        }
    }
    let others = ["Null", "NotAction", "NotResource", "2008-10-17", "${aws:username, 'anonymous'}", "${*}"];
    for part in others {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn every_misreading_names_the_page_that_says_so() {
    let known = misreadings();
    let names: BTreeSet<&str> = known.iter().map(|known| known.name.as_str()).collect();
    assert_eq!(names.len(), known.len());
    for known in &known {
        assert!(known.page.starts_with("https://docs.aws.amazon.com/"), "{}", known.name);
        assert!(!known.says.is_empty() && !known.simulator.is_empty(), "{}", known.name);
    }
}
