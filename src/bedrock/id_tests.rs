use super::*;

fn said(text: &str) -> String {
    match classify_id(Catalogue::builtin(), text) {
        ModelIdKind::Model(model) => format!("model {}", model.id),
        ModelIdKind::Profile(profile) => format!("profile {}", profile.id),
        ModelIdKind::RetiredProfile(profile) => format!("retired {}", profile.id),
        ModelIdKind::UnconfirmedProfile { prefix, model } => {
            format!("unconfirmed {} {}", prefix.name, model.map_or("-", |one| &one.id))
        }
        ModelIdKind::Variant(model) => format!("variant {}", model.id),
        ModelIdKind::Mistake { reason, nearest } => {
            format!("{reason:?} {}", nearest.first().unwrap_or(&"-"))
        }
        ModelIdKind::NearMiss { nearest } => format!("near {}", nearest.first().unwrap_or(&"-")),
        ModelIdKind::Unknown => "unknown".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| said(text) != *expected)
        .map(|(text, expected)| format!("{text:?}: {} instead of {expected}", said(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_listed_id_is_itself() {
    let catalogue = Catalogue::builtin();
    for model in catalogue.models() {
        assert_eq!(said(&model.id), format!("model {}", model.id));
    }
    for profile in catalogue.profiles() {
        let kind = if profile.is_active() { "profile" } else { "retired" };
        assert_eq!(said(&profile.id), format!("{kind} {}", profile.id));
    }
}

#[test]
fn listed_in_other_ways() {
    check(&[
        ("amazon.titan-embed-text-v1:2", "variant amazon.titan-embed-text-v1"),
        ("amazon.titan-embed-text-v1:2:8k", "variant amazon.titan-embed-text-v1"),
        ("cohere.embed-english-v3:0:512", "variant cohere.embed-english-v3"),
        ("anthropic.claude-haiku-4-5", "model anthropic.claude-haiku-4-5"),
        ("us.anthropic.claude-3-haiku-20240307-v1:0", "retired us.anthropic.claude-3-haiku-20240307-v1:0"),
        ("jp.anthropic.claude-sonnet-5", "unconfirmed jp anthropic.claude-sonnet-5"),
        ("apac.amazon.nova-2-pro-preview-20251202-v1:0", "unconfirmed apac -"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "variant anthropic.claude-3-haiku-20240307-v1:0"),
        ("anthropic.claude-v2:0:18k", "variant anthropic.claude-v2"),
        ("anthropic.claude-v2:1:200k", "variant anthropic.claude-v2:1"),
        ("amazon.nova-lite-v1:0:24k", "variant amazon.nova-lite-v1:0"),
        ("amazon.nova-lite-v1:0:mm", "variant amazon.nova-lite-v1:0"),
        ("stability.stable-diffusion-xl-v1:0", "variant stability.stable-diffusion-xl-v1"),
    ]);
}

#[test]
fn newer_than_the_catalogue() {
    for id in [
        "anthropic.claude-sonnet-6",
        "us.anthropic.claude-opus-7",
        "global.anthropic.claude-haiku-6-5",
        "anthropic.claude-opus-5-4",
        "anthropic.claude-haiku-5",
        "anthropic.claude-v3",
        "anthropic.claude-saga-1",
        "amazon.nova-lite-v2:0",
        "amazon.nova-3-lite-v1:0",
        "amazon.nova-line-v1:0",
        "amazon.nova-macro-v1:0",
        "amazon.titan-embed-text-v3:0",
        "meta.llama5-70b-instruct-v1:0",
        "meta.llama3-3-8b-instruct-v1:0",
        "deepseek.v3.3",
        "deepseek.v4",
        "xai.grok-4.8",
        "openai.gpt-7-sol",
        "openai.gpt-6-terra",
        "mistral.mistral-large-2411-v1:0",
        "stability.stable-image-core-v1:2",
        "moonshot.kimi-k4",
        "newvendor.model-v1:0",
        "kr.anthropic.claude-sonnet-4-6",
        // not ids at all
        "my-model",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "anthropic.*",
        "${var.model}",
        "gpt-4o",
        "é.ü-ß",
        ".",
        ":",
        "us.",
    ] {
        assert_eq!(said(id), "unknown", "{id}");
    }
}

#[test]
fn suffixes_and_dates() {
    check(&[
        ("anthropic.claude-sonnet-4-6:0", "InventedVersionSuffix anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-3-5-sonnet-20240621-v1:0", "WrongDate anthropic.claude-3-5-sonnet-20240620-v1:0"),
        ("anthropic.claude-sonnet-4-6-v1:0", "InventedVersionSuffix anthropic.claude-sonnet-4-6"),
        ("us.anthropic.claude-sonnet-4-6-v1:0", "InventedVersionSuffix us.anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-opus-4-6-v1:0", "InventedVersionSuffix anthropic.claude-opus-4-6-v1"),
        ("anthropic.claude-opus-4-6", "MissingVersionSuffix anthropic.claude-opus-4-6-v1"),
        ("anthropic.claude-sonnet-4-5", "MissingVersionSuffix anthropic.claude-sonnet-4-5-20250929-v1:0"),
        (
            "us.anthropic.claude-sonnet-4-5-20250929",
            "MissingVersionSuffix us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        ),
        ("us.anthropic.claude-haiku-4-5", "MissingVersionSuffix us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("anthropic.claude-haiku-4-5-v1:0", "MissingVersionSuffix anthropic.claude-haiku-4-5-20251001-v1:0"),
    ]);
}

/// What a bare id is in an ARN of `bedrock`.
#[test]
fn ids_of_the_other_endpoint() {
    let catalogue = Catalogue::builtin();
    for (id, expected) in [
        ("anthropic.claude-haiku-4-5", &["anthropic.claude-haiku-4-5-20251001-v1:0"]),
        ("openai.gpt-oss-120b", &["openai.gpt-oss-120b-1:0"]),
        ("qwen.qwen3-32b", &["qwen.qwen3-32b-v1:0"]),
        ("anthropic.claude-haiku-4.5", &["anthropic.claude-haiku-4-5-20251001-v1:0"]),
    ] {
        let (ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest }) =
            classify_runtime_id(catalogue, id)
        else {
            assert_eq!(id, "", "not a mistake");
            continue;
        };
        assert_eq!(nearest, expected, "{id}");
    }
    for id in ["anthropic.claude-mythos-preview", "xai.grok-4.3", "anthropic.claude-sonnet-4-6"] {
        assert!(matches!(classify_runtime_id(catalogue, id), ModelIdKind::Model(model) if *model.id == *id), "{id}");
    }
}

#[test]
fn more_suffixes() {
    check(&[
        ("amazon.nova-lite", "MissingVersionSuffix amazon.nova-lite-v1:0"),
        ("eu.amazon.nova-lite-v1", "MissingVersionSuffix eu.amazon.nova-lite-v1:0"),
        ("openai.gpt-oss-120b-v1:0", "InventedVersionSuffix openai.gpt-oss-120b-1:0"),
        (
            "anthropic.claude-3-5-sonnet-20241022-v1:0",
            "InventedVersionSuffix anthropic.claude-3-5-sonnet-20241022-v2:0",
        ),
        ("anthropic.claude-sonnet-4-6-20250514-v1:0", "WrongDate anthropic.claude-sonnet-4-6"),
        ("us.anthropic.claude-haiku-4-5-20250101-v1:0", "WrongDate us.anthropic.claude-haiku-4-5-20251001-v1:0"),
    ]);
}

#[test]
fn prefixes() {
    check(&[
        ("us.eu.anthropic.claude-sonnet-4-6-v1:0", "DoubledPrefix us.anthropic.claude-sonnet-4-6"),
        ("us.us.anthropic.claude-sonnet-4-6", "DoubledPrefix us.anthropic.claude-sonnet-4-6"),
        ("us.global.anthropic.claude-sonnet-4-6", "DoubledPrefix us.anthropic.claude-sonnet-4-6"),
        ("us.us.anthropic.claude-opus-7", "DoubledPrefix -"),
        ("na.anthropic.claude-sonnet-4-6", "UnknownPrefix us.anthropic.claude-sonnet-4-6"),
        ("ap.amazon.nova-lite-v1:0", "UnknownPrefix apac.amazon.nova-lite-v1:0"),
        ("eu-north-1.anthropic.claude-sonnet-4-6", "UnknownPrefix eu.anthropic.claude-sonnet-4-6"),
        ("gobal.anthropic.claude-sonnet-4-6", "near global.anthropic.claude-sonnet-4-6"),
        ("au.amazon.nova-lite-v1:0", "WrongPrefix apac.amazon.nova-lite-v1:0"),
        ("eu.meta.llama3-3-70b-instruct-v1:0", "WrongPrefix us.meta.llama3-3-70b-instruct-v1:0"),
        ("US.anthropic.claude-sonnet-4-6", "WrongCase us.anthropic.claude-sonnet-4-6"),
    ]);
}

#[test]
fn blanks_and_other_spellings() {
    check(&[
        ("", "Blank -"),
        ("  ", "Blank -"),
        (" amazon.nova-lite-v1:0", "Whitespace amazon.nova-lite-v1:0"),
        ("amazon.nova-lite-v1 :0\n", "Whitespace amazon.nova-lite-v1:0"),
        ("Claude Sonnet 4.6", "DisplayName anthropic.claude-sonnet-4-6"),
        ("anthropic claude sonnet 4.6", "DisplayName anthropic.claude-sonnet-4-6"),
        ("claude-sonnet-4-6@20250514", "ForeignSpelling anthropic.claude-sonnet-4-6"),
        ("claude-haiku-4-5-20251001", "ForeignSpelling anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("claude-haiku-4-5@20251001", "ForeignSpelling anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("anthropic/claude-sonnet-4-6", "ForeignSpelling anthropic.claude-sonnet-4-6"),
        ("anthropic/claude-sonnet-4.5", "ForeignSpelling anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("claude-3-5-haiku-latest", "ForeignSpelling anthropic.claude-3-5-haiku-20241022-v1:0"),
        ("Anthropic.Claude-Sonnet-4-6", "WrongCase anthropic.claude-sonnet-4-6"),
        ("some model", "unknown"),
    ]);
}

#[test]
fn misspellings() {
    check(&[
        ("amazon.nova-lite-1:0", "near amazon.nova-lite-v1:0"),
        ("antropic.claude-sonnet-4-6", "near anthropic.claude-sonnet-4-6"),
        ("us.antropic.claude-sonnet-4-6", "near us.anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-hiaku-4-5-20251001-v1:0", "near anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us.anthropic.claude-sonet-4-5-20250929-v1:0", "near us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("anthropic.claude-sonnet-4.6", "near anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-sonnet-3-5-20241022-v2:0", "near anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ("anthropic-claude-sonnet-4-6", "near anthropic.claude-sonnet-4-6"),
        ("mistralai.mistral-large-2402-v1:0", "near mistral.mistral-large-2402-v1:0"),
        ("meta.lama3-3-70b-instruct-v1:0", "near meta.llama3-3-70b-instruct-v1:0"),
    ]);
}

#[test]
fn what_is_offered_is_listed_and_short() {
    let catalogue = Catalogue::builtin();
    for text in
        ["us.us.anthropic.claude-sonnet-4-6", "anthropic.claude", "claude-3-5-sonnet", "au.amazon.nova-lite-v1:0"]
    {
        let (ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest }) = classify_id(catalogue, text)
        else {
            assert_eq!(said(text), "a mistake");
            continue;
        };
        assert!((1..=3).contains(&nearest.len()), "{text}: {nearest:?}");
        for id in nearest {
            assert!(catalogue.model(id).is_some() || catalogue.profile(id).is_some(), "{id}");
        }
    }
}

/// A version that nobody has listed yet is not a mistake, whatever the model.
#[test]
fn the_next_version_of_every_model_is_unknown() {
    let catalogue = Catalogue::builtin();
    for model in catalogue.models() {
        let (stem, rest) = match model.id.rsplit_once("-v") {
            Some((stem, rest)) => (stem, format!("-v{rest}")),
            None => (model.id.as_ref(), String::new()),
        };
        let dated = stem.rsplit('-').next().is_some_and(|last| last.len() == 8);
        let digit = stem.rfind(|one: char| one.is_ascii_digit());
        let Some(digit) = digit.filter(|_| !dated) else {
            continue;
        };
        let (front, back) = stem.split_at_checked(digit).unwrap_or_default();
        let next = format!("{front}77{}{rest}", back.get(1..).unwrap_or_default());
        assert_eq!(said(&next), "unknown", "{next}");
        assert_eq!(said(&format!("us.{next}")), "unknown", "us.{next}");
    }
}

/// No string makes it fail: every id cut short, doubled, and with odd characters.
#[test]
fn broken_ids_are_answered() {
    for model in Catalogue::builtin().models().step_by(7) {
        for (at, _) in model.id.char_indices() {
            let (front, back) = model.id.split_at_checked(at).unwrap_or_default();
            for text in [front.to_owned(), back.to_owned(), format!("{front}é:.-{back}")] {
                let _ = said(&text);
            }
        }
    }
}
