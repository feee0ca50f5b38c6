//! Workloads and what they are given.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::sync::Arc;

use crate::formats::{Facts, FormatOptions, finish, read};
use crate::source::{Shelf, Source};

fn facts(text: &str) -> Facts {
    let source = Arc::new(Source::new("app.yaml", text));
    let facts = read(&source, &FormatOptions::default(), false);
    assert_eq!(facts.problems, []);
    finish(vec![facts], &Shelf::new(&[source])).remove(0)
}

const CONTAINER: &str = "containers:\n      - name: app\n        env:\n        - {name: AWS_REGION, value: us-west-2}\n        \
     - {name: BEDROCK_MODEL_ID, value: us.anthropic.claude-sonnet-4-6}\n        \
     - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}\n";

#[test]
fn the_environment_of_a_container_is_an_adapter() {
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{namespace: ai}}\nspec:\n  template:\n    spec:\n      \
         serviceAccountName: caller\n      {}",
        CONTAINER.replace("\n      ", "\n        ")
    );
    let pod = format!("apiVersion: v1\nkind: Pod\nspec:\n      {CONTAINER}");
    for (text, account) in [(deployment, Some("caller")), (pod, None)] {
        let facts = facts(&text);
        let fact = &facts.adapters[0];
        let model = &fact.adapter.models[0];
        assert_eq!(model.id.as_str(), "us.anthropic.claude-sonnet-4-6");
        assert_eq!(&text[model.id.span().range()], "us.anthropic.claude-sonnet-4-6");
        assert_eq!(fact.adapter.region.as_ref().unwrap().literal(), Some("us-west-2"));
        assert!(fact.adapter.auth.secret_access_key.as_ref().unwrap().is_filled());
        let workload = fact.workload.as_ref().unwrap();
        assert_eq!(workload.service_account.as_ref().and_then(|name| name.literal()), account);
        assert!(fact.whole);
    }
}

#[test]
fn service_accounts_stand_in_lists_too() {
    let facts = facts(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: caller\n    \
         annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/bedrock\"}\n\
         - apiVersion: v1\n  kind: ServiceAccount\n  metadata: {name: other}\n",
    );
    let roles: Vec<bool> = facts.service_accounts.iter().map(|account| account.role.is_some()).collect();
    assert_eq!(roles, [true, false]);
}

/// Each adapter of the first of these files: its name, the models as underlined in that file, Region, whether that is all.
fn show(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Arc<Source>> = files.iter().map(|(path, text)| Arc::new(Source::new(*path, *text))).collect();
    let read = read(&sources[0], &FormatOptions::default(), true);
    let facts = finish(vec![read], &Shelf::new(&sources)).remove(0);
    assert_eq!(facts.problems, []);
    let adapters = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        let models = adapter.models.iter().map(|model| format!(" {}", &files[0].1[model.id.span().range()]));
        let region = adapter.region.as_ref().map(|region| format!(" in {}", region.literal().unwrap_or("?")));
        let more = if fact.whole { "" } else { " and more" };
        format!(
            "{}:{}{}{more}",
            adapter.name.as_deref().unwrap_or("-"),
            models.collect::<String>(),
            region.unwrap_or_default()
        )
    });
    adapters.collect()
}

const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: app\n    envFrom:\n    - configMapRef: {name: llm}\n    \
                   env:\n    - {name: AWS_REGION, value: us-west-2}\n";
const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: llm}\ndata:\n  BEDROCK_MODEL_ID: amazon.nova-lite-v1:0\n  \
                      AWS_REGION: eu-west-1\n  notes: |\n    one\n    two\n";

#[test]
fn containers_take_from_stores_of_their_file() {
    let text = format!("{POD}---\n{CONFIG}");
    assert_eq!(show(&[("app.yaml", &text)]), ["app: amazon.nova-lite-v1:0 in us-west-2"]);
    // nobody takes it
    assert_eq!(show(&[("app.yaml", CONFIG)]), ["llm: amazon.nova-lite-v1:0 in eu-west-1 and more"]);
    let of_another = text.replace("{name: llm}\ndata", "{name: other}\ndata");
    assert_eq!(show(&[("app.yaml", &of_another)]), ["other: amazon.nova-lite-v1:0 in eu-west-1 and more"]);
    let twice = format!("{text}---\n{CONFIG}");
    assert_eq!(show(&[("app.yaml", &twice)]).len(), 2, "it is not known which one is meant");
}

#[test]
fn containers_take_from_stores_beside_their_file() {
    let beside = ("k8s/config.yaml", CONFIG);
    assert_eq!(show(&[("k8s/app.yaml", POD), beside]), ["app: llm in us-west-2"]);
    assert_eq!(show(&[("k8s/app.yaml", POD), ("other/config.yaml", CONFIG)]), [""; 0]);
    let kustomization = "configMapGenerator:\n- name: llm\n  literals:\n  - BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n";
    assert_eq!(show(&[("k8s/app.yaml", POD), ("k8s/kustomization.yaml", kustomization)]), ["app: llm in us-west-2"]);
}

#[test]
fn keys_of_stores() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: app\n    env:\n    - name: BEDROCK_MODEL_ID\n      \
               valueFrom: {configMapKeyRef: {name: llm, key: model}}\n    - name: AWS_REGION\n      \
               valueFrom: {configMapKeyRef: {name: llm, key: region}}\n";
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: llm}\ndata: {model: amazon.nova-lite-v1:0}\n";
    assert_eq!(
        show(&[("app.yaml", &format!("{pod}---\n{config}"))]),
        ["app: amazon.nova-lite-v1:0 in ?"],
        "the Region's key is not there"
    );
    assert_eq!(show(&[("a/app.yaml", pod), ("a/c.yaml", config)]), ["app: model in ?"]);
    let prefixed = POD.replace("{name: llm}\n", "{name: llm}\n      prefix: LLM_\n");
    assert_eq!(
        show(&[("app.yaml", &format!("{prefixed}---\n{CONFIG}"))]),
        ["app: amazon.nova-lite-v1:0 in ?"],
        "LLM_AWS_REGION differs from AWS_REGION"
    );
}

#[test]
fn secrets_hold_base64() {
    // amazon.nova-lite-v1:0, us-west-2 with a line break, and what is no base64
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: llm}\ndata:\n  \
                BEDROCK_MODEL_ID: YW1hem9uLm5vdmEtbGl0ZS12MTow\n  AWS_REGION: dXMtd2VzdC0yCg==\n  \
                AWS_BEARER_TOKEN_BEDROCK: \"<base64 of the key>\"\nstringData: {X: y}\n";
    let facts = facts(text);
    let adapter = &facts.adapters[0].adapter;
    let model = &adapter.models[0].id;
    assert_eq!(model.literal(), Some("amazon.nova-lite-v1:0"));
    assert_eq!(&text[model.span().range()], "YW1hem9uLm5vdmEtbGl0ZS12MTow");
    assert_eq!(adapter.region.as_ref().unwrap().given(), Some("us-west-2"));
    assert!(adapter.auth.api_key.as_ref().is_some_and(|key| key.literal().is_none()));
    assert_eq!(facts.references.len(), 2, "an edit would have to be encoded");
}

#[test]
fn templates_of_pods_stand_in_kinds_of_others_too() {
    for (kind, path) in [
        ("Service", "spec: {template: {spec: {containers: LIST}}}"),
        ("Rollout", "spec: {template: {spec: {containers: LIST}}}"),
        ("CronJob", "spec: {jobTemplate: {spec: {template: {spec: {containers: LIST}}}}}"),
        ("PodTemplate", "template: {spec: {containers: LIST}}"),
    ] {
        let list = "[{name: a, env: [{name: BEDROCK_MODEL_ID, value: amazon.nova-lite-v1:0}]}]";
        let text = format!("apiVersion: x/v1\nkind: {kind}\n{}\n", path.replace("LIST", list));
        assert_eq!(show(&[("app.yaml", &text)]), ["a: amazon.nova-lite-v1:0"], "{kind}");
    }
}
