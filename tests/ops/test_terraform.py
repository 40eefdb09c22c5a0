"""The stack on AWS: valid, applied to a simulator, and what came of it is private, encrypted and backed up."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops import stack as stacks
from tests.ops.stack import STACK, Terraform


@pytest.fixture(scope="session")
def applied(stack: Terraform) -> Terraform:
    """The stack, once all of it is there."""
    assert "Apply complete!" in stack.finished()
    return stack


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Path]:
    """The stack as it is, of which nothing is applied."""
    stacks.needed()
    for path in [*STACK.glob("*.tf"), STACK / ".terraform.lock.hcl"]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def terraform(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "TF_CLI_CONFIG_FILE"}
    return subprocess.run(
        ["terraform", *command],
        cwd=folder,
        env=environment | {"CHECKPOINT_DISABLE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_it_is_formatted():
    stacks.needed()
    done = terraform(STACK, "fmt", "-check", "-diff", "-recursive")
    assert done.returncode == 0, done.stdout


def test_it_is_valid_with_the_locked_provider(bare):
    lock = (bare / ".terraform.lock.hcl").read_text()
    begun = terraform(bare, "init", "-backend=false", "-input=false", f"-plugin-dir={stacks.find_provider()}")
    assert begun.returncode == 0, begun.stdout
    assert (bare / ".terraform.lock.hcl").read_text() == lock
    done = terraform(bare, "validate", "-no-color")
    assert done.returncode == 0, done.stdout
    assert "The configuration is valid" in done.stdout


def test_each_bad_value_gets_a_sentence(stack):
    bad = {
        "domain": ("https://board.example", "without https:// and without a slash"),
        "hosted_zone": ("example.", "without a dot at the end"),
        "network": ("8.8.0.0/16", "Take a private /16"),
        "zones": ("1", "Two zones or three"),
        "operator_networks": ('["0.0.0.0/0"]', "The whole world is none"),
        "operators": ('["jenkins"]', "Each is an ARN"),
        "nodes": ("{least = 1, most = 3}", "At least two nodes"),
        "database_version": ("17.6", "Board needs PostgreSQL 18 or later"),
        "database_gigabytes": ("{first = 5, most = 9}", "At least 20 GB"),
        "backup_days": ("0", "7 to 35 days"),
    }
    options = [f"-var={name}={value}" for name, (value, _) in bad.items()]
    said = " ".join(stack.run("plan", "-refresh=false", "-lock=false", *options, status=1).replace("│", " ").split())
    for name, (_, sentence) in bad.items():
        assert sentence in said, name


def test_a_second_plan_has_nothing_to_do(applied):
    assert "No changes." in applied.run("plan", "-detailed-exitcode")


def test_the_outputs_are_what_the_overlay_needs(applied):
    told = {name: each["value"] for name, each in json.loads(applied.run("output", "-json")).items()}
    assert told["settings"] == {
        "PUBLIC_ORIGIN": "https://board.example.org",
        "STORAGE_URL": "s3://board-pictures-123456789012-eu-central-1",
        "AWS_REGION": "eu-central-1",
    }
    assert told["registry"].endswith(".dkr.ecr.eu-central-1.amazonaws.com/board")
    assert told["database"]["url_secret"] == "board/database-url"
    assert ":secret:" in told["database"]["owner_secret"]
    assert set(told["service_accounts"]) == {"board", "board-backup"}


@pytest.mark.parametrize("kind", ["pictures", "backups"])
def test_a_bucket_is_private_encrypted_versioned_and_by_tls_alone(applied, aws, kind):
    s3, bucket = aws.client("s3"), f"board-{kind}-123456789012-eu-central-1"
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] >= 14
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_database_is_postgresql_18_encrypted_doubled_and_backed_up(applied, aws):
    rds = aws.client("rds")
    (database,) = rds.describe_db_instances()["DBInstances"]
    assert (database["Engine"], database["EngineVersion"].split(".")[0]) == ("postgres", "18")
    assert database["StorageEncrypted"]
    assert database["MultiAZ"]
    assert not database["PubliclyAccessible"]
    assert database["BackupRetentionPeriod"] == 14
    assert database["MasterUserSecret"]["SecretArn"]
    group = database["DBParameterGroups"][0]["DBParameterGroupName"]
    settings = {each["ParameterName"]: each["ParameterValue"] for each in parameters(rds, group)}
    assert settings["rds.force_ssl"] == "1"
    assert settings["random_page_cost"] == "1.1"


def parameters(rds, group: str) -> list[dict]:
    return rds.describe_db_parameters(DBParameterGroupName=group, Source="user")["Parameters"]


def test_only_the_balancer_is_open_and_each_part_lets_in_the_one_before_it(applied, aws):
    ec2 = aws.client("ec2")
    groups = {each["GroupName"]: each for each in ec2.describe_security_groups()["SecurityGroups"]}
    people, nodes, database = (groups[f"board-{name}"] for name in ("balancer", "node", "database"))

    def let_in(group: dict) -> set[tuple]:
        return {
            (rule["FromPort"], *(each["CidrIp"] for each in rule["IpRanges"]), *sources(rule))
            for rule in group["IpPermissions"]
        }

    def sources(rule: dict) -> list[str]:
        return [each["GroupId"] for each in rule["UserIdGroupPairs"]]

    assert let_in(people) == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
    assert let_in(nodes) == {(30080, people["GroupId"])}
    assert let_in(database) == {(5432, nodes["GroupId"])}


def test_a_pod_gets_the_rights_of_its_account_and_no_more(applied, aws):
    iam = aws.client("iam")

    def allowed(account: str) -> set[tuple[str, str]]:
        document = iam.get_role_policy(RoleName=f"board-pod-{account}", PolicyName="buckets")["PolicyDocument"]
        found = set()
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                found |= {(action, each.removeprefix("arn:aws:s3:::board-")) for each in listed(statement["Resource"])}
        return found

    place = "123456789012-eu-central-1"
    files = {(f"s3:{verb}Object", f"pictures-{place}/*") for verb in ("Get", "Put", "Delete")}
    assert allowed("board") == files | {("s3:ListBucket", f"pictures-{place}")}
    assert ("s3:DeleteObject", f"pictures-{place}/*") not in allowed("board-backup")
    trust = iam.get_role(RoleName="board-pod-board")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert "system:serviceaccount:board:board" in trust["Condition"]["StringEquals"].values()


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_images_do_not_move_and_are_scanned(applied, aws):
    (repository,) = aws.client("ecr").describe_repositories()["repositories"]
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"]["scanOnPush"]


def test_nodes_are_private_and_give_no_pod_their_role(applied, aws):
    ec2 = aws.client("ec2")
    (version,) = ec2.describe_launch_template_versions(Versions=["$Latest"])["LaunchTemplateVersions"]
    options = version["LaunchTemplateData"]["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)
    group = aws.client("eks").describe_nodegroup(clusterName="board", nodegroupName="board")["nodegroup"]
    for subnet in group["subnets"]:
        (table,) = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])[
            "RouteTables"
        ]
        (out,) = [route for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
        assert "NatGatewayId" in out


def test_people_come_by_https(applied, aws):
    balancing = aws.client("elbv2")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    listeners = balancing.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    by_port = {each["Port"]: each for each in listeners}
    assert by_port[80]["DefaultActions"][0]["RedirectConfig"]["Protocol"] == "HTTPS"
    assert by_port[443]["Certificates"]
    zone = aws.client("route53").list_hosted_zones()["HostedZones"][0]["Id"]
    records = aws.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (alias,) = [each["AliasTarget"] for each in records if each["Name"] == "board.example.org."]
    assert balancer["DNSName"].lower() in alias["DNSName"].lower()


def test_all_of_it_can_be_taken_down(applied, aws):
    assert "Destroy complete!" in applied.run("destroy", "-auto-approve")
    assert aws.client("rds").describe_db_instances()["DBInstances"] == []
    assert aws.client("s3").list_buckets()["Buckets"] == []
