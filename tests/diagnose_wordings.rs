//! Error messages as people meet them: real wordings of public threads, in the dress that each client gave them.
//!
//! Half of them served for tuning, the other half only for measuring; which, tells a hash of the thread's address. With
//! `-- --nocapture`, the hit rates are printed.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test fails by panicking")]

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::diagnose::{DiagnoseRequest, Diagnosis, Field, Input, diagnose};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn diagnosed(text: &str) -> Diagnosis {
    let request = DiagnoseRequest { region: None, model: None, as_of: "2026-11-22".parse().unwrap(), files: None };
    let mut reader = text.as_bytes();
    let mut inputs = [Input { name: None, text: &mut reader }];
    diagnose(&mut inputs, &request, Catalogue::builtin()).unwrap()
}

/// What is wrong with the diagnosis of a wording; nothing if it is right.
fn faults(wording: &Value) -> Vec<String> {
    let diagnosis = diagnosed(wording["text"].as_str().unwrap());
    let ids: Vec<&str> = diagnosis.errors.iter().map(|error| &*error.known.id).collect();
    if ids != [wording["id"].as_str().unwrap()] {
        return vec![format!("{ids:?}")];
    }
    let facts = &diagnosis.errors[0].facts;
    let fields = wording["fields"].as_object().unwrap().iter();
    let wrong = fields.filter_map(|(name, wanted)| {
        let read = facts.get(Field::named(name).unwrap());
        (read != wanted.as_str()).then(|| format!("{name}: {read:?} for {wanted}"))
    });
    wrong.collect()
}

#[test]
fn real_wordings_are_diagnosed_rightly() {
    let file: Value = serde_json::from_str(include_str!("diagnose/wordings.json")).unwrap();
    let wordings = file["wordings"].as_array().unwrap();
    assert!(wordings.len() >= 40);
    let (mut right, mut all) = ([0, 0], [0, 0]);
    let mut told = Vec::new();
    for wording in wordings {
        let source = wording["source"].as_str().unwrap();
        let half = usize::from(Sha256::digest(source)[0] % 2);
        let faults = faults(wording);
        all[half] += 1;
        right[half] += usize::from(faults.is_empty());
        if !faults.is_empty() {
            told.push(format!("{source} ({half}): {} wanted: {}", wording["id"], faults.join("; ")));
        }
    }
    let text = told.join("\n");
    println!("tuned on: {} of {}, measured on: {} of {}\n{text}", right[0], all[0], right[1], all[1]);
    assert!(all[0] > 20 && all[1] > 20);
    assert_eq!(right, all, "\n{text}");
}
