#!/usr/bin/env python3
"""Writes managed-policies.json: which of the policies that AWS manages may grant something of Amazon Bedrock.

    managed-policies.py REPOSITORY.git > managed-policies.json

REPOSITORY.git is a clone of github.com/iann0036/iam-dataset, which holds each policy in aws/managedpolicies.
"""

import fnmatch
import json
import subprocess
import sys

FOLDER = "aws/managedpolicies/"
SERVICES = ("bedrock", "bedrock-agentcore", "bedrock-mantle", "bedrock-websearch", "aws-marketplace")


def git(repository, *arguments):
    return subprocess.run(["git", "--git-dir", repository, *arguments], capture_output=True, text=True, check=True).stdout


def listed(value):
    return value if isinstance(value, list) else [value]


def may_grant(statement):
    if statement["Effect"] != "Allow":
        return False
    if "NotAction" in statement:
        return True
    services = (action.split(":")[0].lower() for action in listed(statement.get("Action", [])))
    return any(fnmatch.fnmatch(known, service) for service in services for known in SERVICES)


def main(repository):
    grants, harmless, unread = [], [], []
    for path in git(repository, "ls-tree", "--name-only", "HEAD", FOLDER).split():
        name = path.removeprefix(FOLDER).removesuffix(".json")
        try:
            document = json.loads(git(repository, "show", f"HEAD:{path}"))["document"]
        except subprocess.CalledProcessError:
            unread.append(name)
            continue
        some = any(may_grant(statement) for statement in listed(document["Statement"]))
        (grants if some else harmless).append(name)
    commit, date = git(repository, "log", "-1", "--format=%H %cs").split()
    meta = {
        "what": "policies that AWS manages, by whether a statement of theirs allows an action of " + ", ".join(SERVICES),
        "repo": "iann0036/iam-dataset",
        "commit": commit,
        "date": date,
        "upstream": "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
        "unread": unread,
    }
    json.dump({"meta": meta, "grant_bedrock": sorted(grants), "harmless": sorted(harmless)}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
