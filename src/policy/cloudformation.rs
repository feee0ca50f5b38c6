//! A document as a CloudFormation template in YAML.
//!
//! Sources: AWS CloudFormation User Guide, `AWS::IAM::ManagedPolicy`, `AWS::Organizations::Policy`, `Fn::Sub`.

use super::Kind;
use super::document::{Condition, Document, Statement, Value};
use super::json::effect;

/// What stands for the open account.
const ACCOUNT: &str = "${AWS::AccountId}";

/// The document in a template with one resource, `BedrockPolicy`.
pub(super) fn render(document: &Document, kind: Kind) -> String {
    let mut yaml = Yaml { text: "Resources:\n  BedrockPolicy:\n".to_owned() };
    match kind {
        Kind::Identity => {
            yaml.line(4, "Type: AWS::IAM::ManagedPolicy");
            yaml.line(4, "Properties:");
            yaml.line(6, "PolicyDocument:");
        }
        Kind::Scp => {
            yaml.line(4, "Type: AWS::Organizations::Policy");
            yaml.line(4, "Properties:");
            yaml.line(6, "Name: bedrock-regions");
            yaml.line(6, "Type: SERVICE_CONTROL_POLICY");
            yaml.line(6, "Content:");
        }
    }
    yaml.line(8, "Version: \"2012-10-17\"");
    yaml.line(8, "Statement:");
    for statement in &document.statements {
        yaml.statement(statement);
    }
    yaml.text
}

struct Yaml {
    text: String,
}

impl Yaml {
    fn line(&mut self, indent: usize, line: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn statement(&mut self, statement: &Statement) {
        let actions: Vec<Value> = statement.actions.iter().map(|action| Value::from(action.as_str())).collect();
        self.line(10, &format!("- Sid: {}", statement.sid));
        self.line(12, &format!("Effect: {}", effect(statement.effect)));
        self.entry(12, if statement.negated { "NotAction" } else { "Action" }, &actions);
        self.entry(12, "Resource", &statement.resources);
        if !statement.conditions.is_empty() {
            self.line(12, "Condition:");
        }
        for same in statement.conditions.chunk_by(|one, next| one.operator == next.operator) {
            let Some(Condition { operator, .. }) = same.first() else { continue };
            self.line(14, &format!("{operator}:"));
            for condition in same {
                self.entry(16, condition.key, &condition.values);
            }
        }
    }

    fn entry(&mut self, indent: usize, key: &str, values: &[Value]) {
        match values {
            [one] => self.line(indent, &format!("{key}: {}", scalar(one))),
            many => {
                self.line(indent, &format!("{key}:"));
                for value in many {
                    self.line(indent + 2, &format!("- {}", scalar(value)));
                }
            }
        }
    }
}

/// A string in double quotes, whose escapes in JSON are those of YAML too.
fn scalar(value: &Value) -> String {
    let quoted = |text: String| serde_json::Value::String(text).to_string();
    if value.is_open() {
        // `${!` is how `!Sub` writes `${`
        let text = value.written(ACCOUNT, |text| text.replace("${", "${!"));
        format!("!Sub {}", quoted(text))
    } else {
        quoted(value.written("", str::to_owned))
    }
}
