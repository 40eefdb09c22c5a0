"""The small machine on AWS: the template is clean, and what comes of it is closed, encrypted, watched and copied."""

import base64
import re
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from tests.ops.aws import Aws, find, lacking
from tests.ops.stack import ROOT

TEMPLATE = ROOT / "k8s" / "cloud" / "cloudformation" / "machine.yaml"
GIVEN = {
    "Domain": "board.example",
    "Email": "ada@board.example",
    "Repository": "https://git.example/board.git",
}
# The simulator has no list of Ubuntu's, and looks the default up even if it is not used.
UBUNTU, IMAGE = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", "/tests/image"


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    lacking("moto_server")
    aws = Aws()
    ec2 = aws.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    aws.client("ssm").put_parameter(Name=IMAGE, Type="String", Value=image)
    ec2.create_key_pair(KeyName="ada")
    yield aws
    aws.stop()


def create(aws: Aws, name: str, **more: str) -> dict[str, str]:
    """Make a stack; return the ids of what is in it."""
    formation = aws.client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in (GIVEN | more).items()]
    body = TEMPLATE.read_text()
    assert UBUNTU in body
    formation.create_stack(
        StackName=name, TemplateBody=body.replace(UBUNTU, IMAGE), Parameters=given, Capabilities=["CAPABILITY_IAM"]
    )
    (made,) = formation.describe_stacks(StackName=name)["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    resources = formation.list_stack_resources(StackName=name)["StackResourceSummaries"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}


@pytest.fixture(scope="module")
def made(aws: Aws) -> dict[str, str]:
    return create(aws, "board")


def test_the_template_is_clean():
    lacking("cfn-lint")
    done = subprocess.run([find("cfn-lint"), "--", TEMPLATE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def ports(aws: Aws, group: str) -> dict[int, list[str]]:
    (found,) = aws.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return {rule["FromPort"]: [each["CidrIp"] for each in rule["IpRanges"]] for rule in found["IpPermissions"]}


def test_ssh_is_closed_unless_a_network_is_said(aws, made):
    everywhere = {80: ["0.0.0.0/0"], 443: ["0.0.0.0/0"]}
    assert ports(aws, made["Firewall"]) == everywhere
    open_to_one = create(aws, "with-ssh", KeyName="ada", AdminNetwork="203.0.113.7/32")
    assert ports(aws, open_to_one["Firewall"]) == everywhere | {22: ["203.0.113.7/32"]}


def test_disks_are_encrypted_and_the_data_disk_is_marked_for_its_copies(aws, made):
    (disk,) = aws.client("ec2").describe_volumes(VolumeIds=[made["Data"]])["Volumes"]
    assert disk["Size"] == 40
    marks = template()["Data"]["Properties"]["Tags"]  # the simulator drops them
    assert {"Key": "board:snapshots", "Value": {"Ref": "AWS::StackName"}} in marks
    policy = template()["Snapshots"]["Properties"]["PolicyDetails"]
    assert policy["TargetTags"] == [{"Key": "board:snapshots", "Value": {"Ref": "AWS::StackName"}}]
    assert policy["Schedules"][0]["RetainRule"]["Count"] >= 7
    (disk,) = template()["Machine"]["Properties"]["BlockDeviceMappings"]
    assert disk["Ebs"]["Encrypted"]
    assert template()["Data"]["Properties"]["Encrypted"]  # the simulator encrypts no disk of a template


def test_the_machine_answers_at_one_address_and_gives_no_pod_its_role(aws, made):
    (address,) = aws.client("ec2").describe_addresses(PublicIps=[made["Address"]])["Addresses"]
    assert address["InstanceId"] == made["Machine"]
    options = template()["MachineTemplate"]["Properties"]["LaunchTemplateData"]["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)


def test_it_sets_itself_up_with_what_was_said(aws, made):
    answer = aws.client("ec2").describe_instance_attribute(InstanceId=made["Machine"], Attribute="userData")
    script = base64.b64decode(answer["UserData"]["Value"]).decode()
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    said = yaml.safe_load(script.split("<<'END'\n")[1].split("\nEND\n")[0])
    assert said == {
        "machine_domain": "board.example",
        "machine_email": "ada@board.example",
        "machine_repository": "https://git.example/board.git",
        "machine_data_volume": made["Data"],
        "machine_backup_target": f":s3,provider=AWS,env_auth=true,region=eu-central-1:{made['Backups']}",
    }
    known = yaml.safe_load((ROOT / "k8s/cloud/ansible/group_vars/all.yaml").read_text())
    assert set(said) <= set(known)
    (playbook,) = re.findall(r"\S+/machine[.]yaml(?= \"\$@\")", script)
    assert (ROOT / playbook).exists()


def test_the_role_may_add_backups_and_no_more(aws, made):
    iam, role = aws.client("iam"), made["MachineRole"]
    document = iam.get_role_policy(RoleName=role, PolicyName="backups")["PolicyDocument"]
    statements = yaml.safe_load(document)["Statement"]  # the simulator's way to write it
    actions = {action for each in statements for action in [each["Action"]] for action in listed(action)}
    assert actions == {"s3:PutObject", "s3:GetObject", "s3:ListBucket"}
    assert {name for each in statements for name in listed(each["Resource"])} == {
        f"arn:aws:s3:::{made['Backups']}",
        f"arn:aws:s3:::{made['Backups']}/*",
    }
    (managed,) = template()["MachineRole"]["Properties"]["ManagedPolicyArns"]  # the simulator attaches none
    assert managed["Sub"].endswith(":policy/AmazonSSMManagedInstanceCore")


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_backups_are_private_encrypted_and_outlive_the_stack(aws, made):
    s3, bucket = aws.client("s3"), made["Backups"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    # The rest the simulator does not keep.
    (statement,) = template()["BackupsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    backups = template()["Backups"]
    assert set(backups["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert backups["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert (backups["DeletionPolicy"], template()["Data"]["DeletionPolicy"]) == ("Retain", "Snapshot")


def test_a_machine_that_fails_is_mended_and_told():
    resources = template()  # the simulator makes no alarms of a template
    for name, metric, action in (("Hardware", "System", "recover"), ("System", "Instance", "reboot")):
        alarm = resources[f"{name}Alarm"]["Properties"]
        assert alarm["MetricName"] == f"StatusCheckFailed_{metric}"
        assert alarm["Dimensions"] == [{"Name": "InstanceId", "Value": {"Ref": "Machine"}}]
        mended, told = alarm["AlarmActions"]
        assert mended == {"Sub": f"arn:${{AWS::Partition}}:automate:${{AWS::Region}}:ec2:{action}"}
        assert told == {"Ref": "Alarms"}


def template() -> dict:
    """The resources of the template, with its short forms of functions written out."""

    class Loader(yaml.SafeLoader):
        pass

    def function(loader: Loader, name: str, node: yaml.Node) -> dict:
        kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
        return {name: kinds[type(node)](node)}

    Loader.add_multi_constructor("!", function)
    return yaml.load(TEMPLATE.read_text(), Loader)["Resources"]
