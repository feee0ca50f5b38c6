#!/usr/bin/env python3
"""Measures bedrock-lint: start-up, a large tree against reading its bytes, peak memory.

    python3 benches/run.py [--runs 15] [--keep DIR] [--against PROGRAM]

Builds the release program, generates the same tree every time, and runs everything side by side, alternating, so that
ratios mean something on a busy machine. Needs Python 3.9 or newer; ripgrep is compared against where it is installed,
and so is another build of bedrock-lint where one is given.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SMALL = ROOT / "fixtures" / "founding" / "profile.json"
READER = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), 'rb') as file:
            file.read()
"""


def policy(rng):
    """A policy about Bedrock; one in three is broken."""
    model = rng.choice(["anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-sonnet-4-6", "amazon.nova-lite-v1:0"])
    region = rng.choice(["*", "*", "us-east-1"])
    account = "111122223333"
    statements = [
        {
            "Effect": "Allow",
            "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            "Resource": [
                f"arn:aws:bedrock:{region}::foundation-model/{model}",
                f"arn:aws:bedrock:us-east-1:{account}:inference-profile/us.{model}",
            ],
        }
    ]
    statements += [
        {"Sid": f"Bucket{n}", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::bucket-{n}/*"}
        for n in range(rng.randrange(30))
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


TERRAFORM = """variable "region" {{
  default = "us-east-1"
}}

locals {{
  models = ["anthropic.claude-sonnet-4-6", "amazon.nova-lite-v1:0"]
}}

data "aws_iam_policy_document" "invoke_{n}" {{
  statement {{
    actions   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    resources = concat(
      formatlist("arn:aws:bedrock:%s::foundation-model/%s", var.region, local.models),
      ["arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6"],
    )
  }}
}}

resource "aws_iam_role_policy" "invoke_{n}" {{
  role   = "service-{n}"
  policy = data.aws_iam_policy_document.invoke_{n}.json
}}
"""

CLOUDFORMATION = """Resources:
  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]}}
      Policies:
        - PolicyName: invoke
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: bedrock:InvokeModel
                Resource:
                  - !Sub arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}:${{AWS::AccountId}}:inference-profile/us.anthropic.claude-sonnet-4-6
                  - !Sub arn:${{AWS::Partition}}:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6
"""

LITELLM = """model_list:
  - model_name: sonnet-{n}
    litellm_params: {{model: bedrock/us.anthropic.claude-sonnet-4-6, aws_region_name: us-west-2}}
  - model_name: lite-{n}
    litellm_params: {{model: bedrock/amazon.nova-lite-v1:0, aws_region_name: us-east-1}}
"""

COMPOSE = """services:
  app-{n}:
    image: app
    environment:
      AWS_REGION: us-east-1
      BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6
"""

PYTHON = """import boto3

client = boto3.client("bedrock-runtime", region_name="us-east-1")


def answer_{n}(text):
    return client.converse(modelId="us.anthropic.claude-sonnet-4-6", messages=[{{"role": "user", "content": [{{"text": text}}]}}])
"""

# files about Bedrock that are no policies: name and content
OTHERS = [
    ("bedrock-{n}.tf", TERRAFORM),
    ("template-{n}.yaml", CLOUDFORMATION),
    ("litellm-{n}.yaml", LITELLM),
    ("compose-{n}.yaml", COMPOSE),
    ("answer_{n}.py", PYTHON),
]


def words(rng, size):
    line = "resource \"aws_s3_bucket\" \"logs_{}\" {{ bucket = \"logs-{}\" tags = {{ team = \"platform\" }} }}\n"
    text = []
    length = 0
    while length < size:
        text.append(line.format(rng.randrange(10**6), rng.randrange(10**6)))
        length += len(text[-1])
    return "".join(text)


def generate(folder):
    """2,000 files, about 20 MB, 334 of them about Bedrock: policies, and every other format in turn."""
    rng = random.Random(20261122)
    names = ["main.tf", "values.yaml", "index.ts", "package.json", "handler.py", "README.md", "policy.json", ".env"]
    total = about = 0
    for number in range(2000):
        place = folder / f"team-{number % 40}" / f"service-{number // 40}"
        place.mkdir(parents=True, exist_ok=True)
        if number % 12 == 0:
            text, name = policy(rng), f"bedrock-{number}.json"
            about += 1
        elif number % 12 == 6:
            name, text = (part.format(n=number) for part in OTHERS[number // 12 % len(OTHERS)])
            about += 1
        elif number % 5 == 0:
            name = f"data-{number}.json"
            text = json.dumps([{"id": rng.randrange(10**9), "name": f"row {n}"} for n in range(300)], indent=1)
        else:
            text, name = words(rng, rng.randrange(2_000, 20_000)), f"{number}-{rng.choice(names)}"
        (place / name).write_text(text)
        total += len(text)
    return total, about


def run(command):
    """Wall seconds, CPU seconds and peak memory in MB of one run."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def compare(commands, runs):
    """Runs all commands in turn, and gives the medians of each."""
    samples = {name: [] for name in commands}
    for name, command in commands.items():
        run(command)
    for _ in range(runs):
        for name, command in commands.items():
            samples[name].append(run(command))
    return {name: tuple(statistics.median(column) for column in zip(*rows)) for name, rows in samples.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=15)
    arguments.add_argument("--keep", type=pathlib.Path, help="generate the tree here and leave it")
    arguments.add_argument("--against", type=pathlib.Path, help="another build of bedrock-lint")
    arguments = arguments.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    program = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "release" / "bedrock-lint"
    folder = arguments.keep or pathlib.Path(tempfile.mkdtemp(prefix="bedrock-lint-bench-"))
    try:
        total, about = generate(folder)
        print(f"tree: 2000 files, {total / 1e6:.1f} MB, {about} about Bedrock; medians of {arguments.runs} runs\n")
        check = [program, "check", "--no-config", "--as-of", "2026-11-22", "--format", "json"]
        commands = {
            "start-up: one small policy": check + [SMALL],
            "start-up: --version": [program, "--version"],
            "tree: bedrock-lint": check + [folder],
            "tree: bedrock-lint --threads 1": check + ["--threads", "1", folder],
            "tree: cat": ["sh", "-c", f"find '{folder}' -type f -print0 | xargs -0 cat"],
            "tree: read in Python": [sys.executable, "-c", READER, folder],
        }
        if arguments.against:
            commands[f"tree: {arguments.against.name}"] = [arguments.against] + check[1:] + [folder]
        if shutil.which("rg"):
            commands["tree: rg -c bedrock"] = ["rg", "-c", "--hidden", "bedrock", folder]
        else:
            print("ripgrep is not installed (Debian: apt-get install ripgrep): not compared\n")
        results = compare(commands, arguments.runs)
        for name, (wall, cpu, peak) in results.items():
            print(f"{name:34} {wall * 1000:8.1f} ms wall {cpu * 1000:8.1f} ms CPU {peak:7.1f} MB")
        ours = results["tree: bedrock-lint"][0]
        print()
        for name, (wall, _, _) in results.items():
            if name.startswith("tree") and name != "tree: bedrock-lint":
                print(f"bedrock-lint / {name[6:]:26} {ours / wall:6.2f}")
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
