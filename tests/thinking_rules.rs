//! The rules over thinking, sampling and guardrails: every model of the catalogue with every mode, and what each client
//! makes of its settings.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod judged;

use std::sync::Arc;

use bedrock_lint::adapter::{Adapter, Consumer, Field, Guardrail, ModelField, Purpose, SamplingParameter, Thinking};
use bedrock_lint::bedrock::{
    Accepted, ActionCatalogue, Catalogue, Endpoint, Evidence, Model, Sampling, ThinkingMode, ThinkingStyle,
};
use bedrock_lint::finding::{Applicability, Confidence, Finding, Severity};
use bedrock_lint::formats::{AdapterFact, Facts, FormatOptions};
use bedrock_lint::link::{Pairs, link};
use bedrock_lint::rules;
use bedrock_lint::source::Source;
use bedrock_lint::syntax::Value;
use bedrock_lint::syntax::json;
use bedrock_lint::text::SourceMap;

const RULES: [&str; 4] =
    ["incomplete-guardrail", "invalid-thinking-budget", "thinking-sampling-conflict", "unsupported-thinking"];

fn facts() -> rules::Facts<'static> {
    rules::Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    }
}

fn of_these_rules(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| RULES.contains(&finding.rule)).collect()
}

/// What is found in the metadata of an Unstract adapter.
fn unstract(settings: &str) -> Vec<Finding> {
    let text = format!(r#"{{"adapter_name": "a", "auth_type": "iam_role", "region_name": "us-east-1", {settings}}}"#);
    let verdict = bedrock_lint::lint(&[Arc::new(Source::new("a.json", text))], &FormatOptions::default(), &facts());
    assert!(verdict.problems.is_empty());
    of_these_rules(verdict.findings)
}

/// The one that serves a model; the other would know it by another id.
fn endpoint_of(id: &str) -> Endpoint {
    match Catalogue::builtin().model(id) {
        Some(model) if !model.on_runtime() => Endpoint::BedrockMantle,
        _ => Endpoint::BedrockRuntime,
    }
}

/// What is found in the settings of another client, written as one flat object.
fn of(consumer: Consumer, settings: &str) -> Vec<Finding> {
    let source = Arc::new(Source::new("a.json", settings));
    let document = json::parse(settings, &SourceMap::Verbatim(0)).unwrap().unwrap();
    let get = |key: &str| {
        let entry = document.root.entry(key)?;
        let Value::Scalar(scalar) = &entry.value.value else { panic!("{key} is no scalar") };
        let span = entry.value.span;
        Some(Field { key: entry.key.clone(), value: scalar.text.clone(), kind: scalar.kind, span })
    };
    let mut adapter = Adapter::new(consumer, document.root.span);
    adapter.purpose = Some(Purpose::Llm);
    for (key, stands_behind) in [("model", false), ("small_model", false), ("behind", true)] {
        adapter.models.extend(get(key).map(|field| ModelField {
            id: field.value.clone(),
            endpoint: endpoint_of(field.value.as_str()),
            field,
            purpose: None,
            region: None,
            routed: true,
            stands_behind,
            is_foundation: false,
        }));
    }
    adapter.thinking = Thinking { enabled: None, mode: get("type"), budget: get("budget_tokens"), interleaved: false };
    adapter.max_tokens = get("max_tokens");
    for (parameter, key) in [
        (SamplingParameter::Temperature, "temperature"),
        (SamplingParameter::TopP, "top_p"),
        (SamplingParameter::TopK, "top_k"),
    ] {
        adapter.sampling.extend(get(key).map(|field| (parameter, field)));
    }
    adapter.guardrail = Guardrail { identifier: get("guardrail"), version: get("version"), trace: get("trace") };
    let fact = AdapterFact { source, adapter, example: false, duplicates: Vec::new(), workload: None, whole: true };
    let mut read = Facts::default();
    read.adapters.push(Arc::new(fact));
    of_these_rules(rules::judge(&link(vec![read], &Pairs::default()), &facts()))
}

/// `severity confidence rule: underlined text`.
fn shown(findings: &[Finding]) -> Vec<String> {
    let show = |one: &Finding| {
        let confidence = format!("{:?}", one.confidence).to_lowercase();
        format!("{} {confidence} {}: {}", one.severity, one.rule, one.primary.at.text())
    };
    findings.iter().map(show).collect()
}

#[track_caller]
fn is(findings: Vec<Finding>, expected: &[&str]) {
    assert_eq!(shown(&findings), expected, "{findings:#?}");
}

fn confidence_by(evidence: Evidence) -> Confidence {
    match evidence {
        Evidence::Documented => Confidence::Certain,
        Evidence::Secondary => Confidence::Likely,
        Evidence::Inferred => Confidence::Possible,
    }
}

/// Every name under which a model is called: its own id, and those of its profiles.
fn names(model: &Model) -> impl Iterator<Item = &str> {
    std::iter::once(&*model.id).chain(model.profiles.iter().map(|profile| &*profile.id))
}

#[test]
fn every_model_refuses_the_modes_that_the_catalogue_does_not_list() {
    let mut checked = 0;
    for model in Catalogue::builtin().models() {
        for name in names(model) {
            for mode in
                [ThinkingMode::Enabled, ThinkingMode::Adaptive, ThinkingMode::BetweenTools, ThinkingMode::Disabled]
            {
                let budget = if mode == ThinkingMode::Enabled { r#", "budget_tokens": 2048"# } else { "" };
                let settings = format!(r#"{{"model": "{name}", "type": "{}"{budget}}}"#, mode.as_str());
                let found = of(Consumer::LangChain, &settings);
                let refused = model.thinking.as_ref().filter(|thinking| {
                    !(thinking.accepts(mode) || thinking.modes.is_empty() && mode == ThinkingMode::Disabled)
                });
                let expected = refused.map(|thinking| {
                    let confidence = format!("{:?}", confidence_by(thinking.confidence)).to_lowercase();
                    format!("error {confidence} unsupported-thinking: {}", mode.as_str())
                });
                assert_eq!(shown(&found), expected.into_iter().collect::<Vec<_>>(), "{settings}");
                checked += usize::from(model.thinking.is_some());
            }
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn every_model_answers_to_the_switch_of_unstract() {
    for model in Catalogue::builtin().models() {
        for name in names(model) {
            let found = unstract(&format!(r#""model": "{name}", "enable_thinking": true, "budget_tokens": 2048"#));
            let expected = model.thinking.as_ref().filter(|thinking| !thinking.accepts(ThinkingMode::Enabled));
            let expected = expected.map(|thinking| {
                let confidence = format!("{:?}", confidence_by(thinking.confidence)).to_lowercase();
                // it leaves out what the model does not have at all
                let severity = if thinking.style == ThinkingStyle::None { "warning" } else { "error" };
                format!("{severity} {confidence} unsupported-thinking: true")
            });
            assert_eq!(shown(&found), expected.into_iter().collect::<Vec<_>>(), "{name}");
            let off = unstract(&format!(r#""model": "{name}", "enable_thinking": false, "budget_tokens": 8"#));
            assert_eq!(shown(&off), ["note possible invalid-thinking-budget: 8"], "{name}");
        }
    }
}

/// The values on both sides of every bound.
const VALUES: [f64; 9] = [0.0, 0.1, 0.94, 0.95, 0.98, 0.99, 0.999, 1.0, 2.0];

#[test]
fn every_model_refuses_the_sampling_that_the_catalogue_does_not_take() {
    let mut refusals = 0;
    for model in Catalogue::builtin().models() {
        let limits = model.sampling.as_ref();
        for value in VALUES {
            for (parameter, accepted) in [
                ("temperature", limits.map(|limits| limits.temperature)),
                ("top_p", limits.map(|limits| limits.top_p)),
                ("top_k", limits.map(|limits| limits.top_k)),
            ] {
                let settings = format!(r#"{{"model": "{}", "{parameter}": {value}}}"#, model.id);
                let found = of(Consumer::LangChain, &settings);
                let taken = match accepted {
                    None | Some(Accepted::Any) => true,
                    Some(Accepted::Unset) => false,
                    Some(Accepted::Only(one)) => value == one,
                    Some(Accepted::Range { from, below }) => value >= from && below.is_none_or(|below| value < below),
                };
                assert_eq!(found.is_empty(), taken, "{settings}: {found:#?}");
                refusals += found.len();
                for finding in found {
                    assert_eq!(finding.confidence, confidence_by(limits.unwrap().confidence), "{settings}");
                    assert_eq!(finding.primary.at.text(), value.to_string());
                }
            }
        }
        let both = format!(r#"{{"model": "{}", "temperature": 1, "top_p": 0.99}}"#, model.id);
        let apart = limits.is_some_and(|limits| !limits.together);
        assert_eq!(of(Consumer::LangChain, &both).len(), usize::from(apart), "{both}");
        refusals += usize::from(apart);
    }
    assert!(refusals > 200, "{refusals}");
}

#[test]
fn a_model_that_thinks_takes_less() {
    let limits = Sampling::WHILE_THINKING;
    for mode in ["enabled", "adaptive"] {
        for model in ["us.anthropic.claude-sonnet-4-6", "anthropic.claude-next-9"] {
            let budget = if mode == "enabled" { r#", "budget_tokens": 2048"# } else { "" };
            for value in VALUES {
                let given = |parameter: &str| {
                    let thinking = format!(r#""type": "{mode}"{budget}"#);
                    let settings = format!(r#"{{"model": "{model}", {thinking}, "{parameter}": {value}}}"#);
                    of(Consumer::LangChain, &settings).is_empty()
                };
                assert_eq!(given("temperature"), limits.temperature.takes(value), "{mode} {value}");
                assert_eq!(given("top_p"), limits.top_p.takes(value), "{mode} {value}");
                assert!(!given("top_k"));
            }
        }
    }
    let silent = |settings| assert!(of(Consumer::LangChain, settings).is_empty(), "{settings}");
    silent(r#"{"model": "us.anthropic.claude-sonnet-4-6", "type": "disabled", "temperature": 0.1, "top_k": 5}"#);
    silent(r#"{"model": "us.anthropic.claude-sonnet-4-6", "temperature": 0.1, "top_k": 5}"#);
    silent(r#"{"model": "anthropic.claude-next-9", "temperature": 0.1, "top_p": 0.5, "top_k": 5}"#);
}

#[test]
fn a_refused_mode_hides_what_follows_from_it() {
    is(
        of(
            Consumer::LangChain,
            r#"{"model": "us.anthropic.claude-opus-5", "type": "enabled", "budget_tokens": 8, "max_tokens": 4}"#,
        ),
        &["error certain unsupported-thinking: enabled"],
    );
    is(
        of(
            Consumer::LangChain,
            r#"{"model": "us.amazon.nova-pro-v1:0", "type": "enabled", "budget_tokens": 2048, "temperature": 0.5}"#,
        ),
        &["error likely unsupported-thinking: enabled"],
    );
}

#[test]
fn temperature_and_top_p_are_one_finding() {
    is(
        of(
            Consumer::LangChain,
            r#"{"model": "us.anthropic.claude-haiku-4-5-20251001-v1:0", "temperature": 0.2, "top_p": 0.9}"#,
        ),
        &["error certain thinking-sampling-conflict: 0.9"],
    );
    // the temperature is refused anyway, so that is all there is to say
    is(
        of(Consumer::LangChain, r#"{"model": "us.anthropic.claude-fable-5-1", "temperature": 0.2, "top_p": 0.99}"#),
        &["error certain thinking-sampling-conflict: 0.2"],
    );
    // the model's own refusal is told, not that of thinking as well
    is(
        of(Consumer::LangChain, r#"{"model": "us.anthropic.claude-opus-4-7", "type": "adaptive", "temperature": 0.2}"#),
        &["error likely thinking-sampling-conflict: 0.2"],
    );
}

const SONNET: &str = r#""model": "us.anthropic.claude-sonnet-4-6", "enable_thinking": true"#;

#[test]
fn budgets_of_unstract() {
    let budget = |rest: &str| unstract(&format!("{SONNET}, {rest}"));
    let rule = "invalid-thinking-budget";
    for (settings, expected) in [
        (r#""budget_tokens": 1024, "max_tokens": 1025"#, None),
        (r#""budget_tokens": 1023, "max_tokens": 4096"#, Some("warning certain RULE: 1023")),
        (r#""budget_tokens": -5"#, Some("warning certain RULE: -5")),
        (r#""budget_tokens": 1023, "max_tokens": 1024"#, Some("error certain RULE: 1023")),
        (r#""budget_tokens": 1024, "max_tokens": 1024"#, Some("error certain RULE: 1024")),
        (r#""budget_tokens": 4096, "max_tokens": "4096""#, Some("error certain RULE: 4096")),
        (r#""budget_tokens": 4096, "max_tokens": null"#, None),
        (r#""budget_tokens": 4096, "max_tokens": "${MAX_TOKENS}""#, None),
        (r#""budget_tokens": 4096"#, None),
        (r#""budget_tokens": 1024.0, "max_tokens": 4096"#, None),
        (r#""budget_tokens": 1e3, "max_tokens": 4096"#, Some("error certain RULE: 1e3")),
        (r#""budget_tokens": 1024.5"#, Some("error certain RULE: 1024.5")),
        (r#""budget_tokens": "2048", "max_tokens": 4096"#, Some("error likely RULE: 2048")),
        (r#""budget_tokens": "2048""#, Some("error certain RULE: 2048")),
        (r#""budget_tokens": "many", "max_tokens": 4096"#, Some("error certain RULE: many")),
        (r#""budget_tokens": "", "max_tokens": 4096"#, Some("error certain RULE: budget_tokens")),
        (r#""budget_tokens": "<BUDGET>", "max_tokens": 4096"#, None),
        (r#""budget_tokens": true, "max_tokens": 4096"#, None),
        (r#""budget_tokens": null, "max_tokens": 4096"#, Some("error certain RULE: null")),
        (r#""max_tokens": 4096"#, Some("error certain RULE: true")),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|line| line.replace("RULE", rule)).collect();
        assert_eq!(shown(&budget(settings)), expected, "{settings}");
    }
}

#[test]
fn a_budget_that_nothing_uses_is_a_note_and_merely_possible_beside_a_switch_that_is_off() {
    let model = r#""model": "us.anthropic.claude-sonnet-4-6""#;
    let idle = unstract(&format!(r#"{model}, "budget_tokens": 8, "max_tokens": 4"#));
    is(idle, &["note certain invalid-thinking-budget: 8"]);
    for (switch, expected) in [
        ("false", &["note possible invalid-thinking-budget: 8"][..]),
        ("null", &["note possible invalid-thinking-budget: 8"]),
        ("0", &["note possible invalid-thinking-budget: 8"]),
        ("\"\"", &["note possible invalid-thinking-budget: 8"]),
        ("\"${THINKING}\"", &[]),
    ] {
        let found = unstract(&format!(r#"{model}, "enable_thinking": {switch}, "budget_tokens": 8, "max_tokens": 4"#));
        is(found, expected);
    }
    for switch in ["true", "1", "\"true\"", "\"false\"", "\"${\""] {
        let found = unstract(&format!(r#"{model}, "enable_thinking": {switch}, "budget_tokens": 8, "max_tokens": 4"#));
        is(found, &["error certain invalid-thinking-budget: 8"]);
    }
}

#[test]
fn a_string_that_turns_thinking_on_is_told_with_what_comes_of_it() {
    let refused = unstract(r#""model": "us.anthropic.claude-opus-4-7", "enable_thinking": "false""#);
    let [finding] = refused.as_slice() else { panic!("{refused:#?}") };
    assert!(finding.message.starts_with("the string `false` turns thinking on"), "{}", finding.message);
    let fix = finding.fix.as_ref().unwrap();
    assert_eq!(fix.applicability, Applicability::Safe);
    assert_eq!(
        fix.edits.iter().map(|edit| (edit.at.text(), &*edit.text)).collect::<Vec<_>>(),
        [("\"false\"", "false")]
    );
    let unlimited = unstract(r#""model": "us.anthropic.claude-sonnet-4-6", "enable_thinking": "off""#);
    let [finding] = unlimited.as_slice() else { panic!("{unlimited:#?}") };
    assert!(finding.message.starts_with("the string `off` turns thinking on"), "{}", finding.message);
}

#[test]
fn what_the_switch_becomes_keeps_the_meaning_or_is_only_shown() {
    let fix = |model: &str| {
        let found = unstract(&format!(r#""model": "{model}", "enable_thinking": true, "budget_tokens": 2048"#));
        found.first().unwrap().fix.clone().unwrap().applicability
    };
    assert_eq!(fix("us.anthropic.claude-opus-5"), Applicability::Safe);
    assert_eq!(fix("us.anthropic.claude-opus-4-7"), Applicability::DisplayOnly);
    assert_eq!(fix("us.amazon.nova-pro-v1:0"), Applicability::Safe);
}

const APPLICATION_PROFILE: &str = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";

#[test]
fn behind_an_application_profile_is_what_the_settings_say() {
    let settings = |model: &str, thinking: bool| {
        let model = format!(r#""model": "{model}", "model_id": "{APPLICATION_PROFILE}""#);
        unstract(&format!(r#"{model}, "enable_thinking": {thinking}, "budget_tokens": 2048"#))
    };
    is(settings("us.anthropic.claude-opus-5", true), &["error certain unsupported-thinking: true"]);
    is(settings("us.anthropic.claude-sonnet-4-6", true), &[]);
    is(settings("us.anthropic.claude-opus-5", false), &["note possible invalid-thinking-budget: 2048"]);
    let behind =
        format!(r#"{{"model": "{APPLICATION_PROFILE}", "behind": "anthropic.claude-opus-5", "type": "enabled"}}"#);
    is(of(Consumer::LangChain, &behind), &["error certain unsupported-thinking: enabled"]);
}

#[test]
fn an_application_profile_in_the_place_of_the_model_hides_it() {
    let settings = |rest: &str| unstract(&format!(r#""model": "bedrock/converse/{APPLICATION_PROFILE}"{rest}"#));
    let hidden = format!("warning possible thinking-sampling-conflict: {APPLICATION_PROFILE}");
    is(settings(r#", "enable_thinking": false"#), &[&hidden]);
    is(settings(r#", "enable_thinking": false, "temperature": 0.7"#), &[&hidden]);
    // nothing is sent that is refused
    is(settings(r#", "enable_thinking": false, "temperature": null"#), &[]);
    is(settings(r#", "enable_thinking": false, "temperature": 1"#), &[]);
    is(settings(r#", "enable_thinking": false, "temperature": "${TEMPERATURE}""#), &[]);
    is(settings(r#", "enable_thinking": true, "budget_tokens": 2048"#), &[]);
    // the embedding adapter sends no temperature
    is(settings(r#", "embed_batch_size": 10"#), &[]);
}

#[test]
fn lite_llm_raises_budgets_and_may_translate_and_drop() {
    let found = |settings: &str| of(Consumer::LiteLlm, &format!(r#"{{"model": "us.anthropic.{settings}}}"#));
    is(
        found(r#"claude-sonnet-4-6", "type": "enabled", "budget_tokens": 500, "max_tokens": 4096"#),
        &["warning certain invalid-thinking-budget: 500"],
    );
    is(
        found(r#"claude-sonnet-4-6", "type": "enabled", "budget_tokens": 5000, "max_tokens": 4096"#),
        &["error likely invalid-thinking-budget: 5000"],
    );
    is(
        found(r#"claude-opus-5", "type": "enabled", "budget_tokens": 5000"#),
        &["error possible unsupported-thinking: enabled"],
    );
    is(found(r#"claude-fable-5", "temperature": 0.1"#), &["error likely thinking-sampling-conflict: 0.1"]);
    is(
        found(r#"claude-haiku-4-5-20251001-v1:0", "temperature": 0.1, "top_p": 0.9"#),
        &["error certain thinking-sampling-conflict: 0.9"],
    );
}

#[test]
fn claude_code_uses_a_budget_where_the_model_takes_nothing_else() {
    let found = |model: &str, rest: &str| of(Consumer::ClaudeCode, &format!(r#"{{"model": "{model}", {rest}}}"#));
    let old = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    is(found(old, r#""budget_tokens": "1024", "max_tokens": "4096""#), &[]);
    is(found(old, r#""budget_tokens": "0""#), &[]);
    is(found(old, r#""budget_tokens": "512""#), &["error likely invalid-thinking-budget: 512"]);
    is(
        found(old, r#""budget_tokens": "8000", "max_tokens": "4096""#),
        &["warning likely invalid-thinking-budget: 8000"],
    );
    for adaptive in ["us.anthropic.claude-opus-5", "us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-next-9"] {
        is(found(adaptive, r#""budget_tokens": "8000", "max_tokens": "4096""#), &[]);
    }
    let mixed = r#""small_model": "us.anthropic.claude-haiku-4-5-20251001-v1:0", "budget_tokens": "512""#;
    is(found("us.anthropic.claude-opus-5", mixed), &["error likely invalid-thinking-budget: 512"]);
}

#[test]
fn guardrails_of_unstract() {
    for (settings, expected) in [
        (r#""guardrail_identifier": "ab12", "guardrail_version": "1""#, None),
        (r#""guardrail_identifier": "ab12", "guardrail_version": " DRAFT ""#, None),
        (r#""guardrail_identifier": "ab12", "guardrail_version": "99999999""#, None),
        (r#""guardrail_identifier": "ab12", "guardrail_version": "100000000""#, Some("error certain RULE: 100000000")),
        (r#""guardrail_identifier": "ab12", "guardrail_version": "01""#, Some("error certain RULE: 01")),
        (r#""guardrail_identifier": "ab12", "guardrail_version": "v1""#, Some("error certain RULE: v1")),
        (r#""guardrail_identifier": "ab12", "guardrail_version": 1"#, Some("error certain RULE: 1")),
        (r#""guardrail_identifier": "ab12", "guardrail_version": null"#, Some("error certain RULE: guardrail_version")),
        (r#""guardrail_identifier": "ab12""#, Some("error certain RULE: ab12")),
        (r#""guardrail_identifier": "${GUARDRAIL}""#, Some("error likely RULE: ${GUARDRAIL}")),
        (r#""guardrail_identifier": "ab12", "guardrail_version": "<VERSION>""#, None),
        (r#""guardrail_version": 1"#, Some("note certain RULE: 1")),
        (r#""guardrail_identifier": " ", "guardrail_version": "1""#, Some("note certain RULE: 1")),
        (r#""guardrail_identifier": "", "guardrail_version": """#, None),
        (r#""guardrail_trace": "loud""#, None),
        (
            r#""guardrail_identifier": "a", "guardrail_version": "1", "guardrail_trace": "loud""#,
            Some("error certain RULE: loud"),
        ),
        (
            r#""guardrail_identifier": "a", "guardrail_version": "1", "guardrail_trace": false"#,
            Some("error certain RULE: false"),
        ),
        (r#""guardrail_identifier": "a", "guardrail_version": "1", "guardrail_trace": "enabled_full""#, None),
    ] {
        let found =
            unstract(&format!(r#""model": "us.anthropic.claude-sonnet-4-6", "enable_thinking": false, {settings}"#));
        let expected: Vec<String> =
            expected.into_iter().map(|line| line.replace("RULE", "incomplete-guardrail")).collect();
        assert_eq!(shown(&found), expected, "{settings}");
    }
}

#[test]
fn a_version_is_quoted_by_its_fix() {
    let found = of(Consumer::LibreChat, r#"{"guardrail": "ab12", "version": 7}"#);
    is(found.clone(), &["error likely incomplete-guardrail: 7"]);
    let edit = found.first().and_then(|finding| finding.fix.as_ref()?.edits.first()).unwrap();
    assert_eq!((edit.at.text(), &*edit.text), ("7", "\"7\""));
    assert_eq!(found.first().map(|finding| finding.severity), Some(Severity::Error));
}

#[test]
fn an_answer_has_room_and_no_more_than_the_model_gives() {
    let told = |rest: &str| {
        let text = format!(
            r#"{{"adapter_name": "a", "region_name": "us-east-1", "auth_type": "iam_role", "enable_thinking": false, {rest}}}"#
        );
        let found = judged::findings_in("adapter.json", &text);
        found.into_iter().filter(|one| one.rule == "invalid-max-tokens").collect::<Vec<_>>()
    };
    let mut limited = 0;
    for model in Catalogue::builtin().models() {
        let Some(id) = model.active_profiles().map(|one| &one.id).next() else { continue };
        let with = |tokens: u32| told(&format!(r#""model": "{id}", "max_tokens": {tokens}"#));
        match model.max_output_tokens {
            Some(limit) => {
                limited += 1;
                assert_eq!(shown(&with(limit)), [""; 0], "{id}");
                let over = with(limit + 1);
                let [one] = over.as_slice() else { panic!("{id}: {over:#?}") };
                assert_eq!(one.fix.as_ref().unwrap().edits.first().unwrap().text, limit.to_string());
            }
            None => assert_eq!(shown(&with(u32::MAX)), [""; 0], "{id}"),
        }
    }
    assert!(limited > 10, "{limited}");
    let sonnet = r#""model": "us.anthropic.claude-sonnet-4-6""#;
    for (tokens, count) in [("0", 1), ("-1", 1), ("\"1000000\"", 1), ("1", 0), ("\"${MAX}\"", 0), ("null", 0)] {
        assert_eq!(told(&format!(r#"{sonnet}, "max_tokens": {tokens}"#)).len(), count, "{tokens}");
    }
}
